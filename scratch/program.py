"""Run a torch program unchanged: `torch` is answered by this library."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import runpy
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import scratch
from scratch import version

# torch's names of our modules, where they differ from `torch.` + ours
ELSEWHERE = {
    "torch": "scratch",
    "torch.func": "scratch.autograd.func",
    "torch.functional": "scratch",
    "torch.autograd.grad_mode": "scratch.modes",
    "torch.amp.autocast_mode": "scratch.amp",
    "torch.amp.grad_scaler": "scratch.amp",
    "torch.cuda.random": "scratch.cuda",
    "torchvision": "scratch.vision",
}


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers imports of torch and torchvision with scratch's modules."""

    def __init__(self) -> None:
        self.specs: dict[str, Any] = {}

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name.split(".")[0] not in ("torch", "torchvision"):
            return None
        return importlib.util.spec_from_loader(name, self)

    def create_module(self, spec: Any) -> ModuleType:
        ours = our_name(spec.name)
        try:
            module = importlib.import_module(ours)
            self.specs[spec.name] = module.__spec__
            return module
        except ModuleNotFoundError as missing:
            if (missing.name or "").split(".")[0] != "scratch":
                raise  # another package, for which our module asks
            raise ModuleNotFoundError(
                f"No module named '{spec.name}': this library has no "
                f"{ours}", name=spec.name) from None

    def exec_module(self, module: ModuleType) -> None:
        """It has run already, and keeps its own name."""
        assert module.__spec__ is not None
        module.__spec__ = self.specs[module.__spec__.name]


def our_name(name: str) -> str:
    """scratch.nn.functional for torch.nn.functional."""
    for theirs, ours in sorted(ELSEWHERE.items(),
                               key=lambda pair: -len(pair[0])):
        if name == theirs or name.startswith(theirs + "."):
            if name in ELSEWHERE:
                return ELSEWHERE[name]
            return ours + name[len(theirs):]
    return name


def run(program: Path, arguments: list[str]) -> None:
    """Run a file as __main__, as `python program.py arguments` would."""
    known = {name for name in sys.modules
             if name.split(".")[0] in ("torch", "torchvision")}
    hidden = {name: sys.modules.pop(name) for name in known}
    finder, argv, path = Finder(), sys.argv, list(sys.path)
    sys.meta_path.insert(0, finder)
    sys.argv = [str(program), *arguments]
    sys.path.insert(0, str(program.resolve().parent))
    sys.modules["torch"] = scratch
    ours = scratch.__version__
    scratch.__version__ = version.__version__ = version.TORCH
    try:
        runpy.run_path(str(program), run_name="__main__")
    finally:
        scratch.__version__ = version.__version__ = ours
        sys.meta_path.remove(finder)
        sys.argv, sys.path[:] = argv, path
        for name in [name for name in sys.modules
                     if name.split(".")[0] in ("torch", "torchvision")]:
            del sys.modules[name]
        sys.modules.update(hidden)
