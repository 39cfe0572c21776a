"""Where a network is trained: here, on the one device there is."""

import scratch as torch


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
