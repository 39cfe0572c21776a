"""How fast, and how exactly: each speed-up is one named option."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import nn

PRECISIONS = ("float64", "float32", "tf32", "bf16", "float16")


@dataclass(frozen=True)
class Options:
    """What changes the speed of a run, and its result by rounding alone.

    precision      float64, float32; tf32: the matrix units' float32 with 10
                   bits; bf16, float16: matrix products in half the bytes,
                   weights and sums in float32 (float16 scales the loss)
    channels_last  a pixel's channels side by side, as the units read them
    fused          the optimizer's step for all parameters in one kernel
    compile        pointwise layers joined into few kernels, by torch.compile
    graph          so many steps are recorded once, then launched as one CUDA
                   graph; 0: every kernel is launched by Python
    wait           read the loss after every step: what a log line would cost
    deterministic  the same bits from the same seed on the same device
    accumulate     gradients of so many parts of a batch, one after another
    sync_bn        batch statistics over all processes, not over each
    save_every     a checkpoint every so many steps, besides every epoch's
    """

    precision: str = "float32"
    channels_last: bool = False
    fused: bool = False
    compile: bool = False
    graph: int = 0
    wait: bool = False
    deterministic: bool = False
    accumulate: int = 1
    sync_bn: bool = False
    save_every: int = 0

    def __post_init__(self) -> None:
        if self.precision not in PRECISIONS:
            raise ValueError(
                f"precision is {self.precision!r}; expected one of "
                + ", ".join(PRECISIONS)
            )
        if self.accumulate < 1 or self.graph < 0 or self.save_every < 0:
            raise ValueError(
                "accumulate must be at least 1, graph and save_every at "
                f"least 0; got {self.accumulate}, {self.graph} and "
                f"{self.save_every}"
            )

    def recorded(self, device: torch.device) -> bool:
        """Whether steps become a CUDA graph: not where one may be skipped (by
        float16's loss scale), or where Python waits for it."""
        plain = self.precision != "float16" and not self.wait
        return device.type == "cuda" and self.graph > 0 and plain

    @property
    def dtype(self) -> torch.dtype:
        """Of the weights and of the data."""
        double = self.precision == "float64"
        return torch.float64 if double else torch.float32


def fastest(device: torch.device, small: bool, processes: int = 1) -> Options:
    """What is exact enough to be on without asking. A network on small
    images is all launches: many of its steps go into one, and halving the
    bytes of its products would only add the kernels that halve them."""
    if device.type != "cuda":
        return Options()
    alone = processes == 1
    return Options(
        precision="tf32" if small else "bf16",
        channels_last=not small,
        fused=True,
        compile=True,
        graph=(39 if small else 1) if alone else 0,
    )


def autocast(
    options: Options, device: torch.device
) -> contextlib.AbstractContextManager:
    """Where matrix products are taken in half precision."""
    kinds = {"bf16": torch.bfloat16, "float16": torch.float16}
    kind = kinds.get(options.precision)
    if kind is None:
        return contextlib.nullcontext()
    return torch.autocast(device.type, kind)


@contextlib.contextmanager
def numerics(options: Options) -> Iterator[None]:
    """torch's global switches as the options want them, then as before."""
    cudnn = torch.backends.cudnn
    products = torch.get_float32_matmul_precision()
    before = (cudnn.allow_tf32, cudnn.benchmark, cudnn.deterministic)
    strict = torch.are_deterministic_algorithms_enabled()
    try:
        tf32 = options.precision == "tf32"
        torch.set_float32_matmul_precision("high" if tf32 else "highest")
        cudnn.allow_tf32 = tf32
        cudnn.benchmark = not options.deterministic
        cudnn.deterministic = options.deterministic
        if options.deterministic:
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
            # warn_only: max pooling's gradient is named as not exact, but is
            # so where channels come first
            torch.use_deterministic_algorithms(True, warn_only=True)
        yield
    finally:
        torch.set_float32_matmul_precision(products)
        cudnn.allow_tf32, cudnn.benchmark, cudnn.deterministic = before
        torch.use_deterministic_algorithms(strict)


def exact(options: Options) -> Options:
    """The same bits every time: nothing tuned by the clock, channels first."""
    return replace(options, deterministic=True, channels_last=False)


def place(net: nn.Module, options: Options, device: torch.device) -> nn.Module:
    """The network on the device, in the options' dtype and memory order."""
    net = net.to(device, options.dtype)
    if options.channels_last:
        net = net.to(memory_format=torch.channels_last)
    return net
