"""Without a GPU, a layer over several GPUs is the layer itself."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

LIBS = (scratch, torch)


@given(st.integers(0, 3), st.sampled_from([None, [], [0], [0, 1]]))
def test_dataparallel_is_its_module(n: int, devices: Any) -> None:
    shown = []
    for lib in LIBS:
        lib.manual_seed(0)
        net = lib.nn.Linear(2, 3)
        wide = lib.nn.DataParallel(net, device_ids=devices)
        x = lib.ones(n, 2)
        assert wide.module is net and (wide(x) - net(input=x)).norm() == 0
        assert wide.device_ids == [] and wide.eval().module.training is False
        assert lib.nn.parallel.DataParallel is lib.nn.DataParallel
        shown.append((repr(wide), list(wide.state_dict()), wide(x).tolist()))
    assert shown[0][:2] == shown[1][:2]
    np.testing.assert_allclose(shown[0][2], shown[1][2], rtol=1e-6)


@pytest.mark.parametrize("lib", LIBS)
def test_a_group_of_processes_is_refused(lib: Any) -> None:
    with pytest.raises(ValueError, match="init_process_group"):
        lib.nn.parallel.DistributedDataParallel(lib.nn.Linear(1, 1))


@pytest.mark.parametrize("path", [
    "modules.batchnorm._BatchNorm", "modules.Linear", "modules.loss._Loss",
    "modules.module.Module", "modules.conv.Conv2d",
    "modules.activation.ReLU", "modules.container.Sequential"])
def test_torchs_folder_of_layers_has_its_names(path: str) -> None:
    for lib in LIBS:
        found = lib.nn
        for word in path.split("."):
            found = getattr(found, word)
        assert found.__name__ == path.split(".")[-1]
