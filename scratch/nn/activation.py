"""Activations as layers."""

from __future__ import annotations

import warnings
from typing import Any

from ..ops.creation import empty
from ..ops.pointwise import sigmoid
from ..ops.trigonometry import tanh
from ..overriding import door_of
from ..tensor import Tensor
from . import functional as F
from . import init
from .module import Module
from .parameter import Parameter

__all__ = [
    "Threshold", "ReLU", "RReLU", "Hardtanh", "ReLU6", "Sigmoid",
    "Hardsigmoid", "Tanh", "SiLU", "Mish", "Hardswish", "ELU", "CELU",
    "SELU", "GLU", "GELU", "Hardshrink", "LeakyReLU", "LogSigmoid",
    "Softplus", "Softshrink", "PReLU", "Softsign", "Tanhshrink", "Softmin",
    "Softmax", "Softmax2d", "LogSoftmax",
]


# ---- without parameters

class Sigmoid(Module):
    """1 / (1 + e⁻ˣ)"""

    def forward(self, input: Tensor) -> Tensor:
        # torch: not by way of nn.functional
        return door_of(sigmoid)(input)


class LogSigmoid(Module):
    """log σ(x)"""

    def forward(self, input: Tensor) -> Tensor:
        return F.logsigmoid(input)


class Tanh(Module):
    """(eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)"""

    def forward(self, input: Tensor) -> Tensor:
        return door_of(tanh)(input)


class Tanhshrink(Module):
    """x - tanh(x)"""

    def forward(self, input: Tensor) -> Tensor:
        return F.tanhshrink(input)


class Softsign(Module):
    """x / (1 + |x|)"""

    def forward(self, input: Tensor) -> Tensor:
        return F.softsign(input)


class _InPlace(Module):
    """An activation whose only choice is to write over its input."""

    function: Any

    def __init__(self, inplace: bool = False):
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return type(self).function(input, inplace=self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class ReLU(_InPlace):
    """max(x, 0)"""

    function = staticmethod(F.relu)


class SELU(_InPlace):
    """scale · elu, with the constants that normalize"""

    function = staticmethod(F.selu)


class SiLU(_InPlace):
    """x σ(x), also called swish (Hendrycks & Gimpel, 2016)"""

    function = staticmethod(F.silu)


class Mish(_InPlace):
    """x tanh(softplus(x)) (Misra, 2019)"""

    function = staticmethod(F.mish)


class Hardsigmoid(_InPlace):
    """x / 6 + 1 / 2 between 0 and 1"""

    function = staticmethod(F.hardsigmoid)

    def extra_repr(self) -> str:
        return ""


class Hardswish(Hardsigmoid):
    """x · hardsigmoid(x) (Howard et al., 2019)"""

    function = staticmethod(F.hardswish)


# ---- with numbers

def in_place(module: Any) -> str:
    return ", inplace=True" if module.inplace else ""


class Threshold(Module):
    """x above the threshold, else the value"""

    def __init__(self, threshold: float, value: float,
                 inplace: bool = False):
        super().__init__()
        self.threshold, self.value = threshold, value
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        return (f"threshold={self.threshold}, value={self.value}"
                + in_place(self))


class RReLU(Module):
    """leaky_relu; in training each slope is drawn from U(lower, upper)"""

    def __init__(self, lower: float = 1.0 / 8, upper: float = 1.0 / 3,
                 inplace: bool = False):
        super().__init__()
        self.lower, self.upper, self.inplace = lower, upper, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.rrelu(input, self.lower, self.upper, self.training,
                       self.inplace)

    def extra_repr(self) -> str:
        return f"lower={self.lower}, upper={self.upper}" + in_place(self)


class Hardtanh(Module):
    """x between min_val and max_val"""

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0,
                 inplace: bool = False, min_value: float | None = None,
                 max_value: float | None = None):
        super().__init__()
        for side, old in (("min", min_value), ("max", max_value)):
            if old is not None:
                warnings.warn(
                    f"keyword argument `{side}_value` is deprecated and "
                    f"rename to `{side}_val`", FutureWarning, stacklevel=2)
        self.min_val = min_val if min_value is None else min_value
        self.max_val = max_val if max_value is None else max_value
        self.inplace = inplace
        if self.max_val <= self.min_val:
            raise AssertionError(
                f"max_val ({self.max_val}) must be greater than min_val "
                f"({self.min_val})")

    def forward(self, input: Tensor) -> Tensor:
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        return (f"min_val={self.min_val}, max_val={self.max_val}"
                + in_place(self))


class ReLU6(Hardtanh):
    """min(max(x, 0), 6)"""

    def __init__(self, inplace: bool = False):
        super().__init__(0.0, 6.0, inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class ELU(Module):
    """x, or alpha (eˣ - 1) below 0 (Clevert et al., 2015)"""

    function: Any = staticmethod(F.elu)

    def __init__(self, alpha: float = 1.0, inplace: bool = False):
        super().__init__()
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input: Tensor) -> Tensor:
        return type(self).function(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}" + in_place(self)


class CELU(ELU):
    """x, or alpha (e^(x/alpha) - 1) below 0 (Barron, 2017)"""

    function = staticmethod(F.celu)


class LeakyReLU(Module):
    """x, or negative_slope · x below 0 (Maas et al., 2013)"""

    def __init__(self, negative_slope: float = 1e-2, inplace: bool = False):
        super().__init__()
        self.negative_slope, self.inplace = negative_slope, inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}" + in_place(self)


class GELU(Module):
    """x Φ(x), Φ the normal distribution (Hendrycks & Gimpel, 2016)"""

    def __init__(self, approximate: str = "none"):
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class GLU(Module):
    """a σ(b), a and b being the halves of x along dim"""

    def __init__(self, dim: int = -1):
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softplus(Module):
    """log(1 + e^(βx)) / β, and x itself where βx > threshold"""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0):
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, input: Tensor) -> Tensor:
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class Softshrink(Module):
    """x moved towards 0 by lambd"""

    def __init__(self, lambd: float = 0.5):
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        return F.softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Hardshrink(Softshrink):
    """x, but 0 between -lambd and lambd"""

    def forward(self, input: Tensor) -> Tensor:
        return F.hardshrink(input, self.lambd)


class PReLU(Module):
    """x, or weight · x below 0; weight (num_parameters) is learned"""

    def __init__(self, num_parameters: int = 1, init: float = 0.25,
                 device: Any = None, dtype: Any = None):
        super().__init__()
        self.num_parameters, self.init = num_parameters, init
        self.weight = Parameter(empty(num_parameters, device=device,
                                      dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """All equal to init."""
        init.constant_(self.weight, self.init)

    def forward(self, input: Tensor) -> Tensor:
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class Softmax(Module):
    """e^xᵢ / Σ e^xⱼ along dim"""

    function: Any = staticmethod(F.softmax)
    choosy = True

    def __init__(self, dim: int | None = None):
        if self.choosy and dim is not None and (
                not isinstance(dim, int) or isinstance(dim, bool)):
            raise TypeError(
                f"dim must be an int or None, got {type(dim).__name__}")
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return type(self).function(input, self.dim, _stacklevel=5)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmin(Softmax):
    """softmax(-x)"""

    function = staticmethod(F.softmin)
    choosy = False  # torch: any dim, until it is called


class LogSoftmax(Softmax):
    """log softmax(x)"""

    function = staticmethod(F.log_softmax)


class Softmax2d(Module):
    """softmax over the channels of x (N, C, H, W) or (C, H, W)"""

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim not in (3, 4):
            raise ValueError("Softmax2d: expected input to be 3D or 4D, got "
                             f"{input.ndim}D instead")
        return F.softmax(input, -3, _stacklevel=5)
