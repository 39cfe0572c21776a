"""In which order samples are read, drawing the numbers that torch draws."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any, Generic, TypeVar

from scratch.dtypes import float64
from scratch.ops.creation import as_tensor
from scratch.ops.filling import chosen
from scratch.ops.variates import multinomial
from scratch.random import Generator, default_generator

T_co = TypeVar("T_co", covariant=True)


class Sampler(Generic[T_co]):
    """An iterable of indices; subclasses say `__iter__`, and `__len__` where
    the length is known."""

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError


class SequentialSampler(Sampler[int]):
    """0, 1, 2, ..."""

    def __init__(self, data_source: Sized):
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """Every index once in a random order, or indices drawn with replacement.

    Without a generator of its own, each pass draws one seed from the default
    generator, and its order from a private one with that seed.
    """

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Generator | None = None,
    ):
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        _expect_bool("replacement", replacement, TypeError)
        if not isinstance(self.num_samples, int) or self.num_samples <= 0:
            _refuse("num_samples", "positive integer", self.num_samples)

    @property
    def num_samples(self) -> int:
        """How many indices a pass gives: as many as there are, or as told."""
        if self._num_samples is None:  # the data set may grow between passes
            return len(self.data_source)
        return self._num_samples

    def __iter__(self) -> Iterator[int]:
        n, count = len(self.data_source), self.num_samples
        generator = self.generator
        if generator is None:
            seed = int(default_generator.random(()))
            generator = Generator().manual_seed(seed)
        generator = chosen(generator, "randperm")
        if self.replacement:
            for start in range(0, count // 32 * 32 + 1, 32):
                size = min(32, count - start)  # torch: an empty last draw
                yield from generator.randint(size, 0, n).tolist()
            return
        for _ in range(count // n):
            yield from generator.randperm(n).tolist()
        # torch: the rest is drawn even where there is none, as the pass ends
        yield from generator.randperm(n).tolist()[: count % n]

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """The given indices in a random order."""

    def __init__(
        self, indices: Sequence[int], generator: Generator | None = None
    ):
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        generator = chosen(self.generator, "randperm")
        for i in generator.randperm(len(self.indices)).tolist():
            yield self.indices[i]

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """Indices drawn with P(i) = weights[i] / Σ weights."""

    def __init__(
        self,
        weights: Sequence[float],
        num_samples: int,
        replacement: bool = True,
        generator: Generator | None = None,
    ):
        _expect_positive("num_samples", num_samples)
        _expect_bool("replacement", replacement)
        self.weights = as_tensor(weights, dtype=float64)
        if self.weights.ndim != 1:
            raise ValueError(
                "weights should be a 1d sequence but given weights have shape "
                f"{tuple(self.weights.shape)}"
            )
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        generator = chosen(self.generator, "randperm")
        yield from multinomial(
            self.weights,
            self.num_samples,
            self.replacement,
            generator=generator,
        ).tolist()

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """Another sampler's indices in lists of `batch_size`."""

    def __init__(
        self,
        sampler: Sampler[int] | Iterable[int],
        batch_size: int,
        drop_last: bool,
    ):
        _expect_positive("batch_size", batch_size)
        _expect_bool("drop_last", drop_last)
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        indices = iter(self.sampler)
        while batch := list(itertools.islice(indices, self.batch_size)):
            if len(batch) < self.batch_size and self.drop_last:
                return
            yield batch

    def __len__(self) -> int:
        full, rest = divmod(len(self.sampler), self.batch_size)  # type: ignore[arg-type]
        return full + (rest > 0 and not self.drop_last)


def _expect_positive(name: str, value: Any) -> None:
    if type(value) is bool or not isinstance(value, int) or value <= 0:
        _refuse(name, "positive integer", value)


def _expect_bool(
    name: str, value: Any, error: type[Exception] = ValueError
) -> None:
    if not isinstance(value, bool):
        _refuse(name, "boolean", value, error)


def _refuse(
    name: str, wanted: str, value: Any, error: type[Exception] = ValueError
) -> None:
    raise error(f"{name} should be a {wanted} value, but got {name}={value}")
