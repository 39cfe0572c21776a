"""The DataLoader: batches of a data set, in torch's order from the same seed.

A pass (`iter(loader)`) draws one base seed for workers, even without any; the
sampler draws when the first batch is asked for. With workers the first
requests go out at once, so the sampler draws then.
"""

from __future__ import annotations

import multiprocessing
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from scratch.ops.filling import chosen
from scratch.random import Generator
from scratch.utils.data.collate import default_collate, default_convert
from scratch.utils.data.dataset import Dataset, IterableDataset
from scratch.utils.data.pool import Pool
from scratch.utils.data.sampler import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
)
from scratch.utils.data.worker import Task, get_worker_info  # noqa: F401 (torch: here too)

T_co = TypeVar("T_co", covariant=True)
FIXED = {
    "batch_size", "batch_sampler", "sampler", "drop_last", "dataset",
    "persistent_workers",
}  # fmt: skip


class _Endless(Sampler[None]):
    """The sampler of a stream: as many Nones as are asked for."""

    def __iter__(self) -> Iterator[None]:
        while True:
            yield None


class DataLoader(Generic[T_co]):
    """A data set in batches: `for x, labels in loader`.

    dataset → sampler (indices) → batch_sampler (lists of them) → the samples
    → collate_fn → the batch, in this process or in `num_workers` others.
    """

    _ready = False

    def __init__(
        self,
        dataset: Dataset[T_co],
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Sampler | Iterable | None = None,
        batch_sampler: Sampler[list] | Iterable[list] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[list], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], None] | None = None,
        multiprocessing_context: Any = None,
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ):
        _check_workers(
            num_workers, timeout, prefetch_factor, persistent_workers
        )
        if num_workers and prefetch_factor is None:
            prefetch_factor = 2
        streaming = isinstance(dataset, IterableDataset)
        if streaming:
            _refuse_order(shuffle, sampler, batch_sampler)
        if sampler is not None and shuffle:
            raise ValueError(
                "sampler option is mutually exclusive with shuffle"
            )
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    "batch_sampler option is mutually exclusive with "
                    "batch_size, shuffle, sampler, and drop_last"
                )
            batch_size = None
        elif batch_size is None and drop_last:
            raise ValueError(
                "batch_size=None option disables auto-batching and is "
                "mutually exclusive with drop_last"
            )
        self.dataset = dataset
        self.num_workers = num_workers
        self.prefetch_factor = prefetch_factor
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.in_order = in_order
        if sampler is None:
            sampler = _default_sampler(dataset, streaming, shuffle, generator)
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.generator = generator
        batched = batch_sampler is not None
        default = default_collate if batched else default_convert
        self.collate_fn = collate_fn or default
        self.persistent_workers = persistent_workers
        self._told_length: int | None = None
        self._iterator: _BaseDataLoaderIter | None = None
        self._ready = True
        self.check_worker_number_rationality()

    def __setattr__(self, name: str, value: Any) -> None:
        if self._ready and name in FIXED:
            raise ValueError(
                f"{name} attribute should not be set after "
                f"{type(self).__name__} is initialized"
            )
        super().__setattr__(name, value)

    @property
    def multiprocessing_context(self) -> Any:
        """How workers are started; None for the system's own way."""
        return self._context

    @multiprocessing_context.setter
    def multiprocessing_context(self, context: Any) -> None:
        self._context = _checked_context(context, self.num_workers)

    @property
    def _index_sampler(self) -> Any:
        if self.batch_sampler is None:
            return self.sampler
        return self.batch_sampler

    def __iter__(self) -> _BaseDataLoaderIter:
        if self.timeout and not self.num_workers:
            raise AssertionError(
                f"timeout={self.timeout}: without workers nobody is waited "
                "for, so timeout must be 0")
        if not self.persistent_workers:
            return self._get_iterator()
        if self._iterator is None:
            self._iterator = self._get_iterator()
        else:
            self._iterator._reset(self)
        return self._iterator

    def _get_iterator(self) -> _BaseDataLoaderIter:
        if self.num_workers == 0:
            return _SingleProcessDataLoaderIter(self)
        return _MultiProcessingDataLoaderIter(self)

    def __len__(self) -> int:
        if not isinstance(self.dataset, IterableDataset):
            return len(self._index_sampler)
        length = self._told_length = len(self.dataset)  # type: ignore[arg-type]
        if self.batch_size is None:
            return length
        full, rest = divmod(length, self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    def check_worker_number_rationality(self) -> None:
        """Warn of more workers than this process has processors."""
        processors = len(os.sched_getaffinity(0))
        if self.num_workers > processors:
            warnings.warn(
                f"This DataLoader will create {self.num_workers} worker "
                "processes in total. Our suggested max number of worker in "
                f"current system is {processors}, which is smaller than what "
                "this DataLoader is going to create. Please be aware that "
                "excessive worker creation might get DataLoader running slow "
                "or even freeze, lower the worker number to avoid potential "
                "slowness/freeze if necessary.",
                stacklevel=3,
            )


class _BaseDataLoaderIter:
    """One pass over a loader's data set: what `iter(loader)` gives."""

    def __init__(self, loader: DataLoader):
        self._dataset = loader.dataset
        self._sampler = loader._index_sampler
        self._indices = iter(self._sampler)
        generator = chosen(loader.generator, "random_")
        self._base_seed = int(generator.random(()))
        if loader.pin_memory:
            warnings.warn(
                "'pin_memory' argument is set as true but no accelerator is "
                "found, then device pinned memory won't be used.",
                stacklevel=3,
            )
        batched = loader.batch_sampler is not None
        self._task = Task(
            loader.dataset, batched, loader.collate_fn, loader.drop_last
        )
        self._given, self._told_length = 0, loader._told_length

    def _reset(self, loader: DataLoader) -> None:
        """A new pass."""
        self._given, self._told_length = 0, loader._told_length
        self._indices = iter(self._sampler)

    def _next_data(self) -> Any:
        """The next batch."""
        raise NotImplementedError

    def __iter__(self) -> _BaseDataLoaderIter:
        return self

    def __len__(self) -> int:
        return len(self._sampler)

    def __next__(self) -> Any:
        batch = self._next_data()
        self._given += 1
        if self._told_length is not None and self._given > self._told_length:
            warnings.warn(
                f"Length of IterableDataset {self._dataset} was reported to be "
                f"{self._told_length}(when accessing len(dataloader)), but "
                f"{self._given} samples have been fetched. ",
                stacklevel=2,
            )
        return batch


class _SingleProcessDataLoaderIter(_BaseDataLoaderIter):
    """A pass whose batches this process fetches."""

    def __init__(self, loader: DataLoader):
        super().__init__(loader)
        self._fetch = self._task.fetcher()

    def _next_data(self) -> Any:
        return self._fetch(next(self._indices))


class _MultiProcessingDataLoaderIter(_BaseDataLoaderIter):
    """A pass whose batches workers fetch, which may serve several passes."""

    def __init__(self, loader: DataLoader):
        super().__init__(loader)
        self._pool = Pool(loader, self._task, self._base_seed)
        self._indices = iter(self._sampler)  # torch: once more
        self._pool.begin(self._indices)

    def _reset(self, loader: DataLoader) -> None:
        super()._reset(loader)
        self._pool.begin(self._indices, again=True)

    def _next_data(self) -> Any:
        return self._pool.next()


def _default_sampler(
    dataset: Any, streaming: bool, shuffle: bool | None, generator: Any
) -> Sampler:
    if streaming:
        return _Endless()
    if shuffle:
        return RandomSampler(dataset, generator=generator)
    return SequentialSampler(dataset)


def _check_workers(
    workers: int, timeout: float, prefetch: int | None, persistent: bool
) -> None:
    """The four options about other processes fit together."""
    if workers < 0:
        raise ValueError(
            "num_workers option should be non-negative; use num_workers=0 to "
            "disable multiprocessing."
        )
    if timeout < 0:
        raise ValueError("timeout option should be non-negative")
    if workers == 0 and prefetch is not None:
        raise ValueError(
            "prefetch_factor option could only be specified in "
            "multiprocessing.let num_workers > 0 to enable multiprocessing, "
            "otherwise set prefetch_factor to None."
        )
    if prefetch is not None and prefetch < 0:
        raise ValueError("prefetch_factor option should be non-negative")
    if persistent and workers == 0:
        raise ValueError("persistent_workers option needs num_workers > 0")


def _refuse_order(shuffle: Any, sampler: Any, batch_sampler: Any) -> None:
    """A stream has its own order."""
    options = [("shuffle", shuffle), ("sampler", sampler)]
    options += [("batch_sampler", batch_sampler)]
    for name, value in options:
        if value is not None and value is not False:
            raise ValueError(
                "DataLoader with IterableDataset: expected unspecified "
                f"{name} option, but got {name}={value}"
            )


def _checked_context(context: Any, workers: int) -> Any:
    """A start method by its name, or a context as it is."""
    if context is None:
        return None
    if workers == 0:
        raise ValueError(
            "multiprocessing_context can only be used with multi-process "
            f"loading (num_workers > 0), but got num_workers={workers}"
        )
    if isinstance(context, str):
        known = multiprocessing.get_all_start_methods()
        if context not in known:
            raise ValueError(
                "multiprocessing_context option should specify a valid start "
                f"method in {known!r}, but got "
                f"multiprocessing_context={context!r}"
            )
        return multiprocessing.get_context(context)
    if not isinstance(context, multiprocessing.context.BaseContext):
        raise TypeError(
            "multiprocessing_context option should be a valid context object "
            "or a string specifying the start method, but got "
            f"multiprocessing_context={context}"
        )
    return context
