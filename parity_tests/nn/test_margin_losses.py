"""Losses of margins and distributions: errors, old arguments, names."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch

import scratch
from parity_tests.nn.tools import both, complaint

WRONG = """
F.kl_div(r(3),r(3),reduction='foo')
F.kl_div(r(3),k([1,2,3]),reduction='sum')
F.kl_div([1.],r(3),reduction='sum')
F.kl_div(r(3),[1.],reduction='batchmean')
F.poisson_nll_loss(r(3),r(3),reduction='foo')
F.poisson_nll_loss(r(3),1.)
F.gaussian_nll_loss(r(3,4),r(3,4),r(2,4).abs())
F.gaussian_nll_loss(r(3,4),r(3,4),r(2).abs())
F.gaussian_nll_loss(r(3,4),r(3,4),-r(3,4).abs())
F.gaussian_nll_loss(r(3,4),r(3,4),-0.5)
F.gaussian_nll_loss(r(3,4),r(3,4),0.5,reduction='foo')
F.multi_margin_loss(r(3,4),r(3))
F.multi_margin_loss(r(3,4),k([0,1,2]).int())
F.multi_margin_loss(r(3,4),k([0,1,4]))
F.multi_margin_loss(r(3,4),k([0,1,-1]))
F.multi_margin_loss(r(3,4),k([0,1,2]),p=3)
F.multi_margin_loss(r(3,4),k([0,1]))
F.multi_margin_loss(r(4),k([0,1]))
F.multi_margin_loss(r(2,3,4),k([0,1]))
F.multi_margin_loss(r(3,0),k([0,1,2]))
F.multi_margin_loss(r(3,4),k([0,1,2]),weight=r(3))
F.multi_margin_loss(r(3,4),k([0,1,2]),weight=r(4,1))
F.multi_margin_loss(r(3,4).double(),k([0,1,2]),weight=r(4))
F.multi_margin_loss(r(3,4),k([0,1,2]),weight=r(4,requires_grad=True))
F.multi_margin_loss(r(3,4).long(),k([0,1,2]))
F.multi_margin_loss(r(3,4).half(),k([0,1,2]))
F.multi_margin_loss(r(3,4),k([0,1,2]),reduction='foo')
F.multi_margin_loss(r(3,4),1.)
F.multilabel_margin_loss(r(2),r(2))
F.multilabel_margin_loss(r(2),k([0,1]).int())
F.multilabel_margin_loss(r(3,2),k([[0,1]]))
F.multilabel_margin_loss(r(3),k([0,1]))
F.multilabel_margin_loss(r(2),k([0,2]))
F.multilabel_margin_loss(r(2),k([0,-2]))
F.multilabel_margin_loss(r(2,3,4),k([0,1]))
F.multilabel_margin_loss(r(2,0),k([[],[]]).long())
F.multilabel_margin_loss(r(2).half(),k([0,1]))
F.multilabel_margin_loss(r(2),k([0,1]),reduction='foo')
F.multilabel_soft_margin_loss(r(3,4),r(3,4),reduction='foo')
F.multilabel_soft_margin_loss(r(3,4),r(3,3))
F.multilabel_soft_margin_loss(r(3,4).long(),r(3,4))
F.soft_margin_loss(r(3).long(),r(3).long())
F.soft_margin_loss(r(3),r(3,requires_grad=True))
F.soft_margin_loss(r(3),r(3),reduction='foo')
F.soft_margin_loss(r(3),1.)
F.hinge_embedding_loss(r(3),r(3),reduction='foo')
F.hinge_embedding_loss(r(3).long(),k([1,1,-1]))
F.hinge_embedding_loss(r(3),r(2))
F.margin_ranking_loss(r(3,1),r(3),r(3))
F.margin_ranking_loss(r(3),r(3),r(3),reduction='foo')
F.margin_ranking_loss(r(3),r(2),r(3))
F.cosine_embedding_loss(r(3,4),r(3,4),r(3,4))
F.cosine_embedding_loss(r(3),r(3),r(3))
F.cosine_embedding_loss(r(3,4),r(3,4),k(1))
F.cosine_embedding_loss(r(3,4),r(2,4),r(3))
F.cosine_embedding_loss(r(3,4),r(3,4),r(2))
F.cosine_embedding_loss(r(3,4),r(3,4),r(3),reduction='foo')
F.triplet_margin_loss(r(3,4),r(3),r(4))
F.triplet_margin_loss(r(3,4),r(2,4),r(3,4))
F.triplet_margin_loss(r(3,4),r(3,4),r(3,4),margin=-1)
F.triplet_margin_loss(r(3,4),r(3,4),r(3,4),reduction='foo')
F.triplet_margin_with_distance_loss(r(3,4),r(3),r(4))
F.triplet_margin_with_distance_loss(r(3,4),r(3,4),r(3,4),margin=0)
F.triplet_margin_with_distance_loss(r(3),r(3),r(3),reduction='foo')
nn.MultiMarginLoss(p=3)
nn.MultiMarginLoss(weight=r(2,2))
nn.TripletMarginLoss(margin=0)
nn.TripletMarginWithDistanceLoss(margin=-2)
nn.GaussianNLLLoss(True)
""".strip().splitlines()


@pytest.mark.parametrize("call", WRONG)
def test_refused_in_the_words_of_torch(call: str) -> None:
    theirs = complaint(call, torch)
    assert theirs is not None
    assert complaint(call, scratch) == theirs


LAYERS = """
nn.KLDivLoss(reduction='batchmean', log_target=True)
nn.PoissonNLLLoss(log_input=False, full=True)
nn.GaussianNLLLoss(full=True)
nn.MultiMarginLoss(2, 0.5)
nn.MultiLabelMarginLoss()
nn.MultiLabelSoftMarginLoss()
nn.SoftMarginLoss(reduction='sum')
nn.HingeEmbeddingLoss(0.3)
nn.MarginRankingLoss(0.3)
nn.CosineEmbeddingLoss(0.3)
nn.TripletMarginLoss(2.0, 1.0, swap=True)
nn.TripletMarginWithDistanceLoss(swap=True)
""".strip().splitlines()


@pytest.mark.parametrize("built", LAYERS)
def test_layers_look_alike(built: str) -> None:
    ours, theirs = both(built)
    assert repr(ours) == repr(theirs)
    assert ours.reduction == theirs.reduction
    assert list(ours.state_dict()) == list(theirs.state_dict())


@pytest.mark.parametrize("function", [
    "soft_margin_loss", "hinge_embedding_loss", "multilabel_margin_loss",
    "kl_div", "poisson_nll_loss", "multilabel_soft_margin_loss"])
@pytest.mark.parametrize("old", [
    {"reduce": False}, {"size_average": False}, {"size_average": True}])
def test_old_arguments(function: str, old: dict) -> None:
    def called(lib: Any) -> tuple:
        x, y = lib.tensor([[0.5, -1.0]]), lib.tensor([[1.0, 1.0]])
        if function == "multilabel_margin_loss":
            y = lib.tensor([[1, -1]])
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            loss = getattr(lib.nn.functional, function)(x, y, **old)
        return loss.numpy(), [str(w.message) for w in found]

    ours, theirs = called(scratch), called(torch)
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-6)
    assert ours[1] == theirs[1]


def test_divergence_warns_of_its_mean() -> None:
    x = scratch.zeros(2, 2)
    with pytest.warns(UserWarning, match="divides the total loss by both"):
        scratch.nn.functional.kl_div(x, x)


def steps(node: Any, depth: int = 4) -> list:
    """The names above a node; torch lists inputs without gradient, too."""
    if node is None or not depth:
        return []
    above = [steps(parent, depth - 1) for parent, _ in node.next_functions]
    return [node.name().replace("struct ", ""), *filter(None, above)]


@pytest.mark.parametrize("call", [
    "F.kl_div(x, y, reduction='batchmean')", "F.poisson_nll_loss(x, y)",
    "F.poisson_nll_loss(x, y, log_input=False)",
    "F.gaussian_nll_loss(x, y, y.exp())", "F.multi_margin_loss(x, c)",
    "F.multilabel_margin_loss(x, c.reshape(1, 3).repeat(3, 1))",
    "F.multilabel_soft_margin_loss(x, y)", "F.soft_margin_loss(x, y)",
    "F.hinge_embedding_loss(x, y)", "F.margin_ranking_loss(x, y, y)",
    "F.cosine_embedding_loss(x, y, c)", "F.triplet_margin_loss(x, y, y)",
    "F.triplet_margin_with_distance_loss(x, y, y, swap=True)"])
def test_steps_have_the_names_of_torch(call: str) -> None:
    def found(lib: Any) -> list:
        names = {"x": lib.ones(3, 3, requires_grad=True),
                 "y": lib.ones(3, 3), "c": lib.tensor([0, 1, 2]),
                 "F": lib.nn.functional}
        return steps(eval(call, names).grad_fn)

    assert found(scratch) == found(torch)
