"""Fourier transforms and windows: names of steps, and what is refused."""

import pytest
import torch

import scratch
from parity_tests.nn.tools import complaint

REFUSALS = """
torch.fft.fft(k(1.))
torch.fft.fft(r(4), n=0)
torch.fft.fft(r(4), dim=2)
torch.fft.fft(r(4), norm='x')
torch.fft.fft(r(4).half())
torch.fft.fft([1, 2])
torch.fft.fft(r(0))
torch.fft.rfft(r(4) + 0j)
torch.fft.ihfft(r(4) + 0j)
torch.fft.rfftn(r(2, 4) + 0j)
torch.fft.irfft(r(1))
torch.fft.irfft(r(3), n=0)
torch.fft.fft2(r(4))
torch.fft.fftn(r(2, 3), s=(2,), dim=(0, 1))
torch.fft.fftn(r(2, 3), s=(2, 2, 2))
torch.fft.fftn(r(2, 3), dim=(0, 0))
torch.fft.rfftn(r(2, 3), dim=())
torch.fft.irfftn(r(2, 3), dim=())
torch.fft.irfftn(r(2, 1))
torch.fft.hfftn(r(2, 3), dim=())
torch.fft.ihfft2(r(4))
torch.fft.ihfftn(r(2, 4) + 0j)
torch.fft.ihfftn(r(2, 4).half())
torch.hann_window(-1)
torch.hann_window(5.5)
torch.hann_window(5, dtype=torch.complex64)
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_they_refuse(call: str) -> None:
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said


@pytest.mark.parametrize("call", [
    "fft(x)", "rfft(x)", "irfft(x)", "hfft(x)", "fft2(x)", "rfft2(x)",
    "irfft2(x)", "ifftn(x)", "hfft2(x)", "ihfftn(x)",
    "ihfftn(x[0])", "fftshift(x)", "fft(x + 0j)", "ifft(x + 0j)"])
def test_steps_have_torchs_names(call: str) -> None:
    names = []
    for lib in (scratch, torch):
        x = lib.ones(4, 6).requires_grad_()
        step = eval(call, {**vars(lib.fft), "x": x}).grad_fn
        names.append(step.name())
    assert names[0] == names[1]


@pytest.mark.parametrize("name", [
    "hann", "hamming", "blackman", "bartlett", "kaiser"])
def test_windows_of_every_dtype(name: str) -> None:
    for word in ("float16", "float32", "float64"):
        both = [getattr(lib, name + "_window")(
            9, dtype=getattr(lib, word)) for lib in (scratch, torch)]
        assert str(both[0].dtype) == str(both[1].dtype)
        room = 4e-3 if word == "float16" else 1e-6
        assert abs(both[0].numpy() - both[1].numpy()).max() < room
    assert scratch.hann_window(3, requires_grad=True).requires_grad


@pytest.mark.parametrize("name", ["fft", "ifftn", "rfft2", "hfft", "ihfftn"])
def test_they_write_where_they_are_told(name: str) -> None:
    x = scratch.arange(12.0).reshape(3, 4)
    transform = getattr(scratch.fft, name)
    y = transform(x)
    out = scratch.empty(0, dtype=y.dtype)
    assert transform(x, out=out) is out
    assert (out == y).all()
    with pytest.raises(RuntimeError, match="result type|complex output"):
        scratch.fft.fft(x, out=scratch.empty(3, 4))
    with pytest.raises(RuntimeError, match="automatic differentiation"):
        transform(x.clone().requires_grad_(), out=out)


WINDOW_REFUSALS = """
hann(-1)
hamming(3, dtype=torch.float16)
blackman(-1)
nuttall(3, dtype=torch.int64)
exponential(3, tau=0)
exponential(3, center=1.0)
gaussian(3, std=0)
kaiser(3, beta=-1)
general_cosine(3, a=[])
general_cosine(3, a=1)
""".strip().split("\n")


@pytest.mark.parametrize("call", WINDOW_REFUSALS)
def test_what_signal_windows_refuse(call: str) -> None:
    said = complaint(f"torch.signal.windows.{call}", torch)
    assert said is not None
    assert complaint(f"torch.signal.windows.{call}", scratch) == said


def test_signal_windows_join_the_graph() -> None:
    for lib in (scratch, torch):
        w = lib.signal.windows.gaussian(5, sym=False, requires_grad=True)
        assert w.requires_grad and not w.is_leaf
        assert lib.signal.windows.kaiser(1, requires_grad=True).is_leaf
        half = lib.signal.windows.exponential(4, center=0.0, sym=False)
        assert half[0].item() == 1
