"""Small spaces of torch that compute nothing: types, marks, what is built."""

import importlib
import os
import re
from operator import attrgetter
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
import torch.types
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.types
from scratch import program

LIBS: list[Any] = [scratch, torch]


@given(st.text())
def test_nothing_is_counted(event: str) -> None:
    for lib in LIBS:
        assert lib._C._log_api_usage_once(event) is None


@pytest.mark.parametrize("word", [
    "types.Number", "types.Device", "types.FileLike", "types._size",
    "types._TensorOrTensors", "types._TensorOrOptionalTensors",
    "serialization.MAP_LOCATION"])
def test_kinds_of_arguments_have_torchs_parts(word: str) -> None:
    parts = [{part.__name__ for part in get_args(attrgetter(word)(lib))}
             for lib in LIBS]
    assert parts[0] == parts[1]


SIZES = [name for name in vars(torch.nn.common_types)
         if name.endswith("_t") and not name.startswith("__")]


@pytest.mark.parametrize("name", sorted(SIZES))
def test_sizes_of_layers_have_torchs_parts(name: str) -> None:
    ours, theirs = (str(getattr(lib.nn.common_types, name)) for lib in LIBS)
    parts = [plain_parts(text) for text in (ours, theirs)]
    assert parts[0] == parts[1]


def plain_parts(text: str) -> set[str]:
    """The parts of a union, however it is written."""
    text = text.replace("typing.", "").replace("scratch.", "torch.")
    text = text.replace("tensor.Tensor", "Tensor").replace("None", "NoneType")
    text = text.removeprefix("Union[").replace("NoneTypeType", "NoneType")
    return set(re.findall(r"tuple\[.*?\]|[\w.~]+", text.replace(" ", "")))


def test_protocols_and_names_of_files() -> None:
    for word in ("serialization.DEFAULT_PROTOCOL", "hub.HASH_REGEX"):
        assert attrgetter(word)(scratch) == attrgetter(word)(torch)
    for lib in LIBS:
        for word in ("TracerWarning", "ScriptWarning"):
            assert issubclass(getattr(lib.jit, word), Warning)
        collate = lib.utils.data._utils.collate.default_collate
        assert collate is lib.utils.data.default_collate
        kinds = lib.amp.grad_scaler.OptState if lib is torch else (
            scratch.amp.OptState)
        assert {kind.name: kind.value for kind in kinds} == {
            "READY": 0, "UNSCALED": 1, "STEPPED": 2}


@pytest.mark.filterwarnings("ignore:`torch.jit:FutureWarning")
@given(st.integers(-2**63, 2**63 - 1), st.integers(-2**63, 2**63 - 1))
def test_a_forked_call_is_done_at_once(x: int, y: int) -> None:
    for lib in LIBS:
        future = lib.jit.fork(divmod, x, y or 1)
        assert future.done() and lib.jit.wait(future) == divmod(x, y or 1)
        with pytest.raises(ZeroDivisionError):
            lib.jit.fork(divmod, x, 0)


@given(st.one_of(st.integers(), st.floats(), st.booleans(), st.text(),
                 st.none(), st.binary()))  # fmt: skip
def test_what_a_number_and_a_device_are(x: Any) -> None:
    for word in ("Number", "_Number", "Device", "_bool", "_int", "_float",
                 "_complex", "_str", "_bytes"):
        found = [isinstance(x, getattr(lib.types, word)) for lib in LIBS]
        assert found[0] == found[1], word


def test_devices_and_storages() -> None:
    for lib in LIBS:
        cpu, types = lib.device("cpu"), lib.types
        assert isinstance(cpu, types.Device)
        assert not isinstance(cpu, types.Number)
        assert (types._dtype, types._layout) == (lib.dtype, lib.layout)
    assert isinstance(scratch.ones(2).untyped_storage(), scratch.types.Storage)


def test_what_this_library_stands_on() -> None:
    text = scratch.__config__.show()
    assert text.startswith("scratch ") and " built with:\n  - " in text
    assert "NumPy" in text and text.endswith("\n")


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_are_told_in_torchs_lines(threads: int) -> None:
    told = []
    for lib in LIBS:
        before = lib.get_num_threads()
        try:
            lib.set_num_threads(threads)
            told.append(lib.__config__.parallel_info().split("\n"))
        finally:
            lib.set_num_threads(before)
    ours = {line for line in told[0][:-2] if not line.startswith("std")}
    assert len(ours) == 5 and ours <= set(told[1])
    asked = os.environ.get("OMP_NUM_THREADS", "[not set]")
    assert f"\tOMP_NUM_THREADS : {asked}" in told[0]


@pytest.mark.parametrize("space", ["profiler", "autograd.profiler"])
@given(name=st.text(max_size=3), args=st.none() | st.text(max_size=3))
def test_a_part_of_a_program_has_a_name(space: str, name: str,
                                        args: str | None) -> None:
    for lib in LIBS:
        mark = importlib.import_module(
            f"{lib.__name__}.{space}").record_function
        with mark(name, args) as found:
            y = lib.ones(2, requires_grad=True) * 2
        assert (found.name, found.args) == (name, args)
        assert y.requires_grad

        @mark(name)
        def double(x: Any) -> Any:
            """Twice x."""
            return x * 2

        assert double(3) == double(3) == 6 and double.__doc__ == "Twice x."
        with pytest.raises(KeyError), mark(name):
            raise KeyError
        for bad in ((3,), (name, 3), (None,)):
            with pytest.raises(RuntimeError, match="Expected a value of"):
                mark(*bad).__enter__()


def test_there_is_no_tensorboard_to_write_to() -> None:
    with pytest.raises(ModuleNotFoundError, match="'tensorboard'") as caught:
        importlib.import_module("scratch.utils.tensorboard")
    assert caught.value.name == "tensorboard"


PROGRAM = """
import torch
import torch._C, torch.futures, torch.profiler
from torch.types import Device, Number, _size
from torch.nn.common_types import _size_2_t
from torch.amp.grad_scaler import GradScaler, OptState
from torch.amp.autocast_mode import autocast
from torch.cuda.amp.grad_scaler import GradScaler as _
from torch.nn.parallel.distributed import DistributedDataParallel
from torch.nn.parallel.data_parallel import DataParallel
from torch.utils.data._utils.collate import default_collate
from torch.utils.data._utils.worker import get_worker_info
from torch.return_types import max as _
from torch.torch_version import TorchVersion
import torch.utils.data._utils as u, torch.return_types as r, torch.amp as a
assert u.collate.default_collate is torch.utils.data.default_collate
assert isinstance(torch.ones(1, 2).max(0), r.max)
assert isinstance(torch.__version__, TorchVersion) and a.autocast is autocast
assert torch.__version__ >= "2.4" and torch.__version__ >= (2, 10)
assert isinstance(torch.cuda.Stream, type)
assert torch.cuda.is_current_stream_capturing() is False
assert torch.functional.einsum is torch.einsum
from torch.autograd.profiler import record_function
torch._C._log_api_usage_once("x")
print(torch.types.Number is Number, len(torch.__config__.show()) > 9)
try:
    from torch.utils.tensorboard import SummaryWriter
except ImportError as error:
    print(error.name)
"""


def test_a_program_finds_them(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    program.run(path, [])
    assert capsys.readouterr().out == "True True\ntensorboard\n"
