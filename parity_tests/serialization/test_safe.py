"""safetensors files of either side are read by the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity_tests.serialization.ways import plain
from parity_tests.strategies import anything
from scratch.serialization import (
    LoadError,
    load,
    load_safetensors,
    save_safetensors,
)
from scratch.tensor import wrap


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8"), max_size=5),
        anything(),
    )
)  # fmt: skip
def test_safetensors_files_go_there_and_back(tmp_path_factory, arrays):
    st_torch = pytest.importorskip("safetensors.torch")
    path = tmp_path_factory.getbasetemp() / "x.safetensors"
    save_safetensors({k: wrap(a) for k, a in arrays.items()}, path, {"a": "b"})
    expected = {k: plain(wrap(a)) for k, a in arrays.items()}
    assert {k: plain(x) for k, x in load_safetensors(path).items()} == expected
    theirs = st_torch.load_file(path)
    assert {k: plain(x) for k, x in theirs.items()} == expected
    st_torch.save_file({k: x.contiguous() for k, x in theirs.items()}, path)
    # torch: load tells these files by their name.
    assert {k: plain(x) for k, x in load(path).items()} == expected


def test_a_damaged_safetensors_file_is_refused(tmp_path):
    pytest.importorskip("safetensors")
    path = tmp_path / "x.safetensors"
    with pytest.raises(TypeError, match="a dict of str to Tensor"):
        save_safetensors({"x": np.ones(2)}, path)
    save_safetensors({"x": wrap(np.ones(2))}, path)
    raw = path.read_bytes()
    for n in range(len(raw)):
        path.write_bytes(raw[:n])
        with pytest.raises(LoadError):
            load_safetensors(path)
