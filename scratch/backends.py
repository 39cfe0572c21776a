"""Backends that a program may ask about; none of them is here."""

from __future__ import annotations


class Backend:
    """Switches that programs set; they change nothing on this CPU."""

    def __init__(self, name: str):
        self.name = name
        self.enabled = False
        self.benchmark = False
        self.deterministic = True
        self.allow_tf32 = False

    def is_available(self) -> bool:
        """Whether it can be used here: no."""
        return False

    def is_built(self) -> bool:
        """Whether it was built in: no."""
        return False

    def __repr__(self) -> str:
        return f"<backend {self.name}: not available>"


cudnn = Backend("cudnn")
mps = Backend("mps")
cuda = Backend("cuda")
mkldnn = Backend("mkldnn")
