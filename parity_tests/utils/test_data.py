"""Loaders and samplers give torch's batches from the same seed."""

import importlib
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.utils.sides import SIDES, numbers, plain, same


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


KINDS = ["none", "replaced", "long", "weighted", "weighted once", "subset"]


def check_every_combination(kind, workers):
    for shuffle, drop_last, own in product([False, True], repeat=3):
        if shuffle and kind != "none":  # a sampler is the order
            continue
        check_loader(
            dict(workers=workers, kind=kind, shuffle=shuffle, size=4, seed=7)
            | dict(drop_last=drop_last, own=own, keep=own)
        )


@pytest.mark.parametrize("kind", KINDS)
def test_every_combination_gives_torchs_batches(kind):
    check_every_combination(kind, 0)


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
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_every_combination_with_workers_gives_torchs_batches(kind, workers):
    check_every_combination(kind, workers)


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


@pytest.mark.parametrize("workers", [0, 1])
def test_a_pass_has_torchs_class(workers):
    found = []
    for library, data in SIDES:
        loader = data.DataLoader(
            numbers(library, data), 4, num_workers=workers,
            persistent_workers=workers > 0,
        )  # fmt: skip
        first, second = iter(loader), iter(loader)
        kinds = [kind.__name__ for kind in type(first).__mro__[:2]]
        home = importlib.import_module(f"{data.__name__}.dataloader")
        assert isinstance(first, home._BaseDataLoaderIter)
        found.append((kinds, first is second, [plain(b) for b in second]))
    assert found[0] == found[1]
