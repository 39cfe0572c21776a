"""The Module: parameters, buffers and children, and one forward."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

from .. import dtypes
from ..device import device as device_type
from ..device import require_cpu
from ..modes import no_grad
from ..tensor import Tensor
from ._hooks import (  # noqa: F401  torch has the four here
    Hooks,
    register_module_forward_hook,
    register_module_forward_pre_hook,
    register_module_full_backward_hook,
    register_module_full_backward_pre_hook,
)
from ._names import Names
from ._state import State
from .parameter import Parameter

__all__ = ["Module"]


class Module(Names, Hooks, State):
    """A part of a network; subclasses write `forward`.

    training: whether the module is in training mode (see train, eval).
    """

    dump_patches = False
    call_super_init = False
    training: bool

    def __init__(self, *args: Any, **kwargs: Any):
        if not self.call_super_init and (args or kwargs):
            name = type(self).__name__
            raise TypeError(
                f"{name}.__init__() got an unexpected keyword argument "
                f"'{next(iter(kwargs))}'" if kwargs else
                f"{name}.__init__() takes 1 positional argument but "
                f"{len(args) + 1} were given")
        hooks: dict[str, Any] = {kind: OrderedDict() for kind in HOOKS}
        self.__dict__.update(
            training=True, _parameters={}, _buffers={},
            _non_persistent_buffers_set=set(), _modules={}, **hooks)
        if self.call_super_init:
            super().__init__(*args, **kwargs)

    def forward(self, *input: Any) -> Any:
        """What the module computes: for subclasses to write."""
        raise NotImplementedError(
            f"Module [{type(self).__name__}] is missing the required "
            "\"forward\" function")

    def __setstate__(self, state: dict) -> None:
        for kind in HOOKS:
            state.setdefault(kind, OrderedDict())
        state.setdefault("_non_persistent_buffers_set", set())
        self.__dict__.update(state)

    # ---- looking around

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """Every parameter, once."""
        for _, param in self.named_parameters(recurse=recurse):
            yield param

    def named_parameters(
            self, prefix: str = "", recurse: bool = True,
            remove_duplicate: bool = True) -> Iterator[tuple[str, Parameter]]:
        """(dotted name, parameter) of every parameter."""
        return self._named_members(lambda m: m._parameters.items(), prefix,
                                   recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """Every buffer, once."""
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    def named_buffers(
            self, prefix: str = "", recurse: bool = True,
            remove_duplicate: bool = True) -> Iterator[tuple[str, Tensor]]:
        """(dotted name, buffer) of every buffer."""
        return self._named_members(lambda m: m._buffers.items(), prefix,
                                   recurse, remove_duplicate)

    def _named_members(self, members: Callable, prefix: str = "",
                       recurse: bool = True,
                       remove_duplicate: bool = True) -> Iterator:
        seen = set()
        modules = self.named_modules(
            prefix=prefix, remove_duplicate=remove_duplicate
        ) if recurse else [(prefix, self)]
        for path, module in modules:
            for name, value in members(module):
                if value is None or value in seen:
                    continue
                if remove_duplicate:
                    seen.add(value)
                yield f"{path}.{name}" if path else name, value

    def children(self) -> Iterator[Module]:
        """The modules directly below."""
        for _, module in self.named_children():
            yield module

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """(name, module) of the modules directly below."""
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def modules(self, remove_duplicate: bool = True) -> Iterator[Module]:
        """This module and all below it."""
        for _, module in self.named_modules(
                remove_duplicate=remove_duplicate):
            yield module

    def named_modules(
            self, memo: set | None = None, prefix: str = "",
            remove_duplicate: bool = True) -> Iterator[tuple[str, Module]]:
        """(dotted name, module) of this module and all below it."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                yield from module.named_modules(
                    memo, f"{prefix}.{name}" if prefix else name,
                    remove_duplicate)

    # ---- changing all at once

    def apply(self, fn: Callable[[Module], None]) -> Module:
        """Call fn on every module, children first."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def train(self, mode: bool = True) -> Module:
        """Training mode (dropout drops, batch norm learns), or not."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self) -> Module:
        """Evaluation mode."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Module:
        """Whether backward computes gradients for the parameters."""
        for p in self.parameters():
            p.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or (set_to_none=False) fill them with 0."""
        p: Any
        for p in self.parameters():
            if p.grad is None:
                continue
            if set_to_none:
                p.grad = None
                continue
            if p.grad.grad_fn is not None:
                p.grad.detach_()
            else:
                p.grad.requires_grad_(False)
            p.grad.zero_()

    def _apply(self, fn: Callable, recurse: bool = True) -> Module:
        """Replace every parameter's and buffer's values by fn of them."""
        for module in self.children() if recurse else ():
            module._apply(fn)
        for param in self._parameters.values():
            if param is None:
                continue
            with no_grad():
                param.data = fn(param)
                if param._grad is not None:
                    param._grad.data = fn(param._grad)
        for name, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def to(self, *args: Any, **kwargs: Any) -> Module:
        """Parameters and buffers in a floating dtype (or on a device).

        to(dtype), to(device, dtype), to(tensor); integers stay as they are.
        memory_format: how those of 4 and 5 dimensions lie in memory.
        """
        device, dtype, layout = destination(*args, **kwargs)
        require_cpu(device)
        if layout is not None:
            self._apply(lambda x: x.to(memory_format=layout)
                        if x.ndim in (4, 5) else x)
        if dtype is None:
            return self
        if not (dtype.is_floating_point or dtype.is_complex):
            raise TypeError(
                "nn.Module.to only accepts floating point or complex dtypes,"
                f" but got desired dtype={dtype}")
        if dtype.is_complex:
            warnings.warn(
                "Complex modules are a new feature under active development "
                "whose design may change, and some modules might not work as"
                " expected when using complex tensors as parameters or "
                "buffers.", stacklevel=2)
        return self._apply(lambda x: x.to(dtype) if is_float(x) else x)

    def type(self, dst_type: Any) -> Module:
        """Parameters and buffers, integers too, in a dtype."""
        return self._apply(lambda x: x.type(dst_type))

    def float(self) -> Module:
        """Floating-point parameters and buffers as float32."""
        return self._apply(lambda x: x.float() if is_real(x) else x)

    def double(self) -> Module:
        """Floating-point parameters and buffers as float64."""
        return self._apply(lambda x: x.double() if is_real(x) else x)

    def bfloat16(self) -> Module:
        """Refused: NumPy has no such numbers."""
        return self._apply(lambda x: x.bfloat16() if is_real(x) else x)

    def half(self) -> Module:
        """Floating-point parameters and buffers as float16."""
        return self._apply(lambda x: x.half() if is_real(x) else x)

    def cpu(self) -> Module:
        """The module itself: it is on the CPU."""
        return self._apply(lambda x: x.cpu())

    def cuda(self, device: Any = None) -> Module:
        """Refused where there is a tensor to move: no GPU is used here."""
        return self._apply(lambda x: x.cuda(device))

    def to_empty(self, *, device: Any, recurse: bool = True) -> Module:
        """The module itself: its memory is already on the CPU."""
        require_cpu(device)
        return self

    def share_memory(self) -> Module:
        """The module itself: threads share memory anyway."""
        return self

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: NumPy has nothing to compile."""

    # ---- in words

    def _get_name(self) -> str:
        return self.__class__.__name__

    def extra_repr(self) -> str:
        """What stands between the brackets of repr."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        if len(lines) == 1 and not self._modules:
            return f"{self._get_name()}({lines[0]})"
        for name, module in self._modules.items():
            lines.append(f"({name}): " + indented(repr(module)))
        if not lines:
            return f"{self._get_name()}()"
        return self._get_name() + "(\n  " + "\n  ".join(lines) + "\n)"


HOOKS = ("_backward_pre_hooks", "_backward_hooks", "_forward_hooks",
         "_forward_hooks_with_kwargs", "_forward_hooks_always_called",
         "_forward_pre_hooks", "_forward_pre_hooks_with_kwargs",
         "_state_dict_hooks", "_state_dict_pre_hooks",
         "_load_state_dict_pre_hooks", "_load_state_dict_post_hooks")


def indented(text: str, blank: bool = False) -> str:
    """All lines but the first moved in by two (empty ones if `blank`)."""
    first, *rest = text.split("\n")
    return "\n".join([first, *("  " + line if blank or line.strip() else ""
                               for line in rest)])


def is_real(x: Tensor) -> bool:
    return x.array.dtype.kind == "f"


def is_float(x: Tensor) -> bool:
    return x.array.dtype.kind in "fc"


def destination(*args: Any, device: Any = None, dtype: Any = None,
                non_blocking: bool = False, tensor: Any = None,
                copy: bool | None = None, memory_format: Any = None
                ) -> tuple[Any, Any, Any]:
    """(device, dtype, memory format) that the arguments of `to` ask for."""
    if copy is not None or sum(isinstance(a, bool) for a in args) > 1:
        raise RuntimeError(".to() does not accept copy argument")
    for arg in (*args, tensor):
        if isinstance(arg, Tensor):
            dtype = arg.dtype
        elif isinstance(arg, dtypes.dtype):
            dtype = arg
        elif isinstance(arg, type) and arg in dtypes.PYTHON:
            dtype = dtypes.PYTHON[arg]
        elif isinstance(arg, (str, device_type)) or type(arg) is int:
            device = arg
        elif arg is not None and not isinstance(arg, bool):
            raise TypeError(
                "to() received an invalid combination of arguments - got ("
                f"{type(arg).__name__})")
    return device, dtypes.of_python(dtype), memory_format
