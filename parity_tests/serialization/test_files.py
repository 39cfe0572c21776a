"""A file is whole or not there, whatever stops a save."""

import io
import os
import stat

import numpy as np
import pytest

from parity_tests.serialization.ways import plain, saved
from scratch.serialization import files, load, save
from scratch.tensor import wrap


def test_a_saved_file_keeps_its_mode_and_its_links(tmp_path):
    path, link = tmp_path / "x.pt", tmp_path / "link.pt"
    save(1, path)
    expected = 0o666 & ~_umask()
    assert stat.S_IMODE(path.stat().st_mode) == expected
    path.chmod(0o640)
    link.symlink_to("x.pt")
    save(2, link)
    assert link.is_symlink() and load(path) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_device_is_written_to_not_replaced(tmp_path):
    null = tmp_path / "null"
    null.symlink_to(os.devnull)
    save(1, null)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    if os.path.exists("/dev/full"):
        with pytest.raises(OSError, match="No space left"):
            save(1, "/dev/full")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"),
                                   KeyboardInterrupt(), MemoryError()],
                         ids=lambda error: type(error).__name__)  # fmt: skip
def test_whatever_stops_a_save_the_old_file_stands(
    tmp_path, monkeypatch, error
):
    path = tmp_path / "x.pt"
    save("old", path)
    real, calls = files.whole, []

    def failing(file):
        put = real(file)

        def some(data):
            calls.append(1)
            if len(calls) == stop:
                real(file)(memoryview(data)[: len(data) // 2])
                raise error
            put(data)

        return some

    monkeypatch.setattr(files, "whole", failing)
    for stop in range(1, 40):
        calls.clear()
        try:
            save({"x": wrap(np.ones(9)), "new": stop}, path)
        except type(error):
            assert load(path) == "old" and os.listdir(tmp_path) == ["x.pt"]
        else:
            break
    assert stop > 10 and load(path)["new"] == stop
    assert os.listdir(tmp_path) == ["x.pt"]


class Slow(io.BytesIO):
    """A file that takes three bytes at a time and gives two."""

    def write(self, data):
        return super().write(memoryview(data)[:3])

    def read(self, n=-1):
        return super().read(min(n, 2))


class Silent:
    """A file-like object whose write tells nothing."""

    def __init__(self):
        self.data = b""

    def write(self, data):
        self.data += bytes(data)


def test_short_writes_and_reads_are_carried_on():
    slow, silent = Slow(), Silent()
    x = {"x": wrap(np.arange(5.0))}
    for file in (slow, silent):
        save(x, file)
    assert slow.getvalue() == silent.data == saved(x)
    slow.seek(0)
    slow.read = lambda n=-1: io.BytesIO.read(slow, min(n, 8))
    assert plain(load(slow)) == plain(x)


def test_what_killed_saves_left_is_swept_away(tmp_path):
    path = tmp_path / "x[1].pt"
    old, young = (
        tmp_path / ".x[1].pt.12.saving",
        tmp_path / ".x[1].pt.34.saving",
    )
    other = tmp_path / ".x1.pt.12.saving"
    for left in (old, young, other):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    save(1, path)
    assert sorted(tmp_path.iterdir()) == sorted([path, young, other])
