"""One process, nothing compiled, nothing fetched: asked as torch is asked."""

from typing import Any

import pytest
import torch
import torch.hub
import torch.utils.hooks

import scratch

LIBS = (scratch, torch)


@pytest.mark.parametrize("lib", LIBS)
def test_there_is_no_group_of_processes(lib: Any) -> None:
    dist = lib.distributed
    assert not dist.is_initialized()
    assert not dist.is_torchelastic_launched()
    for ask in (dist.get_rank, dist.get_world_size, dist.barrier,
                lambda: dist.all_reduce(lib.ones(1))):
        with pytest.raises(ValueError, match="init_process_group"):
            ask()
    with pytest.raises(AssertionError):
        dist.destroy_process_group()


def test_a_group_cannot_be_made() -> None:
    assert not scratch.distributed.is_available()
    with pytest.raises(RuntimeError, match="one process"):
        scratch.distributed.init_process_group("gloo", rank=0, world_size=1)


@pytest.mark.parametrize("lib", LIBS)
def test_nothing_is_being_compiled(lib: Any) -> None:
    def double(x: Any) -> Any:
        return 2 * x

    compiler = lib.compiler
    assert not compiler.is_compiling() and not compiler.is_exporting()
    assert not compiler.is_dynamo_compiling()
    for mark in (compiler.disable, compiler.disable(),
                 compiler.allow_in_graph, compiler.assume_constant_result):
        assert mark(double)(3) == 6
    compiler.reset()


@pytest.mark.parametrize("lib", LIBS)
def test_processes_are_pythons_own(lib: Any) -> None:
    mp = lib.multiprocessing
    assert {"Process", "Queue", "Pool", "get_context"} <= set(dir(mp))
    before = mp.get_sharing_strategy()
    mp.set_sharing_strategy("file_system")
    assert mp.get_sharing_strategy() == "file_system"
    mp.set_sharing_strategy(before)
    assert before in mp.get_all_sharing_strategies()
    with pytest.raises(AssertionError):
        mp.set_sharing_strategy("telepathy")


def test_hub_keeps_its_folder_and_fetches_nothing(
        monkeypatch: pytest.MonkeyPatch) -> None:
    for home in ("XDG_CACHE_HOME", "TORCH_HOME"):
        monkeypatch.setenv(home, f"/somewhere/{home}")
        assert scratch.hub.get_dir() == torch.hub.get_dir()
    for ask in (scratch.hub.load_state_dict_from_url,
                scratch.utils.model_zoo.load_url):
        with pytest.raises(RuntimeError, match="fetches nothing"):
            ask("https://example.org/net.pth")


def test_a_hook_gives_back_a_handle() -> None:
    for lib in LIBS:
        layer = lib.nn.Linear(1, 1)
        handle = layer.register_forward_hook(lambda *_: None)
        assert isinstance(handle, lib.utils.hooks.RemovableHandle)
