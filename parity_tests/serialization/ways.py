"""Objects on their way: to a file and back, from one side to the other."""

import io
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

import torch

import scratch
from scratch.nn.parameter import Parameter
from scratch.serialization import archive, load, save


def twin(x: Any) -> Any:
    """The same object on torch's side."""
    kind = type(x)
    if kind is scratch.Tensor:
        return torch.from_numpy(x.array)
    if kind is Parameter:
        return torch.nn.Parameter(torch.from_numpy(x.array), x.requires_grad)
    if kind is scratch.Size:
        return torch.Size(x)
    if kind is scratch.dtype:
        return getattr(torch, x.name)
    if kind is scratch.device:
        return torch.device(str(x))
    if kind in (list, tuple, set):
        return kind(map(twin, x))
    if kind in (dict, OrderedDict):
        return kind((twin(k), twin(v)) for k, v in x.items())
    return x


def plain(x: Any) -> Any:
    """All that counts of an object of either side, as plain data."""
    if isinstance(x, (scratch.Tensor, torch.Tensor)):
        ours = isinstance(x, scratch.Tensor)
        array = x.array if ours else x.detach().numpy()
        about = type(x).__name__, x.requires_grad, str(x.dtype), array.shape
        return *about, array.tobytes()
    if isinstance(x, (dict, OrderedDict, Counter)):
        more = plain(dict(vars(x))) if type(x) is OrderedDict else None
        rows = [(plain(k), plain(v)) for k, v in x.items()]
        return type(x).__name__, rows, more
    if type(x) in (list, tuple):
        return type(x).__name__, [*map(plain, x)]
    if type(x) is set:
        return "set", sorted(map(repr, x))
    return type(x).__name__, repr(x)


def saved(x: Any, by: Callable[..., None] = save) -> bytes:
    """The bytes of a saved file."""
    file = io.BytesIO()
    by(x, file)
    return file.getvalue()


def ours_to_theirs(x: Any) -> Any:
    return torch.load(io.BytesIO(saved(x)), weights_only=True)


def theirs_to_ours(x: Any) -> Any:
    return load(io.BytesIO(saved(x, torch.save)))


def round_trip(x: Any) -> Any:
    return load(io.BytesIO(saved(x)))


def as_records(raw: bytes) -> archive.Records:
    """The records of a file."""
    data = memoryview(raw)
    return archive.read(lambda at, n: data[at : at + n], len(raw))


def as_file(records: archive.Records) -> bytes:
    """The file of some records."""
    file = io.BytesIO()
    archive.write(file.write, records)
    return file.getvalue()
