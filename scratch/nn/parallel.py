"""A batch over several GPUs: without one, the module itself."""

from __future__ import annotations

from typing import Any

from ..device import require_cpu
from .module import Module

__all__ = ["DataParallel", "DistributedDataParallel"]


class DataParallel(Module):
    """y = module(x): there is no GPU to share the batch with

    The parameters' names begin with `module.`, as on several GPUs.
    """

    def __init__(self, module: Module, device_ids: Any = None,
                 output_device: Any = None, dim: int = 0):
        super().__init__()
        self.dim, self.module = dim, module
        self.device_ids: list = []  # torch: a wish for GPUs is passed over

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        return self.module(*inputs, **kwargs)


class DistributedDataParallel(Module):
    """Refused: there are no groups of processes here."""

    def __init__(self, module: Module, device_ids: Any = None,
                 **options: Any):
        super().__init__()
        for where in device_ids or ():
            require_cpu(where)
        raise ValueError(
            "Default process group has not been initialized, please make "
            "sure to call init_process_group.")
