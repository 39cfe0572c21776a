"""Differentiable operations: each is a value, and one rule per input.

Each chapter says beside its functions which are public (`__all__`), which
are methods of Tensor (`METHODS`) and which work in place (`IN_PLACE`).
"""
