"""torch.utils.hooks: what registering a hook gives back."""

from ..node import Handle as RemovableHandle

__all__ = ["RemovableHandle"]
