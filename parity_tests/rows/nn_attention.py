"""Rows: attention, and the Transformer's layers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from ..layers import SEED, bent, function, function_of
from ..registry import pick, real, row


def stepwise(draw: Callable) -> Callable:
    """A draw in which torch computes attention step by step: its fused
    kernels have no second derivative."""
    def drawn(lib: Any, rng: Any, *names: str) -> tuple:
        call, arrays = draw(lib, rng, *names)

        def steps(*xs: Any) -> Any:
            with (sdpa_kernel(SDPBackend.MATH) if lib is torch
                  else nullcontext()):
                return call(*xs)

        return steps, arrays

    return drawn


@function("scaled_dot_product_attention", order=1, examples=40)
def attention(rng: Any) -> tuple:
    lead = pick(rng, (), (2,), (2, 3))
    source, target, e = (int(n) for n in rng.integers(1, 5, 3))
    options: dict[str, Any] = {"scale": pick(rng, None, 0.7)}
    kind = rng.integers(4)
    if kind == 0:
        options["is_causal"] = True
    if kind == 1:
        options["attn_mask"] = rng.random((target, source)) < 0.6
    if kind == 2:
        options["attn_mask"] = rng.standard_normal((target, source))
    return options, (real(rng, *lead, target, e), real(
        rng, *lead, source, e), real(rng, *lead, source, e))


@function("scaled_dot_product_attention", order=1, examples=10)
def shared_heads(rng: Any) -> tuple:
    return {"enable_gqa": True}, (real(rng, 2, 4, 3, 5), real(
        rng, 2, 2, 4, 5), real(rng, 2, 2, 4, 5))


@row("nn.functional.scaled_dot_product_attention")
@stepwise
def attention_twice(lib: Any, rng: Any) -> tuple:
    options, arrays = pick(rng, attention, attention, shared_heads)(rng)
    return function_of(lib, "nn.functional.scaled_dot_product_attention",
                       options), arrays


def padding(rng: Any, n: int, source: int) -> np.ndarray:
    """True where a key is left out; the first never is."""
    where = rng.random((n, source)) < 0.4
    where[:, 0] = False
    return where


@row("nn.MultiheadAttention", "nn.functional.multi_head_attention_forward",
     order=1, examples=30)
def heads(lib: Any, rng: Any, name: str) -> tuple:
    n, source, target = (int(k) for k in rng.integers(1, 4, 3))
    kdim = pick(rng, None, 3)
    options = {"bias": bool(rng.integers(2)), "kdim": kdim,
               "add_bias_kv": bool(rng.integers(2)), "add_zero_attn": bool(
                   rng.integers(2)), "dropout": pick(rng, 0.0, 0.3)}
    train, weights = bool(rng.integers(2)), bool(rng.integers(2))
    if train and not weights:
        options["dropout"] = 0.0  # torch: fused, and drawn otherwise
    masks = [padding(rng, n, source) if rng.integers(2) else None,
             rng.standard_normal((target, source)) if rng.integers(2)
             else None]
    if masks[0] is not None and masks[1] is not None:
        masks[0] = np.where(masks[0], -np.inf, 0.0)
    given = dict(need_weights=weights, average_attn_weights=bool(
        rng.integers(2)))

    def call(q: Any, k: Any, v: Any) -> list:
        lib.manual_seed(SEED)
        layer = lib.nn.MultiheadAttention(4, 2, **options).to(q.dtype)
        layer.train(train)
        told = [None if m is None else lib.from_numpy(m) if m.dtype == bool
                else lib.from_numpy(m).to(q.dtype) for m in masks]
        y, w = layer(q, k, v, told[0], attn_mask=told[1], **given)
        slopes = lib.autograd.grad(y.square().sum(), list(
            layer.parameters()), retain_graph=True)
        return bent([y] if w is None else [y, w]) + list(slopes)

    size = kdim or 4
    return call, (real(rng, target, n, 4), real(rng, source, n, size),
                  real(rng, source, n, 4))


row("nn.MultiheadAttention", "nn.functional.multi_head_attention_forward")(
    stepwise(heads))


@row("nn.TransformerEncoderLayer", "nn.TransformerEncoder",
     "nn.TransformerDecoderLayer", "nn.TransformerDecoder", order=1,
     examples=16)
def transformers(lib: Any, rng: Any, name: str) -> tuple:
    options = {"batch_first": bool(rng.integers(2)), "norm_first": bool(
        rng.integers(2)), "activation": pick(rng, "relu", "gelu"),
        "dropout": 0.0, "bias": bool(rng.integers(2))}
    coder = "Encoder" if "Encoder" in name else "Decoder"
    source, target, n = 3, 2, 2
    left_out = padding(rng, n, source) if rng.integers(2) else None
    mask = np.triu(np.ones((source, source), bool), 1) if rng.integers(
        2) else None

    def call(x: Any, *memory: Any) -> list:
        lib.manual_seed(SEED)
        net = getattr(lib.nn, f"Transformer{coder}Layer")(
            4, 2, 6, **options)
        if not name.endswith("Layer"):
            more = {"enable_nested_tensor": False} if (
                coder == "Encoder") else {}
            net = getattr(lib.nn, f"Transformer{coder}")(
                net, 2, lib.nn.LayerNorm(4), **more)
        net = net.to(x.dtype)
        p, m = (None if a is None else lib.from_numpy(a)
                for a in (left_out, mask))
        if coder == "Encoder":
            y = net(x, m, src_key_padding_mask=p)
        else:
            y = net(x, *memory, memory_key_padding_mask=p)
        slopes = lib.autograd.grad(y.square().sum(), list(
            net.parameters()), retain_graph=True)
        return bent(y) + list(slopes)

    def sequence(length: int) -> np.ndarray:
        lead = (n, length) if options["batch_first"] else (length, n)
        return real(rng, *lead, 4)

    if coder == "Encoder":
        return call, (sequence(source),)
    return call, (sequence(target), sequence(source))


@row("nn.Transformer", order=1, examples=16)
def whole_transformer(lib: Any, rng: Any) -> tuple:
    first, causal = (bool(rng.integers(2)) for _ in range(2))
    source, target, n = 3, 2, 2
    shapes = [(n, length, 4) if first else (length, n, 4)
              for length in (source, target)]

    def call(src: Any, tgt: Any) -> list:
        lib.manual_seed(SEED)
        net = lib.nn.Transformer(4, 2, 1, 2, 6, 0.0, batch_first=first)
        net = net.to(src.dtype)
        mask = net.generate_square_subsequent_mask(target, dtype=src.dtype)
        y = net(src, tgt, tgt_mask=mask if causal else None,
                tgt_is_causal=causal)
        slopes = lib.autograd.grad(y.square().sum(), list(
            net.parameters()), retain_graph=True)
        return bent(y) + list(slopes)

    return call, tuple(real(rng, *shape) for shape in shapes)


row("nn.TransformerEncoderLayer", "nn.TransformerEncoder",
    "nn.TransformerDecoderLayer", "nn.TransformerDecoder")(
    stepwise(transformers))
