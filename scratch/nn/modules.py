"""torch.nn.modules: the layers by the names of torch's files.

nn.modules.conv is our nn.conv; where torch keeps in one file what is several
chapters here, the names of all of them stand under torch's.
"""

from __future__ import annotations

import sys
from types import ModuleType

from . import (
    _names,
    _state,
    _tuples,
    activation,
    adaptive,
    attention,
    batchnorm,
    cells,
    container,
    conv,
    distance,
    distribution_losses,
    dropout,
    flatten,
    fold,
    instancenorm,
    lazy,
    linear,
    loss,
    margin_losses,
    module,
    normalization,
    padding,
    pooling,
    rnn,
    shuffling,
    sparse,
    transformer,
    upsampling,
)

# torch's file -> our chapters; the first one wins
FILES: dict[str, tuple[ModuleType, ...]] = {
    "activation": (activation, attention),
    "adaptive": (adaptive,),
    "batchnorm": (batchnorm, lazy),
    "channelshuffle": (shuffling,),
    "container": (container,),
    "conv": (conv, lazy),
    "distance": (distance,),
    "dropout": (dropout,),
    "flatten": (flatten,),
    "fold": (fold,),
    "instancenorm": (instancenorm, lazy),
    "lazy": (lazy,),
    "linear": (linear, lazy),
    "loss": (loss, margin_losses, distribution_losses, distance),
    "module": (module, _state, _names),
    "normalization": (normalization,),
    "padding": (padding,),
    "pixelshuffle": (shuffling,),
    "pooling": (pooling,),
    "rnn": (rnn, cells),
    "sparse": (sparse,),
    "transformer": (transformer,),
    "upsampling": (upsampling,),
    "utils": (_tuples,),
}


def file_named(name: str, chapters: tuple[ModuleType, ...]) -> ModuleType:
    """The chapter of that name, or a new one with the names of several."""
    if len(chapters) == 1 and name == chapters[0].__name__.split(".")[-1]:
        return chapters[0]
    found = ModuleType(f"{__name__}.{name}", chapters[0].__doc__)
    for chapter in reversed(chapters):
        vars(found).update({word: value for word, value
                            in vars(chapter).items()
                            if not word.startswith("__")})
    return found


for _name, _chapters in FILES.items():
    _file = file_named(_name, _chapters)
    sys.modules[f"{__name__}.{_name}"] = _file
    globals()[_name] = _file
    for _word in getattr(_chapters[0], "__all__", ()):
        globals()[_word] = getattr(_chapters[0], _word)


def __getattr__(name: str) -> object:
    """A layer that torch names in a chapter that is another here."""
    found = getattr(sys.modules[__name__.rpartition(".")[0]], name, None)
    if found is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return found
