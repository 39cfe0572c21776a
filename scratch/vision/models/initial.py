"""How the weights of these networks start: He's way, or a cut bell curve.

Normalisations start as y = x by themselves.
"""

from __future__ import annotations

from scratch import nn


def he_weights(net: nn.Module) -> None:
    """Convolutions N(0, 2 / fan_out), linear layers N(0, 0.01²), biases 0
    (He et al., 2015)"""
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(
                layer.weight, mode="fan_out", nonlinearity="relu"
            )
        elif isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, 0, 0.01)
        else:
            continue
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def truncated_weights(net: nn.Module, std: float) -> None:
    """N(0, std²) between -2 and 2; a layer's own `stddev` goes first."""
    for layer in net.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            own = float(getattr(layer, "stddev", std))
            nn.init.trunc_normal_(layer.weight, 0.0, own, -2, 2)
