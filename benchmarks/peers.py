"""What a user would pick instead: autograd, mygrad, JAX, on the MLP step.

The same network, weights and batch; the losses of four steps must be equal
to ours before anything is timed. A peer that is not installed is named.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

BATCH, LR = 256, 0.1
Step = Callable[[], float]


def start() -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Weights of 784-256-10, a batch of images, one-hot labels."""
    rng = np.random.default_rng(0)
    weights = [rng.normal(0, 0.05, s).astype("f") for s in (
        (784, 256), (256,), (256, 10), (10,))]
    x = rng.random((BATCH, 784)).astype("f")
    return weights, x, np.eye(10, dtype="f")[rng.integers(0, 10, BATCH)]


def loss_of(np_: Any, ws: Any, x: Any, y: Any) -> Any:
    """Cross-entropy of the MLP, in any library with NumPy's names."""
    hidden = np_.maximum(x @ ws[0] + ws[1], 0)
    z = hidden @ ws[2] + ws[3]
    z = z - np_.max(z, axis=1, keepdims=True)
    logs = z - np_.log(np_.sum(np_.exp(z), axis=1, keepdims=True))
    return -np_.sum(y * logs) / BATCH


def of_torch(lib: Any) -> Step:
    weights, x, y = start()
    ws = [lib.from_numpy(w).requires_grad_() for w in weights]
    images, labels = lib.from_numpy(x), lib.from_numpy(y.argmax(1))
    functional = lib.nn.functional

    def step() -> float:
        for w in ws:
            w.grad = None
        hidden = functional.relu(lib.addmm(ws[1], images, ws[0]))
        loss = functional.cross_entropy(
            lib.addmm(ws[3], hidden, ws[2]), labels)
        loss.backward()
        with lib.no_grad():
            for w in ws:
                w -= LR * w.grad
        return loss.item()

    return step


def of_autograd() -> Step:
    import autograd
    import autograd.numpy as anp

    ws, x, y = start()
    both = autograd.value_and_grad(lambda ws: loss_of(anp, ws, x, y))

    def step() -> float:
        nonlocal ws
        value, gs = both(ws)
        ws = [w - np.float32(LR) * g for w, g in zip(ws, gs)]
        return float(value)

    return step


def of_mygrad() -> Step:
    import mygrad

    weights, x, y = start()
    ws = [mygrad.tensor(w) for w in weights]

    def step() -> float:
        loss = loss_of(mygrad, ws, x, y)
        loss.backward()
        for w in ws:
            w.data -= LR * w.grad
            w.null_grad()
        return float(loss.data)

    return step


def of_jax() -> Step:
    import jax
    import jax.numpy as jnp

    ws, x, y = start()
    ws = [jnp.asarray(w) for w in ws]

    @jax.jit
    def update(ws: Any) -> Any:
        value, gs = jax.value_and_grad(lambda ws: loss_of(jnp, ws, x, y))(ws)
        return value, [w - LR * g for w, g in zip(ws, gs)]

    def step() -> float:
        nonlocal ws
        value, ws = update(ws)
        return float(value)

    return step


def peers() -> dict[str, Step | str]:
    """Every peer's step, or why there is none."""
    import torch

    found: dict[str, Step | str] = {"torch": of_torch(torch)}
    for name, make in (("autograd", of_autograd), ("mygrad", of_mygrad),
                       ("jax", of_jax)):
        try:
            found[name] = make()
        except ImportError:
            found[name] = "not installed"
    return found


def measure(blocks: int, seconds: float) -> dict[str, Any]:
    """Our step's time over each peer's."""
    import scratch
    from benchmarks import timing

    result: dict[str, Any] = {}
    for name, step in peers().items():
        if isinstance(step, str):
            result[name] = step
            continue
        ours = of_torch(scratch)

        def check(step: Step = step, ours: Step = ours) -> float:
            pair = [[s() for _ in range(4)] for s in (ours, step)]
            error = max(abs(a - b) for a, b in zip(*pair))
            return timing.require(error, 1e-4, "losses")

        result[name] = timing.compare(
            f"MLP step / {name}", ours, step, check, blocks, seconds)
    return result
