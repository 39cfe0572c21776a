"""Rows: data sets, samplers and loaders, batch by batch."""

from __future__ import annotations

from typing import Any

from ..registry import outcome, pick


@outcome("utils.data.TensorDataset", "utils.data.ConcatDataset",
         "utils.data.Subset", "utils.data.StackDataset",
         "utils.data.ChainDataset", "utils.data.random_split", exact=True)
def data_sets(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    data: Any = lib.utils.data
    n = int(rng.integers(4, 12))
    x = lib.from_numpy(rng.standard_normal((n, 2))).to(dtype)
    one, two = data.TensorDataset(x, lib.arange(n)), data.TensorDataset(-x)
    places = [int(i) for i in rng.integers(0, n, 3)]

    class Numbers(data.IterableDataset):  # type: ignore[name-defined]
        def __iter__(self) -> Any:
            return iter(range(n))

    if name.endswith("ChainDataset"):
        return list(data.ChainDataset([Numbers(), Numbers()]))
    if name.endswith("random_split"):
        parts = data.random_split(one, pick(
            rng, [n - 2, 2], [0.5, 0.5], [0.7, 0.2, 0.1]))
        return [[list(part.indices), *part] for part in parts]
    made = {"TensorDataset": lambda: one, "Subset": lambda: data.Subset(
        one, places), "StackDataset": lambda: data.StackDataset(x, one),
        "ConcatDataset": lambda: data.ConcatDataset([two, two])}[
            name.rsplit(".", 1)[1]]()
    return [len(made), [made[i] for i in range(len(made))], made[-1]
            if "Subset" not in name else 0]


@outcome("utils.data.SequentialSampler", "utils.data.RandomSampler",
         "utils.data.SubsetRandomSampler", "utils.data.BatchSampler",
         "utils.data.WeightedRandomSampler", exact=True, examples=16)
def samplers(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    data, n = lib.utils.data, int(rng.integers(1, 60))
    again = bool(rng.integers(2))
    many = int(rng.integers(1, 90)) if again else None
    k, last = int(rng.integers(1, 9)), bool(rng.integers(2))
    made = {
        "SequentialSampler": lambda: data.SequentialSampler(range(n)),
        "RandomSampler": lambda: data.RandomSampler(range(n), again, many),
        "SubsetRandomSampler": lambda: data.SubsetRandomSampler(range(n)),
        "BatchSampler": lambda: data.BatchSampler(
            data.RandomSampler(range(n)), k, last),
        "WeightedRandomSampler": lambda: data.WeightedRandomSampler(
            [1.0, 2.0, 0.5, 3.0], 4 if not again else 9, again),
    }[name.rsplit(".", 1)[1]]()
    return [len(made), list(made), list(made), lib.rand(2)]


@outcome("utils.data.DataLoader", "utils.data.default_collate",
         "utils.data.default_convert", exact=True, examples=24)
def loaders(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    data, n = lib.utils.data, int(rng.integers(1, 40))
    x = lib.from_numpy(rng.standard_normal((n, 2))).to(dtype)
    if name.endswith("default_convert"):
        return data.default_convert({"a": rng.random(3), "b": [1, 2.5]})
    if name.endswith("default_collate"):
        samples = [{"x": x[i], "y": (i, float(i)), "z": rng.random(2)}
                   for i in range(n)]
        return data.default_collate(samples)
    loader = data.DataLoader(
        data.TensorDataset(x, lib.arange(n)), int(rng.integers(1, 9)),
        shuffle=bool(rng.integers(2)), drop_last=bool(rng.integers(2)))
    return [len(loader), list(loader), list(loader), lib.rand(2)]
