"""Rows: losses, as functions and as modules."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layers import layer
from ..registry import between, pick, positive, real, row, shape, ties


def reduction(rng: Any) -> dict:
    return {"reduction": pick(rng, "mean", "sum", "none")}


def weighted(rng: Any, *size: int) -> dict:
    """Half of the time a weight of this shape."""
    return {"weight": 0.2 + rng.random(size)} if rng.integers(2) else {}


def two(rng: Any) -> tuple:
    size = shape(rng, 0, 3)
    return real(rng, *size), real(rng, *size)


@layer("mse_loss", "MSELoss")
@layer("l1_loss", "L1Loss")
def regression(rng: Any) -> tuple:
    return reduction(rng), two(rng)


@layer("smooth_l1_loss", "SmoothL1Loss")
def smooth(rng: Any) -> tuple:
    return reduction(rng) | {"beta": pick(rng, 1.0, 0.3, 2.0)}, two(rng)


@layer("huber_loss", "HuberLoss")
def huber(rng: Any) -> tuple:
    return reduction(rng) | {"delta": pick(rng, 1.0, 0.3, 2.0)}, two(rng)


@layer("l1_loss", "L1Loss", order=1, examples=20)
@layer("smooth_l1_loss", "SmoothL1Loss", order=1, examples=20)
@layer("huber_loss", "HuberLoss", order=1, examples=20)
def regression_at_kinks(rng: Any) -> tuple:
    return reduction(rng), (ties(rng, 3, 4), ties(rng, 3, 4))


def classes(rng: Any, c: int, size: tuple, ignored: int) -> np.ndarray:
    y = np.asarray(rng.integers(0, c, size))
    return np.where(rng.random(size) < 0.2, ignored, y) if y.size > 1 else y


def sizes(rng: Any) -> tuple[int, tuple, tuple]:
    """Classes, the shape of the scores, the shape of the targets."""
    c, n = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    rest = pick(rng, (), (), (2,), (2, 3))
    if not rest and rng.random() < 0.2:
        return c, (c,), ()
    return c, (n, c, *rest), (n, *rest)


@layer("cross_entropy", "CrossEntropyLoss", examples=60)
def cross_entropy(rng: Any) -> tuple:
    c, of_scores, of_targets = sizes(rng)
    options = reduction(rng) | weighted(rng, c)
    if rng.integers(2):
        options["label_smoothing"] = 0.2
    x = real(rng, *of_scores)
    if rng.random() < 0.3:  # probabilities as targets
        p = positive(rng, *of_scores)
        return options, (x, p / p.sum(min(1, p.ndim - 1), keepdims=True))
    options["ignore_index"] = ignored = int(pick(rng, -100, 1))
    return options, (x, classes(rng, c, of_targets, ignored))


@layer("nll_loss", "NLLLoss")
@layer("", "NLLLoss2d", examples=12)
def likelihood(rng: Any) -> tuple:
    c, of_scores, of_targets = sizes(rng)
    ignored = int(pick(rng, -100, 1))
    options = reduction(rng) | weighted(rng, c) | {"ignore_index": ignored}
    x = real(rng, *of_scores)
    if x.ndim == 4:  # torch: no gradient of images with transposed memory
        x = np.ascontiguousarray(x)
    return options, (x, classes(rng, c, of_targets, ignored))


@layer("binary_cross_entropy", "BCELoss")
def binary(rng: Any) -> tuple:
    size = shape(rng, 1, 3)
    return (reduction(rng) | weighted(rng, *size),
            (between(rng, 0.05, 0.95, *size), between(
                rng, 0.05, 0.95, *size)))


@layer("binary_cross_entropy_with_logits", "BCEWithLogitsLoss")
def binary_logits(rng: Any) -> tuple:
    size = shape(rng, 1, 3, smallest=1)
    options = reduction(rng) | weighted(rng, *size)
    if rng.integers(2):
        options["pos_weight"] = 0.2 + rng.random(size[-1])
    return options, (real(rng, *size), between(rng, 0, 1, *size))


@layer("kl_div", "KLDivLoss")
def divergence(rng: Any) -> tuple:
    size = shape(rng, 1, 3, smallest=1)
    x = np.log(positive(rng, *size) / 4) - 2  # few terms below 0
    y = positive(rng, *size) / 4
    log = bool(rng.integers(2))
    how = pick(rng, "mean", "sum", "none", "batchmean")
    return ({"reduction": how, "log_target": log},
            (x, np.log(y) if log else y))


@layer("gaussian_nll_loss", "GaussianNLLLoss")
def gaussian(rng: Any) -> tuple:
    size = shape(rng, 1, 3, smallest=1)
    variance = pick(rng, size, size[:-1], (*size[:-1], 1))
    return (reduction(rng) | {"full": bool(rng.integers(2)),
                              "eps": pick(rng, 1e-6, 0.5)},
            (real(rng, *size), real(rng, *size), positive(rng, *variance)))


@layer("poisson_nll_loss", "PoissonNLLLoss")
def poisson(rng: Any) -> tuple:
    size = shape(rng, 1, 3)
    log = bool(rng.integers(2))
    return (reduction(rng) | {"log_input": log, "full": bool(
        rng.integers(2)), "eps": pick(rng, 1e-8, 0.1)},
        (real(rng, *size) if log else positive(rng, *size),
         positive(rng, *size)))


@layer("multi_margin_loss", "MultiMarginLoss", order=1)
def multi_margin(rng: Any) -> tuple:
    n, c = (int(k) for k in rng.integers(2, 5, 2))
    lead = pick(rng, (n,), (n,), ())
    return (reduction(rng) | weighted(rng, c) | {
        "p": int(pick(rng, 1, 2)), "margin": pick(rng, 1.0, 0.4)},
        (real(rng, *lead, c), np.asarray(rng.integers(0, c, lead))))


@layer("multilabel_margin_loss", "MultiLabelMarginLoss", order=1)
def multi_label_margin(rng: Any) -> tuple:
    n, c = int(rng.integers(1, 4)), int(rng.integers(2, 5))
    lead = pick(rng, (n,), ())
    y = rng.permuted(np.broadcast_to(np.arange(c), (*lead, c)), axis=-1)
    y[..., int(rng.integers(0, c + 1)):] = -1
    return reduction(rng), (real(rng, *lead, c), y.copy())


@layer("multilabel_soft_margin_loss", "MultiLabelSoftMarginLoss")
def multi_label_soft(rng: Any) -> tuple:
    n, c = (int(k) for k in rng.integers(1, 5, 2))
    return (reduction(rng) | weighted(rng, c),
            (real(rng, n, c), between(rng, 0, 1, n, c)))


def signs(rng: Any, *size: int) -> np.ndarray:
    return np.asarray(2.0 * rng.integers(0, 2, size) - 1)


@layer("soft_margin_loss", "SoftMarginLoss", fixed=(1,))
def soft_margin(rng: Any) -> tuple:
    size = shape(rng, 0, 3)
    return reduction(rng), (  # torch: no derivative in the targets
        real(rng, *size), signs(rng, *size).astype(np.int64))


@layer("hinge_embedding_loss", "HingeEmbeddingLoss")
def hinge(rng: Any) -> tuple:
    size = shape(rng, 0, 3)
    return (reduction(rng) | {"margin": pick(rng, 1.0, 0.3)},
            (real(rng, *size), signs(rng, *size)))


@layer("margin_ranking_loss", "MarginRankingLoss")
def ranking(rng: Any) -> tuple:
    size = shape(rng, 0, 2)
    return (reduction(rng) | {"margin": pick(rng, 0.0, 0.5)},
            (real(rng, *size), real(rng, *size), signs(rng, *size)))


@layer("cosine_embedding_loss", "CosineEmbeddingLoss")
def cosine(rng: Any) -> tuple:
    n, d = int(rng.integers(1, 4)), int(rng.integers(3, 6))
    lead = pick(rng, (n,), ())
    return (reduction(rng) | {"margin": pick(rng, 0.0, 0.3)},
            (real(rng, *lead, d), real(rng, *lead, d), signs(rng, *lead)))


@layer("triplet_margin_loss", "TripletMarginLoss")
def triplet(rng: Any) -> tuple:
    n, d = int(rng.integers(1, 4)), int(rng.integers(3, 6))
    lead = pick(rng, (n,), ())
    return (reduction(rng) | {
        "margin": pick(rng, 1.0, 3.0), "p": float(pick(rng, 2, 3)),
        "swap": bool(rng.integers(2))},
        tuple(real(rng, *lead, d) for _ in range(3)))


@layer("triplet_margin_with_distance_loss", "TripletMarginWithDistanceLoss",
       examples=20)
def triplet_by_distance(rng: Any) -> tuple:
    options: dict[str, Any] = {"margin": pick(rng, 1.0, 3.0),
                               "swap": bool(rng.integers(2))}
    if rng.integers(2):
        options["distance_function"] = pick(
            rng, lambda x, y: (x - y).abs().sum(-1),
            lambda x, y: ((x - y) ** 2).sum(-1))
    return reduction(rng) | options, tuple(
        real(rng, 3, 4) for _ in range(3))


@row("nn.functional.ctc_loss", "nn.CTCLoss", order=1, examples=40)
def alignment(lib: Any, rng: Any, name: str) -> tuple:
    span, n, classes = (int(k) for k in rng.integers(1, 6, 3))
    classes += 1
    lengths = rng.integers(0, 3, n)
    times = rng.integers(1, span + 1, n)
    words = {"blank": int(rng.integers(classes)), **reduction(rng)}
    words["zero_infinity"] = bool(rng.integers(4))
    letters = [k for k in range(classes) if k != words["blank"]]
    texts = rng.choice(letters, (n, max(int(lengths.max()), 1)))
    if rng.integers(2):
        texts = np.concatenate([t[:k] for t, k in zip(texts, lengths)])

    def call(x: Any) -> Any:
        given = [lib.from_numpy(a) for a in (texts, times, lengths)]
        if name == "nn.CTCLoss":
            return lib.nn.CTCLoss(**words)(x.log_softmax(2), *given)
        return lib.nn.functional.ctc_loss(x, *given, **words)

    return call, (np.log(rng.dirichlet(np.ones(classes), (span, n))),)
