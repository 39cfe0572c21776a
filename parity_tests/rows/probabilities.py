"""Rows: distributions, by density, draws, entropy and divergence."""

from __future__ import annotations

from typing import Any

from ..registry import pick, positive, row

KINDS = ("Normal", "Uniform", "Bernoulli", "Categorical", "Exponential",
         "Multinomial", "Independent")


def made(lib: Any, name: str, a: Any, b: Any) -> Any:
    """A distribution from two parameters in (0.2, 3.2)."""
    space = lib.distributions
    return {
        "Normal": lambda: space.Normal(a, b),
        "Uniform": lambda: space.Uniform(-a, b),
        "Bernoulli": lambda: space.Bernoulli(a / 4),
        "Categorical": lambda: space.Categorical(a),
        "Exponential": lambda: space.Exponential(a),
        "Multinomial": lambda: space.Multinomial(4, a),
        "Independent": lambda: space.Independent(space.Normal(a, b), 1),
    }[name]()


@row(*[f"distributions.{name}" for name in KINDS], examples=30)
def densities(lib: Any, rng: Any, name: str) -> tuple:
    word = name.split(".")[1]

    def call(a: Any, b: Any) -> list:
        lib.manual_seed(3)
        d = made(lib, word, a, b)
        x = d.sample((2,))
        found = [x, d.log_prob(x), d.mean, d.variance]
        if word != "Multinomial":
            found.append(d.entropy())
        if d.has_rsample:
            found.append(d.rsample((2,)) ** 2)
        if word in ("Normal", "Uniform", "Exponential"):
            found += [d.cdf(x), d.icdf(lib.sigmoid(x.detach()))]
        return found

    return call, (positive(rng, 2, 3), positive(rng, 2, 3))


PAIRS = (("Normal", "Normal"), ("Bernoulli", "Bernoulli"),
         ("Categorical", "Categorical"), ("Exponential", "Exponential"))


@row("distributions.kl_divergence", examples=40)
def divergences(lib: Any, rng: Any) -> tuple:
    p, q = pick(rng, *PAIRS)
    return (lambda a, b, c, d: lib.distributions.kl_divergence(
        made(lib, p, a, b), made(lib, q, c, d)),
        tuple(positive(rng, 2, 3) for _ in range(4)))
