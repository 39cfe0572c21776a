"""The two sides of a loader test, and how their batches are compared."""

import numpy as np
import pytest
import torch
import torch.utils.data as theirs

import scratch
import scratch.utils.data as ours

X = np.arange(46, dtype=np.float32).reshape(23, 2)
Y = np.arange(23)
SIDES = [(scratch, ours), (torch, theirs)]


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
        with pytest.raises(Exception) as info:
            call(library, data)
        caught.append(info)
    assert caught[0].type is caught[1].type
    assert error in (None, caught[0].type) and str(caught[0].value)
    return str(caught[0].value)


def numbers(library, data):
    tensors = library.tensor(X), library.tensor(Y)
    return data.TensorDataset(*tensors)


class Stream:
    """Numbers, shared out among the workers; made of either side's base."""

    def __new__(cls, data):
        def samples(self):
            info = data.get_worker_info()
            place, of = (info.id, info.num_workers) if info else (0, 1)
            return iter(range(place, 11, of))

        kind = type("Numbers", (data.IterableDataset,), {"__iter__": samples})
        return kind()
