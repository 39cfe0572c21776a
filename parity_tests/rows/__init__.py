"""How every promised name is drawn, a chapter a file."""

from importlib import import_module
from pathlib import Path


def load() -> None:
    """Register the rows of all chapters."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem != "__init__":
            import_module(f"{__name__}.{path.stem}")
