"""A share of the data for each of several processes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sized
from itertools import cycle, islice

from scratch.ops.sampling import randperm
from scratch.random import Generator
from scratch.utils.data.sampler import Sampler


class DistributedSampler(Sampler[int]):
    """Of every num_replicas indices the one in place `rank`.

    All processes shuffle alike, by seed + epoch (`set_epoch`), so that no
    index is read twice; the last round is filled up from the start, or left
    out with drop_last. There is no group of processes here to ask, so
    num_replicas and rank are given.
    """

    def __init__(self, dataset: Sized, num_replicas: int | None = None,
                 rank: int | None = None, shuffle: bool = True,
                 seed: int = 0, drop_last: bool = False):
        if num_replicas is None or rank is None:
            raise RuntimeError("Requires distributed package to be available")
        if rank >= num_replicas or rank < 0:
            raise ValueError(f"Invalid rank {rank}, rank should be in the "
                             f"interval [0, {num_replicas - 1}]")
        self.dataset, self.num_replicas = dataset, num_replicas
        self.rank, self.epoch, self.drop_last = rank, 0, drop_last
        rounds = len(dataset) / num_replicas
        self.num_samples = (math.floor if drop_last else math.ceil)(rounds)
        self.total_size = self.num_samples * num_replicas
        self.shuffle, self.seed = shuffle, seed

    def __iter__(self) -> Iterator[int]:
        indices = list(range(len(self.dataset)))
        if self.shuffle:
            draws = Generator().manual_seed(self.seed + self.epoch)
            indices = randperm(len(indices), generator=draws).tolist()
        indices = list(islice(cycle(indices), self.total_size))
        return iter(indices[self.rank::self.num_replicas])

    def __len__(self) -> int:
        return self.num_samples

    def set_epoch(self, epoch: int) -> None:
        """The pass that comes next; another one has another order."""
        self.epoch = epoch
