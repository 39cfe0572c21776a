"""torch.hub: models from the internet; this library fetches none."""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import urlparse  # noqa: F401 - torch: found here too

__all__ = ["download_url_to_file", "get_dir", "help", "list", "load",
           "load_state_dict_from_url", "set_dir"]

# a file's first digits of SHA-256, as in resnet18-f37072fd.pth
HASH_REGEX = re.compile(r"-([a-f0-9]*)\.")
_folder = [""]


def get_dir() -> str:
    """The folder of what was fetched."""
    home = os.getenv("XDG_CACHE_HOME", "~/.cache")
    return _folder[0] or os.path.join(os.path.expanduser(
        os.getenv("TORCH_HOME", os.path.join(home, "torch"))), "hub")


def set_dir(d: Any) -> None:
    """Choose the folder of what was fetched."""
    _folder[0] = os.path.expanduser(d)


def refuse(name: str) -> Any:
    """The reason why nothing is fetched."""
    raise RuntimeError(
        f"torch.hub.{name}: this library fetches nothing from the internet "
        "and runs no code from there; fetch the file yourself and give it "
        "to torch.load")


def load(repo_or_dir: Any, model: Any, *args: Any, **kwargs: Any) -> Any:
    """Refused: it would fetch and run code."""
    return refuse("load")


def list(github: Any, *args: Any, **kwargs: Any) -> Any:
    """Refused: it would fetch and run code."""
    return refuse("list")


def help(github: Any, model: Any, *args: Any, **kwargs: Any) -> Any:
    """Refused: it would fetch and run code."""
    return refuse("help")


def load_state_dict_from_url(url: str, *args: Any, **kwargs: Any) -> Any:
    """Refused: it would fetch a file."""
    return refuse("load_state_dict_from_url")


def download_url_to_file(url: str, dst: str, *args: Any,
                         **kwargs: Any) -> None:
    """Refused: it would fetch a file."""
    refuse("download_url_to_file")
