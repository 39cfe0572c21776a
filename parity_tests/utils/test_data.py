"""Loaders, samplers and data sets give torch's batches from the same seed."""

import multiprocessing
import os
import random
import signal
import time
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
import torch
import torch.utils.data as theirs
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.utils.data as ours

X = np.arange(46, dtype=np.float32).reshape(23, 2)
Y = np.arange(23)
SIDES = [(scratch, ours), (torch, theirs)]
Point = namedtuple("Point", ["x", "y"])


def plain(batch):
    """A batch as containers of lists, to be compared across the sides."""
    if isinstance(batch, scratch.Tensor | torch.Tensor):
        return str(batch.dtype), batch.tolist()
    if isinstance(batch, dict):
        return {key: plain(value) for key, value in batch.items()}
    if isinstance(batch, list | tuple):
        return type(batch).__name__, [plain(item) for item in batch]
    return batch


def same(make, seed=0, passes=2):
    """make(library, data) gives a loader or sampler: the same on both sides,
    and both default generators stand at the same place afterwards."""
    seen = []
    for library, data in SIDES:
        library.manual_seed(seed)
        loader = make(library, data)
        batches = [[plain(b) for b in loader] for _ in range(passes)]
        seen.append((batches, library.get_rng_state().numpy().tobytes()))
    assert seen[0][0] == seen[1][0]
    assert seen[0][1] == seen[1][1], "the generators stand at other places"
    return seen[0][0]


def refused(call, error=None):
    """Both sides raise the same class; ours says something."""
    caught = []
    for library, data in SIDES:
        with pytest.raises(Exception) as info:  # noqa: B017
            call(library, data)
        caught.append(info)
    assert caught[0].type is caught[1].type
    assert error in (None, caught[0].type) and str(caught[0].value)
    return str(caught[0].value)


def numbers(library, data):
    tensors = library.tensor(X), library.tensor(Y)
    return data.TensorDataset(*tensors)


def sampler_of(kind, data, dataset, generator):
    """One sampler of each kind."""
    weights = [1.0, 2.0, 3.0] * 7 + [0.0, 1.0]
    return {
        "none": lambda: None,
        "replaced": lambda: data.RandomSampler(dataset, True, 40, generator),
        "long": lambda: data.RandomSampler(dataset, False, 50, generator),
        "weighted": lambda: data.WeightedRandomSampler(
            weights, 19, True, generator
        ),
        "weighted once": lambda: data.WeightedRandomSampler(
            weights, 19, False, generator
        ),
        "subset": lambda: data.SubsetRandomSampler([3, 1, 4, 15], generator),
    }[kind]()


def loaders(workers):
    kinds = ["none", "none", "none", "replaced", "long", "weighted"]
    return st.fixed_dictionaries(
        {
            "workers": st.just(workers),
            "kind": st.sampled_from([*kinds, "weighted once", "subset"]),
            "shuffle": st.booleans(),
            "drop_last": st.booleans(),
            "own": st.booleans(),
            "size": st.sampled_from([None, 1, 4, 23, 30]),
            "seed": st.integers(0, 2**63),
            "keep": st.booleans(),
        }
    )


def check_loader(draw):
    def make(library, data):
        dataset = numbers(library, data)
        own = library.Generator().manual_seed(5) if draw["own"] else None
        sampler = sampler_of(draw["kind"], data, dataset, own)
        return data.DataLoader(
            dataset,
            draw["size"],
            shuffle=draw["shuffle"] if sampler is None else None,
            sampler=sampler,
            drop_last=draw["drop_last"] and draw["size"] is not None,
            generator=own,
            num_workers=draw["workers"],
            persistent_workers=draw["keep"] and draw["workers"] > 0,
        )

    same(make, draw["seed"])


@given(loaders(workers=0))
def test_a_loader_gives_torchs_batches(draw):
    check_loader(draw)


@pytest.mark.parametrize("kind", ["none", "replaced"])
@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_loader_with_workers_gives_torchs_batches(kind, shuffle, workers):
    own = workers == 1
    check_loader(
        dict(workers=workers, kind=kind, shuffle=shuffle, drop_last=shuffle)
        | dict(own=own, size=4, seed=7, keep=not own)
    )


@pytest.mark.intense
@given(st.integers(1, 2).flatmap(loaders))
def test_any_loader_with_workers_gives_torchs_batches(draw):
    check_loader(draw)


def test_a_batch_sampler_says_which_samples_go_together():
    lists = [[0, 1], [5], [22, 3, 3], [-1]]
    same(
        lambda library, data: data.DataLoader(
            numbers(library, data), batch_sampler=lists
        )
    )


def test_a_loader_can_be_restarted_in_the_middle():
    for library, data in SIDES:
        library.manual_seed(3)
        loader = data.DataLoader(numbers(library, data), 4, shuffle=True)
        first = plain(next(iter(loader)))
        again = [plain(batch) for batch in loader]
        if library is scratch:
            kept = first, again
    assert kept == (first, again)


class Dice(ours.Dataset):
    """Samples that show every source of random numbers."""

    def __init__(self, library):
        self.library = library

    def __getitem__(self, index):
        drawn = self.library.rand(2).tolist()
        return index, random.random(), np.random.rand(), drawn

    def __len__(self):
        return 9


@pytest.mark.parametrize("workers", [0, 2])
def test_workers_seed_every_source_of_numbers_as_torch_does(workers):
    random.seed(0)
    np.random.seed(0)
    if workers:
        same(
            lambda library, data: data.DataLoader(
                Dice(library), 2, num_workers=workers
            )
        )


class Stream:
    """Numbers, shared out among the workers; made of either side's base."""

    def __new__(cls, data):
        def samples(self):
            info = data.get_worker_info()
            place, of = (info.id, info.num_workers) if info else (0, 1)
            return iter(range(place, 11, of))

        kind = type("Numbers", (data.IterableDataset,), {"__iter__": samples})
        return kind()


@pytest.mark.parametrize("size", [None, 3])
@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("workers", [0, 1])
def test_a_stream_is_read_to_its_end(size, drop_last, workers):
    same(
        lambda library, data: data.DataLoader(
            Stream(data),
            size,
            drop_last=drop_last and size is not None,
            num_workers=workers,
        )
    )


def test_two_workers_share_a_stream():
    loader = ours.DataLoader(Stream(ours), None, num_workers=2)
    assert sorted(int(x) for x in loader) == list(range(11))


def test_streams_one_after_the_other():
    same(
        lambda library, data: data.DataLoader(
            data.ChainDataset([Stream(data), Stream(data)]), 4
        )
    )


class Broken(ours.Dataset):
    """A sample that raises."""

    def __init__(self, error):
        self.error = error

    def __getitem__(self, index):
        if index == 3:
            raise self.error
        return index

    def __len__(self):
        return 6


class Fussy(Exception):
    """Cannot be made of a message alone."""

    def __init__(self, one, two):
        super().__init__(one, two)


@pytest.mark.parametrize("error", [ValueError("bad"), KeyError("key")])
def test_an_exception_in_a_worker_is_raised_here_with_its_trace(error):
    text = refused(
        lambda library, data: list(
            data.DataLoader(Broken(error), num_workers=1)
        ),
        type(error),
    )
    assert "in DataLoader worker process 0" in text
    assert "raise self.error" in text and "Traceback" in text


def test_an_exception_that_cannot_be_rebuilt_is_told_as_runtime_error():
    loader = ours.DataLoader(Broken(Fussy(1, 2)), num_workers=1)
    with pytest.raises(RuntimeError, match="Caught Fussy in DataLoader worker"):
        list(loader)


def test_after_an_exception_the_other_batches_still_come():
    batches = iter(ours.DataLoader(Broken(ValueError("x")), num_workers=2))
    seen = []
    for _ in range(6):
        try:
            seen.append(int(next(batches)))
        except ValueError:
            seen.append(-1)
    assert seen == [0, 1, 2, -1, 4, 5]


def test_a_failing_start_is_told():
    def start(place):
        raise OSError(f"no disk for {place}")

    loader = ours.DataLoader(range(4), num_workers=1, worker_init_fn=start)
    with pytest.raises(OSError, match="no disk for 0"):
        list(loader)


class Deadly(ours.Dataset):
    """A sample that ends the process, as the system's memory killer does."""

    def __init__(self, end):
        self.end = end

    def __getitem__(self, index):
        if index == 5:
            self.end()
        return np.zeros(100_000)

    def __len__(self):
        return 8


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    "end, how", [(killed, "SIGKILL"), (lambda: os._exit(3), "exit code 3")]
)
def test_a_worker_that_dies_is_an_error_and_never_a_hang(end, how):
    began = time.monotonic()
    loader = ours.DataLoader(Deadly(end), num_workers=2)
    with pytest.raises(RuntimeError, match=f"exited unexpectedly.*{how}"):
        list(loader)
    assert time.monotonic() - began < 10


def test_a_worker_killed_from_outside_is_an_error():
    before = set(multiprocessing.active_children())
    batches = iter(ours.DataLoader(range(10**6), 10, num_workers=2))
    next(batches)
    worker = (set(multiprocessing.active_children()) - before).pop()
    os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(RuntimeError, match="SIGKILL"):
        for _ in batches:
            pass
    assert list(batches) == []


def test_a_slow_worker_runs_into_the_timeout():
    loader = ours.DataLoader(
        Deadly(lambda: time.sleep(5)), num_workers=1, timeout=0.3
    )
    with pytest.raises(RuntimeError, match="timed out after 0.3 seconds"):
        list(loader)


def test_workers_end_with_the_loop_that_is_left_early():
    before = set(multiprocessing.active_children())
    began = time.monotonic()
    for _ in ours.DataLoader(Deadly(killed), num_workers=2):
        break
    assert set(multiprocessing.active_children()) <= before
    assert time.monotonic() - began < 3


def test_large_requests_and_large_batches_do_not_block_each_other():
    rows = scratch.zeros(60_000, 20)
    indices = [list(range(60_000))] * 5
    loader = ours.DataLoader(
        ours.TensorDataset(rows), batch_sampler=indices, num_workers=1
    )
    assert [len(batch) for (batch,) in loader] == [60_000] * 5


leaves = st.one_of(
    st.integers(-5, 5),
    st.floats(-5, 5),
    st.booleans(),
    st.text(max_size=2),
    st.builds(np.float32, st.integers(0, 3)),
    st.just(np.arange(3)),
    st.just(np.ones((2, 0), np.float16)),
)
samples = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.tuples(inner, inner),
        st.builds(Point, inner, inner),
        st.dictionaries(st.sampled_from("ab"), inner, min_size=1),
        st.builds(lambda item: OrderedDict(k=item), inner),
    ),
    max_leaves=5,
)


@given(samples, st.integers(1, 3))
def test_collating_keeps_the_shape_of_a_sample(sample, count):
    a = ours.default_collate([sample] * count)
    b = theirs.default_collate([sample] * count)
    assert plain(a) == plain(b)


@given(samples)
def test_converting_keeps_the_shape_of_a_sample(sample):
    a, b = ours.default_convert(sample), theirs.default_convert(sample)
    if not isinstance(sample, str):
        assert plain(a) == plain(b)


@pytest.mark.parametrize(
    "batch",
    [[], [None], [object()], [[1], [1, 2]], [np.array(["a"])], [{"a": None}]],
)
def test_what_cannot_be_collated_is_refused(batch):
    refused(lambda library, data: data.default_collate(batch))


def test_tensors_of_unequal_size_are_refused():
    text = refused(
        lambda library, data: data.default_collate(
            [library.zeros(2), library.zeros(3)]
        ),
        RuntimeError,
    )
    assert "entry" in text


lengths = st.lists(st.integers(1, 9), min_size=1, max_size=4)


@given(lengths, st.integers(0, 9), st.booleans())
def test_random_split_gives_torchs_parts(parts, seed, fractions):
    total = sum(parts)
    shares = [part / total for part in parts] if fractions else parts
    kept = []
    for library, data in SIDES:
        library.manual_seed(seed)
        try:
            split = data.random_split(range(total), shares)
            kept.append([list(part) for part in split])
        except (ValueError, UserWarning) as error:
            kept.append(type(error))
    assert kept[0] == kept[1]


@given(lengths, st.data())
def test_data_sets_joined_by_the_first_sample(parts, data):
    index = data.draw(st.integers(-sum(parts), sum(parts) - 1))
    kept = []
    for _, side in SIDES:
        joined = side.ConcatDataset([range(n) for n in parts])
        kept.append((joined[index], len(joined), joined.cumulative_sizes))
    assert kept[0] == kept[1]


def test_data_sets_side_by_side_and_subsets():
    def make(library, data):
        rows = numbers(library, data)
        pairs = data.StackDataset(data.Subset(rows, range(5, 20)), range(15))
        named = data.StackDataset(rows=rows, i=range(23))
        return data.DataLoader(
            data.StackDataset(pairs, data.Subset(named, range(15))), 4
        )

    same(make)


@pytest.mark.parametrize(
    "options",
    [
        dict(num_workers=-1),
        dict(timeout=-1),
        dict(prefetch_factor=2),
        dict(num_workers=1, prefetch_factor=-2),
        dict(persistent_workers=True),
        dict(sampler=[0], shuffle=True),
        dict(batch_sampler=[[0]], batch_size=2),
        dict(batch_sampler=[[0]], drop_last=True),
        dict(batch_size=None, drop_last=True),
        dict(batch_size=0),
        dict(batch_size=2.0),
        dict(batch_size=True),
        dict(multiprocessing_context="fork"),
        dict(num_workers=1, multiprocessing_context="thread"),
        dict(num_workers=1, multiprocessing_context=3),
    ],
)
def test_options_that_do_not_fit_are_refused(options):
    text = refused(lambda library, data: data.DataLoader(range(4), **options))
    with pytest.raises(Exception) as info:  # noqa: B017
        theirs.DataLoader(range(4), **options)
    assert text.split() == str(info.value).split()


@pytest.mark.parametrize(
    "call",
    [
        lambda d: d.DataLoader(Stream(d), shuffle=True),
        lambda d: d.DataLoader(Stream(d), sampler=[0]),
        lambda d: d.DataLoader(Stream(d), batch_sampler=[[0]]),
        lambda d: d.RandomSampler([], False),
        lambda d: d.RandomSampler([1], replacement=2),
        lambda d: d.RandomSampler([1], num_samples=-1),
        lambda d: d.WeightedRandomSampler([1.0], 0),
        lambda d: d.WeightedRandomSampler([[1.0]], 1),
        lambda d: d.WeightedRandomSampler([1.0], 1, replacement=None),
        lambda d: d.BatchSampler([1], 2, drop_last=0),
        lambda d: d.ConcatDataset([]),
        lambda d: d.ConcatDataset([Stream(d)]),
        lambda d: d.ConcatDataset([[1]])[-2],
        lambda d: d.StackDataset(),
        lambda d: d.StackDataset([1], a=[2]),
        lambda d: d.StackDataset([1], [1, 2]),
        lambda d: d.random_split([1, 2], [3]),
        lambda d: d.random_split([1, 2], [1.5, -0.5]),
        lambda d: d.Dataset()[0],
        lambda d: setattr(d.DataLoader([1]), "batch_size", 3),
        lambda d: list(d.DataLoader([1], batch_sampler=[[7]])),
    ],
)
def test_bad_calls_are_refused_as_torch_does(call):
    refused(lambda library, data: call(data))


def test_rows_of_unequal_tensors_are_refused():
    refused(
        lambda library, data: data.TensorDataset(
            library.zeros(3), library.zeros(4)
        ),
        AssertionError,
    )
    refused(
        lambda library, data: list(
            data.DataLoader(numbers(library, data), batch_sampler=[[99]])
        ),
        IndexError,
    )


def test_gradients_flow_through_a_batch():
    w = scratch.ones(3, 2, requires_grad=True)
    (batch,) = next(iter(ours.DataLoader(ours.TensorDataset(w), 2)))
    batch.sum().backward()
    assert w.grad.tolist() == [[1, 1], [1, 1], [0, 0]]


def test_more_workers_than_processors_are_warned_of():
    with pytest.warns(UserWarning, match="will create 999 worker"):
        ours.DataLoader(range(3), num_workers=999)
