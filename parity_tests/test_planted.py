"""`python -m parity_tests planted` in full, and how it goes about it."""

import ast

import scratch

from . import planted


def test_an_error_in_any_rule_is_caught() -> None:
    assert planted.show()


def test_an_error_is_planted_in_one_place_alone() -> None:
    x = scratch.ones(3, dtype=scratch.float64, requires_grad=True)

    def grads(change: object) -> list:
        with planted.changed(change):
            y = (x * 2 + (x * x)).sum()
            return scratch.autograd.grad(y, x)[0].tolist()

    places: list = []

    def note(place: object, g: object) -> object:
        places.append(place)
        return g

    assert grads(note) == [4.0] * 3
    wrong = [grads(lambda at, g, place=place: g + 1 if at == place else g)
             for place in places]
    assert all(found != [4.0] * 3 for found in wrong)
    assert len(set(places)) >= 3


def test_what_was_never_walked_is_named() -> None:
    tree = ast.parse(
        "def f(x):\n"
        "    def rule(g):\n        return g\n"
        "    def refuse(g):\n        raise RuntimeError\n"
        "    record(x, (x, rule))\n"
        "    record(x, (x, refuse))\n"
        "    return record(x, (x, lambda g: 2 * g))\n")
    refusing = set(planted.refusals(tree))
    assert list(planted.call_lines(tree, refusing)) == [6, 8]
    assert sorted(planted.rule_texts(tree, refusing)) == [(2,), (8, 35)]
