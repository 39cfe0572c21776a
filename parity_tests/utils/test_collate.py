"""Batches and data sets keep torch's forms, and bad calls are refused."""

from collections import OrderedDict, namedtuple

import numpy as np
import pytest
import torch.utils.data as theirs
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.utils.data as ours
from parity_tests.utils.sides import (
    SIDES,
    Stream,
    numbers,
    plain,
    refused,
    same,
)

Point = namedtuple("Point", ["x", "y"])
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
    with pytest.raises(Exception) as info:
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


class Gathers(list):
    """Samples with a `gather` of their own, for their own ends."""

    def gather(self, axis, index):
        raise AssertionError("not asked for")


def test_a_data_set_may_have_a_gather_of_its_own():
    for data in (scratch.arange(5), Gathers(range(5))):
        for whole in (data, ours.Subset(data, range(5))):
            batches = ours.DataLoader(whole, 2)
            assert [b.tolist() for b in batches] == [[0, 1], [2, 3], [4]]
