"""The state of every module and optimizer of torch, saved and loaded.

torch.save writes it and `scratch.load` reads it; `scratch.save` writes it
again and torch.load(weights_only=True) reads that: the numbers are the same.
"""

import inspect
from typing import Any, NamedTuple

import torch


class Layer(NamedTuple):
    """An argument that is a module itself."""

    name: str
    arguments: tuple


# The arguments of each module that has any state.
MODULES: dict[str, tuple] = {
    "AdaptiveLogSoftmaxWithLoss": (32, 20, [5, 10]),
    "BatchNorm1d": (3,),
    "BatchNorm2d": (3,),
    "BatchNorm3d": (3,),
    "Bilinear": (2, 3, 4),
    "BCEWithLogitsLoss": (torch.ones(3),),
    "Conv1d": (2, 4, 3),
    "Conv2d": (2, 4, 3),
    "Conv3d": (2, 4, 3),
    "ConvTranspose1d": (2, 4, 3),
    "ConvTranspose2d": (2, 4, 3),
    "ConvTranspose3d": (2, 4, 3),
    "CrossEntropyLoss": (torch.ones(3),),
    "Embedding": (5, 3),
    "EmbeddingBag": (5, 3),
    "GRU": (3, 4, 2),
    "GRUCell": (3, 4),
    "GroupNorm": (2, 4),
    "InstanceNorm1d": (3, 1e-5, 0.1, True, True),
    "InstanceNorm2d": (3, 1e-5, 0.1, True, True),
    "InstanceNorm3d": (3, 1e-5, 0.1, True, True),
    "LSTM": (3, 4, 2),
    "LSTMCell": (3, 4),
    "LayerNorm": ((2, 3),),
    "Linear": (3, 2),
    "LinearCrossEntropyLoss": (3, 5),
    "MultiheadAttention": (4, 2),
    "NLLLoss": (torch.ones(3),),
    "PReLU": (3,),
    "RMSNorm": (3,),
    "RNN": (3, 4, 2),
    "RNNCell": (3, 4),
    "SyncBatchNorm": (3,),
    "Transformer": (4, 2, 1, 2, 8),
    "TransformerDecoder": (Layer("TransformerDecoderLayer", (4, 2, 8)), 2),
    "TransformerDecoderLayer": (4, 2, 8),
    "TransformerEncoder": (
        Layer("TransformerEncoderLayer", (4, 2, 8)),
        2,
        None,
        False,
    ),
    "TransformerEncoderLayer": (4, 2, 8),
}
OPTIMIZERS = sorted(
    name
    for name, kind in vars(torch.optim).items()
    if inspect.isclass(kind) and issubclass(kind, torch.optim.Optimizer)
    if name not in ("Optimizer", "LBFGS", "SparseAdam", "Muon")
)


def build(name: str, lib: Any) -> Any:
    """A module of torch.nn or scratch.nn with the arguments of the table."""
    given = []
    for x in MODULES[name]:
        if isinstance(x, Layer):
            x = getattr(lib.nn, x.name)(*x.arguments)
        elif isinstance(x, torch.Tensor):
            x = lib.tensor(x.tolist())
        given.append(x)
    return getattr(lib.nn, name)(*given)


def module(name: str) -> torch.nn.Module:
    """A module of torch in the middle of its life: its buffers are used."""
    torch.manual_seed(0)
    made = build(name, torch)
    for x in (*made.parameters(), *made.buffers()):
        if x.is_floating_point():
            x.data.uniform_(0.5, 1.5)
        else:
            x.data.fill_(7)
    return made


def optimizer(name: str) -> torch.optim.Optimizer:
    """An optimizer of torch after two steps, of two groups."""
    torch.manual_seed(0)
    a, b = (torch.nn.Parameter(torch.randn(n)) for n in (3, 4))
    made = getattr(torch.optim, name)(
        [{"params": [a]}, {"params": [b], "lr": 0.5}], lr=0.1
    )
    for _ in range(2):
        made.zero_grad()
        (a.square().sum() + b.square().sum()).backward()
        made.step()
    return made
