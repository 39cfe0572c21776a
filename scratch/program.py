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
from scratch.torch_version import TorchVersion

# torch's names of our modules, where they differ from `torch.` + ours
ELSEWHERE = {
    "torch": "scratch",
    "torch.functional": "scratch",
    "torch.return_types": "scratch.ops.return_types",
    "torch.autograd.grad_mode": "scratch.modes",
    "torch.amp.autocast_mode": "scratch.amp",
    "torch.amp.grad_scaler": "scratch.amp",
    "torch.cuda.amp.autocast_mode": "scratch.cuda.amp",
    "torch.cuda.amp.grad_scaler": "scratch.cuda.amp",
    "torch.nn.parallel.data_parallel": "scratch.nn.parallel",
    "torch.nn.parallel.distributed": "scratch.nn.parallel",
    "torch.signal.windows.windows": "scratch.signal.windows",
    "torch.utils.data._utils.collate": "scratch.utils.data.collate",
    "torch.utils.data._utils.worker": "scratch.utils.data.worker",
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
        name = module.__spec__.name
        module.__spec__ = self.specs[name]
        for theirs, ours in ELSEWHERE.items():
            # a folder of theirs that is one file of ours
            if theirs.rpartition(".")[0] == name:
                sys.modules[theirs] = importlib.import_module(ours)


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
    version.__version__ = version.TORCH
    scratch.__version__ = TorchVersion(version.TORCH)
    try:
        runpy.run_path(str(program), run_name="__main__")
    finally:
        version.__version__ = str(ours)
        scratch.__version__ = ours
        sys.meta_path.remove(finder)
        sys.argv, sys.path[:] = argv, path
        for name in [name for name in sys.modules
                     if name.split(".")[0] in ("torch", "torchvision")]:
            del sys.modules[name]
        sys.modules.update(hidden)
