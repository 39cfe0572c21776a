"""The sampler of one process among several, against torch's."""

from __future__ import annotations

import pytest
import torch
import torch.utils.data
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.utils.data


@given(n=st.integers(1, 40), replicas=st.integers(1, 7), rank=st.integers(0, 6),
       shuffle=st.booleans(), drop=st.booleans(), seed=st.integers(0, 9),
       epoch=st.integers(0, 3))
def test_every_process_reads_its_share(
        n: int, replicas: int, rank: int, shuffle: bool, drop: bool,
        seed: int, epoch: int) -> None:
    read = []
    for lib in (scratch, torch):
        make = lib.utils.data.DistributedSampler
        if rank >= replicas:
            with pytest.raises(ValueError, match=f"Invalid rank {rank}, "):
                make(range(n), replicas, rank)
            return
        sampler = make(range(n), replicas, rank, shuffle, seed, drop)
        sampler.set_epoch(epoch)
        read.append((list(sampler), len(sampler), sampler.num_samples,
                     sampler.total_size))
    assert read[0] == read[1]


def test_without_processes_their_number_is_given() -> None:
    with pytest.raises(RuntimeError, match="Requires distributed package"):
        scratch.utils.data.DistributedSampler(range(3))
