"""Every operation's step in the graph bears torch's name."""

import warnings
from typing import Any

import pytest
import torch

import scratch

from . import promised, rows
from .parity import listed
from .registry import ROWS
from .runner import seeded

rows.load()
promised.derive()

# Steps that are composed in another order here than in torch, so that the
# last of them is another one: (ours, torch's). The values are the same.
LINES = ("a picture of one line, or without a batch: the dimension that was "
         "added goes off as the last step on one side, not on the other")
COMPOSED = "torch composes this of other steps"
IN_PLACE = "torch counts the form in place as a step of its own"
OTHERWISE: dict[tuple, str] = {
    **{pair: LINES for word in (
        "AdaptiveAvgPool2D", "AdaptiveAvgPool3D", "AdaptiveMaxPool2D",
        "AdaptiveMaxPool3D", "AvgPool2D", "AvgPool3D", "Col2Im", "Im2Col",
        "MaxPool2DWithIndices", "MaxPool3DWithIndices", "MaxUnpool2D",
        "MaxUnpool3D", "NllLoss", "Mean")
       for step in (f"{word}Backward0", f"{word}Backward1")
       for pair in ((step, "SqueezeBackward1"), ("SqueezeBackward1", step))},
    ("NllLoss2DBackward0", "ViewBackward0"): LINES,
    ("SqueezeBackward1", "SqueezeBackward4"): LINES,
    ("UnsafeViewBackward0", "SqueezeBackward4"): LINES,
    ("UnsafeViewBackward0", "TransposeBackward0"): COMPOSED,
    ("UnsafeViewBackward0", "ViewBackward0"): COMPOSED,  # attention
    ("SoftmaxBackward0", "ViewBackward0"): COMPOSED,
    ("UnsafeViewBackward0",
     "ScaledDotProductFlashAttentionForCpuBackward0"): COMPOSED,
    ("CloneBackward0", "DiagonalBackward0_copy"): COMPOSED,
    ("CloneBackward0", "MulBackward0"): COMPOSED,
    ("DivBackward0", "CumsumBackward0"): COMPOSED,
    ("MmBackward0", "TBackward0"): COMPOSED,
    ("MmBackward0", "ViewBackward0"): COMPOSED,
    ("MulBackward0", "MulBackward1"): COMPOSED,
    ("PermuteBackward0", "ViewBackward0"): COMPOSED,
    ("SumBackward1", "ViewBackward0"): COMPOSED,
    ("TransposeBackward0", "TransposeBackward1"): COMPOSED,  # nn.RNN
    (None, "CloneBackward0"): COMPOSED,
    # torch has no derivative of ldl_solve: the row solves its system there
    ("LinalgLdlSolveBackward0", "LinalgSolveExBackward0"): COMPOSED,
    ("CloneBackward0", "ConjPhysicalBackward1"): IN_PLACE,
    **{(f"{word}Backward0", f"{word}Backward1"): IN_PLACE for word in (
        "Celu", "Elu", "LeakyRelu", "Polygamma", "Round", "RreluWithNoise",
        "Threshold")},
}
# Transforms and distributions: what they return was made by several steps.
APART = ("func.", "autograd.functional.", "distributions.", "vmap")
NAMES = [name for name, row in sorted(ROWS.items())
         if row.order and not name.startswith(APART)]


def steps(lib: Any, function: Any, arrays: tuple) -> list:
    """The names of the steps that made the results."""
    xs = [lib.from_numpy(a.copy()) for a in arrays]
    for x in xs:
        if x.dtype.is_floating_point:
            x.requires_grad_()
    return [None if y.grad_fn is None else y.grad_fn.name()
            for y in listed(function(*xs))]


@pytest.mark.parametrize("start", range(8))
def test_the_names_of_promised_operations(start: int) -> None:
    found = []
    warnings.simplefilter("ignore")
    for name in NAMES[start::8]:
        row = ROWS[name]
        for example, draw in enumerate(row.draws):
            if row.orders[example] <= 0:
                continue
            ours, arrays = draw(scratch, seeded(row, example))
            theirs, _ = draw(torch, seeded(row, example))
            try:
                right = steps(torch, theirs, arrays)
            except Exception:
                continue  # inputs that torch refuses
            for pair in zip(steps(scratch, ours, arrays), right):
                if pair[0] != pair[1] and pair not in OTHERWISE:
                    found.append((name, *pair))
    assert not found


PLAIN = """
x+2|2+x|x-2|2-x|x*2|2*x|x/2|2/x|x**2|2**x|x//2|x%2|2%x|-x|+x|abs(x)|x+x|x-x
x*x|x/x|x**x|x//x|x%x|x@x.t()|x==x|x<2
x[0]|x[0:1]|x[...]|x[None]|x[:,1]|x[x>0]|x[i]|x[0,1]|x[:,None]|x[::2]|x[i,1]
x[:]|x[0:2]|x[0:5]|x[...,None]|x[None,...]|x[...,0:1]|x[...,1]|x[0,...]
x.t()|x.T|x.mT|x.view(6)|x.reshape(6)|x.squeeze()|x.unsqueeze(0)|x.unbind()[1]
x.permute(1,0)|x.expand(2,2,3)|x.select(0,1)|x.narrow(0,0,1)|x.diagonal()
x.split(1)[1]|x.chunk(2)[0]|x.view_as(x)|x.detach()|x.t().reshape(6)
y.add_(2)|y.sub_(2)|y.mul_(2)|y.div_(2)|y.add_(x)|y.pow_(2)|y.exp_()
y.zero_()|y.fill_(2)|y.neg_()|y.clamp_(0)|y.copy_(x)|y.relu_()|y.sqrt_()
y.masked_fill_(x>0,1.)|y.addcmul_(x,x)|y.lerp_(x,.5)|y.uniform_()|y.normal_()
y.index_add_(0,i,x[:1])|y.bernoulli_()|y.exponential_()|y.abs_()|y.tanh_()
put(0,2.)|put(0,x[0])|put((0,1),2.)|put(slice(0,1),2.)|put(...,2.)|put(...,x)
put(slice(None),2.)|put(slice(None),x)|put(x>0,2.)|put(x>0,x[0,0])|put(i,2.)
put(i,x[:1])|put((i,0),2.)|put((...,i),x[:,:1])|put((i,i),2.)|put((slice(None),i),2.)|put(x[:,0]>0,x[0])
"""


@pytest.mark.parametrize("text", PLAIN.replace("\n", "|").strip("|").split(
    "|"))
def test_the_names_of_plain_expressions(text: str) -> None:
    found = []
    for lib in (scratch, torch):
        x = lib.tensor([[.5, 1.5, .25], [2., .75, 1.25]], requires_grad=True)
        y = x * 1

        def put(where: Any, value: Any, y: Any = y) -> Any:
            y[where] = value
            return y

        z = eval(text, {"x": x, "y": y, "put": put, "i": lib.tensor([0])})
        found.append(None if z.grad_fn is None else (
            z.grad_fn.name(), type(z.grad_fn).__name__,
            repr(z).rsplit("grad_fn=")[-1]))
    assert found[0] == found[1]
