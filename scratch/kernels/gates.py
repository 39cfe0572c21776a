"""The gates of a recurrent step, after its products: LSTM and GRU.

The slopes are formulas of arrays or of tensors alike: a backward that is
recorded computes them with the same lines.
"""

from typing import Any

import numpy as np

from scratch.kernels.pointwise import sigmoid


def quarters(z: np.ndarray) -> list[np.ndarray]:
    """i, f, g, o: σ, σ, tanh and σ of the quarters of z (N, 4 H)"""
    i, f, g, o = np.split(sigmoid(z), 4, 1)
    np.tanh(np.split(z, 4, 1)[2], out=g)
    return [i, f, g, o]


def lstm_slopes(
    gates: Any, c: Any, t: Any, gh: Any, gc: Any
) -> tuple[list, Any]:
    """The gradients of the quarters of z, and of the old c.

    c′ = f c + i g,  h = o t,  t = tanh c′;  gh and gc come for h and c′.
    """
    i, f, g, o = gates
    gc = gc + gh * o * (1 - t * t)
    parts = [
        gc * g * (i * (1 - i)),
        gc * c * (f * (1 - f)),
        gc * i * (1 - g * g),
        gh * t * (o * (1 - o)),
    ]
    return parts, gc * f


def thirds(x: np.ndarray, y: np.ndarray) -> tuple:
    """r = σ(x₁ + y₁),  z = σ(x₂ + y₂),  n = tanh(x₃ + r y₃) of the thirds
    of x and y (N, 3 H); y₃ as well"""
    two = x.shape[1] // 3 * 2
    r, z = np.split(sigmoid(x[:, :two] + y[:, :two]), 2, 1)
    n = r * y[:, two:]
    n += x[:, two:]
    return r, z, np.tanh(n, out=n), y[:, two:]


def gru_slopes(gates: Any, h: Any, g: Any) -> tuple[list, list, Any]:
    """The gradients of the thirds of x and of y, and of the old h.

    h′ = (h - n) z + n;  g comes for h′.
    """
    r, z, n, y = gates
    of_z = g * (h - n) * (z * (1 - z))
    of_n = (g - g * z) * (1 - n * n)
    of_r = of_n * y * (r * (1 - r))
    return [of_r, of_z, of_n], [of_r, of_z, of_n * r], g * z
