"""torch.utils.data._utils: where torch keeps how batches are made."""

from scratch.utils.data import collate, worker

__all__ = ["collate", "worker"]
