"""The loop's small tools count, time, draw and train."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from torchref import synthetic, tools


def batches(n: int = 64) -> list[tuple[torch.Tensor, torch.Tensor]]:
    images = synthetic.toy(True, n=n)
    return [images.batch(rows) for rows in torch.arange(n).split(8)]


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9))))
def test_sums_add_up(pairs: list[tuple[int, int]]) -> None:
    sums = tools.Accumulator(2)
    for pair in pairs:
        sums.add(*pair)
    assert [sums[0], sums[1]] == [sum(p[i] for p in pairs) for i in (0, 1)]
    sums.reset()
    assert sums.data == [0, 0]


def test_a_stopwatch_adds_up() -> None:
    timer = tools.Timer()
    timer.stop()
    timer.start()
    timer.stop()
    assert timer.sum() == pytest.approx(timer.cumsum()[-1])
    assert timer.avg() * 2 == pytest.approx(timer.sum())
    assert min(timer.times) >= 0


def test_curves_are_kept_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    animator = tools.Animator(legend=["loss"], path=path)
    animator.add(1, (0.5, None))
    animator.add(2, (0.25, 0.75))
    text = path.read_text()
    assert text.count("<polyline") == 2
    assert "loss" in text and "curve 2" in text


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_accuracy_counts_the_right_ones(labels: list[int]) -> None:
    y = torch.tensor(labels)
    logits = torch.nn.functional.one_hot(y, 4).float()
    assert tools.accuracy(logits, y) == len(labels)
    assert tools.accuracy(y, y) == len(labels)
    assert tools.accuracy((y + 1) % 4, y) == 0


@pytest.mark.parametrize("reduction", ["none", "mean"])
def test_a_softmax_network_learns(reduction: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    rule = torch.optim.SGD(net.parameters(), lr=0.1)
    data = batches()
    loss = nn.CrossEntropyLoss(reduction=reduction)
    animator = tools.Animator(path=tmp_path / "a.svg")
    lines = tools.train(net, data, data, loss, 5, rule, animator)
    assert lines[-1][0] < 0.1 * lines[0][0]
    assert lines[-1][2] == 1 == tools.evaluate_accuracy(net, data)


def test_an_own_update_serves_too() -> None:
    torch.manual_seed(0)
    w = torch.zeros(784, 10, requires_grad=True)

    def update(n: int) -> None:
        with torch.no_grad():
            w.sub_(0.1 * w.grad / n)
            w.grad.zero_()

    loss = nn.CrossEntropyLoss(reduction="none")
    data = batches()
    net = lambda x: x.flatten(1) @ w
    first, _ = tools.train_epoch(net, data, loss, update)
    last, _ = tools.train_epoch(net, data, loss, update)
    assert last < first


def test_a_convolutional_network_learns(
    capsys: pytest.CaptureFixture,
) -> None:
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(1, 4, 5, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(576, 10),
    )
    data = batches()
    device = tools.try_gpu(99)
    lines = tools.train_on_device(net, data, data, 5, 0.05, device)
    assert device.type == "cpu"
    assert lines[-1][1] > 0.9
    assert "examples/sec on cpu" in capsys.readouterr().out
