"""Where a network runs: which device, and what stands on it."""

import platform
import subprocess
from pathlib import Path
from typing import Any

import torch


def try_gpu(i: int = 0) -> torch.device:
    """GPU number i where there is one, the CPU otherwise."""
    if torch.cuda.device_count() >= i + 1:
        return torch.device(f"cuda:{i}")
    return torch.device("cpu")


def try_all_gpus() -> list[torch.device]:
    """Every GPU, or the CPU alone."""
    count = torch.cuda.device_count()
    return [torch.device(f"cuda:{i}") for i in range(count)] or [
        torch.device("cpu")
    ]


def pick(name: str = "auto") -> torch.device:
    """The device of that name; a clear error now, not in the first layer.

    name: auto, cpu, cuda or cuda:i.
    """
    if name == "auto":
        return try_gpu()
    device = torch.device(name)
    if device.type == "cpu":
        return device
    if device.type != "cuda":
        raise ValueError(f"device is {name!r}; expected auto, cpu or cuda[:i]")
    found = torch.cuda.device_count()
    if found <= (device.index or 0):
        raise RuntimeError(
            f"device {name!r} was asked for, but torch {torch.__version__} "
            f"sees {found} GPUs; use --device cpu, or a torch built for the "
            "GPU's driver"
        )
    return torch.device("cuda", device.index or 0)


def describe(device: torch.device) -> dict[str, Any]:
    """What a measurement must say about the machine and the code."""
    facts: dict[str, Any] = dict(
        device=platform.processor() or platform.machine(),
        threads=torch.get_num_threads(),
        torch=torch.__version__,
        python=platform.python_version(),
        commit=commit(),
    )
    if device.type == "cuda":
        chip = torch.cuda.get_device_properties(device)
        facts.update(
            device=chip.name,
            memory=chip.total_memory,
            multiprocessors=chip.multi_processor_count,
            cuda=torch.version.cuda,
            cudnn=torch.backends.cudnn.version(),
        )
    return facts


def commit() -> str:
    """The commit of this checkout, or nothing outside one."""
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.strip()


def wait(device: torch.device) -> None:
    """Until the device has done all that it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
