"""What the constructors of the optimizers ask of their arguments."""

from __future__ import annotations

from typing import Any

from scratch.tensor import Tensor

FUSED_ON = ["mps", "cuda", "xpu", "hpu", "cpu", "mtia", "privateuseone"]
CAPTURABLE_ON = ["cuda", "xpu", "hpu", "privateuseone", "xla"]


def check(holds: Any, what: str, value: Any) -> None:
    """Refuse a value in torch's words: "Invalid learning rate: -1"."""
    if not holds:
        raise ValueError(f"Invalid {what}: {value}")


def check_not_negative(what: str, value: Any) -> None:
    """Refuse what is below 0; NaN is not, and passes as in torch."""
    check(not value < 0.0, what, value)


def check_one_number(lr: Any) -> None:
    """A learning rate that is a tensor has one element."""
    if isinstance(lr, Tensor) and lr.array.size != 1:
        raise ValueError("Tensor lr must be 1-element")


def check_lr(lr: Any) -> None:
    """A learning rate is a number ≥ 0, or a tensor of one."""
    check_one_number(lr)
    check(0.0 <= lr, "learning rate", lr)


def check_betas(betas: Any) -> None:
    """The decay rates of two running means: 0 ≤ β < 1."""
    for i in 0, 1:
        check(0.0 <= betas[i] < 1.0, f"beta parameter at index {i}", betas[i])


def check_switches(
    differentiable: bool,
    foreach: bool | None = None,
    fused: bool | None = None,
) -> None:
    """Refuse switches that exclude each other.

    foreach and fused choose between forms of the same formula, and here is
    one for all.
    """
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def check_group(group: dict[str, Any], params: list[Tensor]) -> None:
    """What torch finds out at the first step rather than before."""
    if group.get("capturable"):
        raise AssertionError(
            "If capturable=True, params and state_steps must be on "
            f"supported devices: {CAPTURABLE_ON}."
        )
    for p in params if group.get("fused") else ():
        if p.array.dtype.kind != "f":
            raise RuntimeError(
                "`fused=True` requires all the params to be floating point "
                f"Tensors of supported devices: {FUSED_ON} but {p.dtype} "
                "and cpu"
            )
