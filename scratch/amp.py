"""Mixed precision, as far as a CPU without bfloat16 has it.

`autocast` for a GPU that is not there is off, with torch's warning; for the
CPU it would compute in bfloat16, which NumPy lacks. `GradScaler` works: a
loss is multiplied so that small gradients do not vanish in float16, and the
gradients are divided before the step (Micikevicius et al., 2018).
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

import numpy as np

from .device import device
from .dtypes import bfloat16, dtype, float16, float32
from .tensor import Tensor, wrap

__all__ = ["autocast", "custom_fwd", "custom_bwd", "GradScaler",
           "is_autocast_available"]


class OptState(Enum):
    """How far an optimizer's step has come."""

    READY = 0
    UNSCALED = 1
    STEPPED = 2


def is_autocast_available(device_type: str) -> bool:
    """Whether torch has autocast for such a device."""
    return device(device_type).type in ("cpu", "cuda")


def is_autocast_enabled(device_type: str = "cuda") -> bool:
    """Whether operations on such a device compute in a lower precision:
    never here."""
    _kind(device_type, "is_autocast_enabled")
    return False


def get_autocast_dtype(device_type: str) -> dtype:
    """The precision that autocast would take on such a device."""
    kind = _kind(device_type, "get_autocast_dtype")
    return float16 if kind in ("cuda", "xpu", "mps") else bfloat16


def _kind(device_type: Any, caller: str) -> str:
    if not isinstance(device_type, str):
        raise TypeError(f"{caller}(): argument 'device_type' (position 1) "
                        f"must be str, not {type(device_type).__name__}")
    return device(device_type).type


def is_autocast_cache_enabled() -> bool:
    """Whether weights that were made smaller are kept: torch's default."""
    return True


def clear_autocast_cache() -> None:
    """Nothing is kept."""


class autocast:
    """A block of code, or a function, that would compute in a lower
    precision where that is faster: never here."""

    def __init__(self, device_type: str, dtype: Any = None,
                 enabled: bool = True, cache_enabled: bool | None = None):
        check_kind(device_type)
        if not is_autocast_available(device_type):
            raise RuntimeError("User specified an unsupported autocast "
                               f"device_type '{device_type}'")
        self.device, self.fast_dtype = device_type, dtype or float16
        if enabled and device_type == "cuda":
            warnings.warn("CUDA is not available or torch_xla is imported. "
                          "Disabling autocast.", UserWarning, stacklevel=2)
        elif enabled and dtype is float32:
            warnings.warn(
                "In CPU autocast, but the target dtype is not supported. "
                "Disabling autocast.\nCPU Autocast only supports dtypes of "
                "torch.bfloat16, torch.float16 currently.", UserWarning,
                stacklevel=2)
        elif enabled:
            raise NotImplementedError(
                "autocast: on a CPU it computes in bfloat16 or emulates "
                "float16; scratch has neither. Pass enabled=False, or use "
                ".half() and .float()")

    def __enter__(self) -> autocast:
        return self

    def __exit__(self, *error: Any) -> None:
        pass

    def __call__(self, function: Callable) -> Callable:
        @functools.wraps(function)
        def same(*args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs)

        return same


def check_kind(device_type: Any) -> None:
    """Refuse what is not a device's name."""
    if not isinstance(device_type, str):
        raise ValueError("Expected `device_type` of type `str`, got: "
                         f"`{type(device_type)}`")


def custom_fwd(fwd: Callable | None = None, *, device_type: str,
               cast_inputs: dtype | None = None) -> Callable:
    """Decorates a Function's forward, whose inputs autocast would cast; it
    notes on the context that nothing was cast."""
    check_kind(device_type)
    if fwd is None:
        return functools.partial(custom_fwd, device_type=device_type,
                                 cast_inputs=cast_inputs)

    @functools.wraps(fwd)
    def forward(ctx: Any, *args: Any, **kwargs: Any) -> Any:
        ctx._dtype = get_autocast_dtype(device_type)
        ctx._fwd_used_autocast = is_autocast_enabled(device_type)
        return fwd(ctx, *args, **kwargs)

    return forward


def custom_bwd(bwd: Callable | None = None, *,
               device_type: str) -> Callable:
    """Decorates a Function's backward: it computes in the precision that
    custom_fwd noted."""
    check_kind(device_type)
    if bwd is None:
        return functools.partial(custom_bwd, device_type=device_type)

    @functools.wraps(bwd)
    def backward(ctx: Any, *grads: Any, **kwargs: Any) -> Any:
        with autocast(device_type, ctx._dtype, ctx._fwd_used_autocast):
            return bwd(ctx, *grads, **kwargs)

    return backward


class GradScaler:
    """s · loss backward, gradients / s, a step unless one is not finite

    After a step that was left out s is multiplied by backoff_factor, after
    growth_interval good ones in a row by growth_factor.
    """

    def __init__(self, device: str = "cuda", init_scale: float = 2.0**16,
                 growth_factor: float = 2.0, backoff_factor: float = 0.5,
                 growth_interval: int = 2000, enabled: bool = True):
        self._enabled = enabled
        if enabled and device == "cuda":
            warnings.warn(
                "torch.cuda.amp.GradScaler is enabled, but CUDA is not "
                "available.  Disabling.", UserWarning, stacklevel=2)
            self._enabled = False
        if self._enabled and growth_factor <= 1:
            raise AssertionError("The growth factor must be > 1.0.")
        if self._enabled and backoff_factor >= 1:
            raise AssertionError("The backoff factor must be < 1.0.")
        self._init_scale = init_scale
        self._scale: np.float32 | None = None  # until the first loss
        self._growth_factor, self._backoff = growth_factor, backoff_factor
        self._growth_interval, self._tracker = growth_interval, 0
        self._stages: dict[int, OptState] = {}
        self._found: dict[int, bool] = {}

    def _check(self, caller: str) -> np.float32:
        if self._scale is None:
            raise AssertionError(
                f"Attempted {caller} but _scale is None.  This may indicate "
                "your script did not use scaler.scale(loss or outputs) "
                "earlier in the iteration.")
        return self._scale

    def scale(self, outputs: Any) -> Any:
        """s · outputs, of a tensor or tensors in lists"""
        if not self._enabled:
            return outputs
        if self._scale is None:
            self._scale = np.float32(self._init_scale)
        if isinstance(outputs, Tensor):
            return outputs * wrap(np.asarray(self._scale))
        if not isinstance(outputs, Iterable):
            raise ValueError(
                "outputs must be a Tensor or an iterable of Tensors")
        found = map(self.scale, outputs)
        if isinstance(outputs, list | tuple):
            return type(outputs)(found)
        return found

    def unscale_(self, optimizer: Any) -> None:
        """Divide the optimizer's gradients by s; note what is not finite."""
        if not self._enabled:
            return
        inverse = np.float32(1 / np.float64(self._check("unscale_")))
        stage = self._stages.get(id(optimizer), OptState.READY)
        if stage == OptState.UNSCALED:
            raise RuntimeError("unscale_() has already been called on this "
                               "optimizer since the last update().")
        if stage == OptState.STEPPED:
            raise RuntimeError("unscale_() is being called after step().")
        grads = [p.grad for group in optimizer.param_groups
                 for p in group["params"] if p.grad is not None]
        if any(g.dtype is float16 for g in grads):
            raise ValueError("Attempting to unscale FP16 gradients.")
        if grads:
            self._found[id(optimizer)] = not all(
                np.isfinite(g.array).all() for g in grads)
        for g in grads:
            np.multiply(g.array, inverse, out=g.array, casting="same_kind")
            g.version[0] += 1
        self._stages[id(optimizer)] = OptState.UNSCALED

    def step(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        """optimizer.step(), unless a gradient is not finite."""
        if not self._enabled:
            return optimizer.step(*args, **kwargs)
        if "closure" in kwargs:
            raise RuntimeError("Closure use is not currently supported if "
                               "GradScaler is enabled.")
        self._check("step")
        if self._stages.get(id(optimizer)) == OptState.STEPPED:
            raise RuntimeError(
                "step() has already been called since the last update().")
        if self._stages.get(id(optimizer), OptState.READY) == OptState.READY:
            self.unscale_(optimizer)
        if id(optimizer) not in self._found:
            raise AssertionError(
                "No inf checks were recorded for this optimizer.")
        y = None if self._found[id(optimizer)] else (
            optimizer.step(*args, **kwargs))
        self._stages[id(optimizer)] = OptState.STEPPED
        return y

    def update(self, new_scale: Any = None) -> None:
        """The next s, by what the steps since the last update found."""
        if not self._enabled:
            return
        scale = self._check("update")
        if new_scale is not None:
            given = new_scale.item() if isinstance(
                new_scale, Tensor) else new_scale
            self._scale = np.float32(given)
        elif not self._found:
            raise AssertionError(
                "No inf checks were recorded prior to update.")
        elif any(self._found.values()):
            self._scale = np.float32(scale * self._backoff)
            self._tracker = 0
        else:
            self._tracker += 1
            if self._tracker == self._growth_interval:
                grown = np.float32(scale * self._growth_factor)
                self._scale = grown if np.isfinite(grown) else scale
                self._tracker = 0
        self._stages, self._found = {}, {}

    def is_enabled(self) -> bool:
        """Whether it scales at all."""
        return self._enabled

    def get_scale(self) -> float:
        """s; 1 if disabled"""
        if not self._enabled:
            return 1.0
        return float(
            self._init_scale if self._scale is None else self._scale)

    def get_growth_factor(self) -> float:
        """What s is multiplied by after good steps."""
        return self._growth_factor

    def set_growth_factor(self, new_factor: float) -> None:
        """What s is multiplied by after good steps."""
        self._growth_factor = new_factor

    def get_backoff_factor(self) -> float:
        """What s is multiplied by after a step that was left out."""
        return self._backoff

    def set_backoff_factor(self, new_factor: float) -> None:
        """What s is multiplied by after a step that was left out."""
        self._backoff = new_factor

    def get_growth_interval(self) -> int:
        """How many good steps make s grow."""
        return self._growth_interval

    def set_growth_interval(self, new_interval: int) -> None:
        """How many good steps make s grow."""
        self._growth_interval = new_interval

    def state_dict(self) -> dict[str, Any]:
        """What must be saved to go on with the same s; {} if disabled."""
        if not self._enabled:
            return {}
        return {"scale": self.get_scale(),
                "growth_factor": self._growth_factor,
                "backoff_factor": self._backoff,
                "growth_interval": self._growth_interval,
                "_growth_tracker": self._tracker}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up what `state_dict` told."""
        if not self._enabled:
            return
        if not state_dict:
            raise RuntimeError(
                "The source state dict is empty, possibly because it was "
                "saved from a disabled instance of GradScaler.")
        self._init_scale = state_dict["scale"]
        if self._scale is not None:
            self._scale = np.float32(state_dict["scale"])
        self._growth_factor = state_dict["growth_factor"]
        self._backoff = state_dict["backoff_factor"]
        self._growth_interval = state_dict["growth_interval"]
        self._tracker = state_dict["_growth_tracker"]
