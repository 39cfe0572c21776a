"""Devices: the CPU is the only one that NumPy computes on."""

from __future__ import annotations

from typing import Any

TYPES = ("cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep",
         "hip", "ve", "fpga", "maia", "xla", "lazy", "vulkan", "mps", "meta",
         "hpu", "mtia", "privateuseone")


class device:
    """Where a tensor lives: `device('cpu')`, `device('cuda', 0)`."""

    __slots__ = ("type", "index")

    def __init__(self, type: Any, index: int | None = None):
        if isinstance(type, device):
            type, index = type.type, type.index
        if isinstance(type, int) and not isinstance(type, bool):
            type, index = "cuda", type
        name, colon, number = str(type).partition(":")
        if name not in TYPES:
            raise RuntimeError(
                f"Expected one of {', '.join(TYPES)} device type at start of "
                f"device string: {type}")
        if colon and not number.isdigit():
            raise RuntimeError(f"Invalid device string: '{type}'")
        if isinstance(index, int) and index < 0:
            raise RuntimeError(
                f"Device index must not be negative, got {index}")
        self.type: str = name
        self.index = int(number) if colon else index

    def __repr__(self) -> str:
        if self.index is None:
            return f"device(type='{self.type}')"
        return f"device(type='{self.type}', index={self.index})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return (isinstance(other, device)
                and (self.type, self.index) == (other.type, other.index))

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __enter__(self) -> device:
        """with device("cpu"): where new tensors live, in a block of code."""
        require_cpu(self)
        return self

    def __exit__(self, *stopped: Any) -> None:
        pass

    def __reduce__(self) -> Any:
        return device, ((self.type,) if self.index is None
                        else (self.type, self.index))


CPU = device("cpu")


def get_default_device() -> device:
    """Where new tensors live: on the CPU."""
    return CPU


def set_default_device(device: Any) -> None:
    """Choose where new tensors live: only the CPU is here."""
    require_cpu(device)


def require_cpu(where: Any) -> None:
    """Refuse a device that is not here, as torch without a GPU does."""
    if where is None or device(where).type == "cpu":
        return
    name = device(where).type
    if name == "cuda":
        raise RuntimeError(
            "Found no NVIDIA driver on your system. This library computes "
            f"on the CPU only; device must be 'cpu', not '{where}'")
    raise RuntimeError(
        f"PyTorch is not linked with support for {name} devices: this "
        f"library computes on the CPU only; device must be 'cpu'")
