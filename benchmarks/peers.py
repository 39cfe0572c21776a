"""What a user would pick instead: autograd, mygrad, JAX, on whole steps.

Forward, backward and SGD of the MLP and of LeNet, with the same weights and
batch; the losses of four steps must be equal before anything is timed. Each
convolution is the peer's own, used as its examples use it. A peer that is
not installed is named.
"""

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import timing
from benchmarks.timing import Sides

BATCH, LR = 256, 0.1
NETWORKS = ("mlp", "lenet")
PEERS = ("torch", "autograd", "mygrad", "jax")
Step = Callable[[], float]
Weights = list[np.ndarray]


def rows(quick: bool) -> list[str]:
    """LeNet is long in some of them: not in the quick form."""
    networks = NETWORKS[:1] if quick else NETWORKS
    return [f"{net} / {peer}" for net in networks for peer in PEERS]


def missing(row: str) -> str | None:
    """Why there is nothing to time."""
    peer = row.split(" / ")[1]
    if importlib.util.find_spec(peer) is None:
        return f"{peer} is not installed"
    return None


def start(network: str) -> tuple[Weights, np.ndarray, np.ndarray]:
    """The network's own first weights, a batch of images, their labels."""
    import scratch
    from scratch.networks import NETWORKS as networks

    scratch.manual_seed(0)
    net = networks[network]()
    weights = [p.detach().numpy().copy() for p in net.parameters()]
    rng = np.random.default_rng(0)
    x = rng.random((BATCH, 1, 28, 28), np.float32)
    return weights, x, rng.integers(0, 10, BATCH)


def stepping(lib: Any, networks: Any, network: str) -> Step:
    """The step in torch's words."""
    weights, x, labels = start(network)
    net = networks[network]()
    with lib.no_grad():
        for p, w in zip(net.parameters(), weights):
            p.copy_(lib.from_numpy(w))
    optimizer = lib.optim.SGD(net.parameters(), lr=LR)
    images, classes = lib.from_numpy(x), lib.from_numpy(labels)

    def step() -> float:
        optimizer.zero_grad()
        loss = lib.nn.functional.cross_entropy(net(images), classes)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def of_torch(network: str) -> Step:
    import torch

    from torchref.networks import NETWORKS as networks

    return stepping(torch, networks, network)


def of_scratch(network: str) -> Step:
    import scratch
    from scratch.networks import NETWORKS as networks

    return stepping(scratch, networks, network)


def cross_entropy(np_: Any, z: Any, y: Any) -> Any:
    """Of logits z and one-hot y, in any library with NumPy's names."""
    z = z - np_.max(z, axis=1, keepdims=True)
    logs = z - np_.log(np_.sum(np_.exp(z), axis=1, keepdims=True))
    return -np_.sum(y * logs) / BATCH


def mlp(np_: Any, ws: Any, x: Any, *_: Any) -> Any:
    hidden = np_.maximum(x.reshape(BATCH, -1) @ ws[0].T + ws[1], 0)
    return hidden @ ws[2].T + ws[3]


def lenet(np_: Any, ws: Any, x: Any, conv: Any, sigmoid: Any) -> Any:
    """conv(x, w): the peer's, without padding; x comes padded."""

    def pooled(x: Any) -> Any:
        n, c, h, w = x.shape
        return x.reshape(n, c, h // 2, 2, w // 2, 2).mean(axis=(3, 5))

    for w, b in (ws[0:2], ws[2:4]):
        x = pooled(sigmoid(conv(x, w) + b.reshape(1, -1, 1, 1)))
    x = x.reshape(BATCH, -1)
    x = sigmoid(x @ ws[4].T + ws[5])
    x = sigmoid(x @ ws[6].T + ws[7])
    return x @ ws[8].T + ws[9]


def prepared(network: str) -> tuple[Weights, np.ndarray, np.ndarray, Any]:
    """Weights, images (padded for LeNet's first layer), one-hot labels and
    the network."""
    weights, x, labels = start(network)
    y = np.eye(10, dtype=np.float32)[labels]
    if network == "mlp":
        return weights, x, y, mlp
    return weights, np.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2))), y, lenet


def of_autograd(network: str) -> Step:
    import autograd
    import autograd.numpy as anp
    from autograd.scipy.signal import convolve

    ws, x, y, net = prepared(network)
    places = dict(axes=([2, 3], [2, 3]), dot_axes=([1], [1]), mode="valid")

    def conv(x: Any, w: Any) -> Any:
        # autograd: a true convolution turns the kernel; turned before, it
        # does what torch's does
        return convolve(x, w[:, :, ::-1, ::-1], **places)

    def sigmoid(x: Any) -> Any:
        return 1 / (1 + anp.exp(-x))

    both = autograd.value_and_grad(
        lambda ws: cross_entropy(anp, net(anp, ws, x, conv, sigmoid), y)
    )

    def step() -> float:
        nonlocal ws
        value, gs = both(ws)
        ws = [w - np.float32(LR) * g for w, g in zip(ws, gs)]
        return float(value)

    return step


def of_mygrad(network: str) -> Step:
    import mygrad
    from mygrad.nnet.activations import sigmoid
    from mygrad.nnet.layers import conv_nd

    weights, x, y, net = prepared(network)
    ws = [mygrad.tensor(w) for w in weights]

    def conv(x: Any, w: Any) -> Any:
        return conv_nd(x, w, stride=1)

    def step() -> float:
        loss = cross_entropy(mygrad, net(mygrad, ws, x, conv, sigmoid), y)
        loss.backward()
        for w in ws:
            w.data -= LR * w.grad
            w.null_grad()
        return float(loss.data)

    return step


def of_jax(network: str) -> Step:
    import jax
    import jax.numpy as jnp

    weights, images, labels, net = prepared(network)
    ws = [jnp.asarray(w) for w in weights]
    x, y = jnp.asarray(images), jnp.asarray(labels)

    def conv(x: Any, w: Any) -> Any:
        return jax.lax.conv(x, w, (1, 1), "VALID")

    @jax.jit
    def update(ws: Any) -> Any:
        value, gs = jax.value_and_grad(
            lambda ws: cross_entropy(
                jnp, net(jnp, ws, x, conv, jax.nn.sigmoid), y
            )
        )(ws)
        return value, [w - LR * g for w, g in zip(ws, gs)]

    def step() -> float:
        nonlocal ws
        value, ws = update(ws)
        return float(value)

    return step


MAKERS: dict[str, Callable[[str], Step]] = {
    "torch": of_torch,
    "autograd": of_autograd,
    "mygrad": of_mygrad,
    "jax": of_jax,
}


def sides(row: str) -> Sides:
    """Our step and the peer's."""
    network, peer = row.split(" / ")
    ours, theirs = of_scratch(network), MAKERS[peer](network)

    def check() -> float:
        pair = [[step() for _ in range(4)] for step in (ours, theirs)]
        error = max(abs(a - b) / abs(b) for a, b in zip(*pair))
        return timing.require(error, 1e-4, f"losses of {row}")

    return Sides(ours, theirs, check)
