"""Traps: what goes wrong quietly, shown; what is a mistake, refused."""

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
DOUBLE = {"dtype": torch.float64}

print("batch norm: .1 of the new is taken; the spread kept is unbiased")
norm, x = nn.BatchNorm1d(3).double(), torch.randn(5, 3, **DOUBLE)
y = norm(x)
new = x.var(0, unbiased=True)
print(torch.allclose(norm.running_var, 0.9 * torch.ones(3) + 0.1 * new))
by_hand = (x - x.mean(0)) / (x.var(0, unbiased=False) + norm.eps).sqrt()
print(torch.allclose(y, by_hand))
images = torch.randn(4, 2, 3, 3, **DOUBLE)
mean = images.mean((0, 2, 3), keepdim=True)
var = images.var((0, 2, 3), unbiased=False, keepdim=True)
print(torch.allclose(nn.BatchNorm2d(2).double()(images),
                     (images - mean) / (var + 1e-5).sqrt()))

print("relu on logits: a negative one gets no gradient")
logits = torch.tensor([[2.0, -1.0]], requires_grad=True)
for f in (F.relu, lambda z: z):
    loss = F.cross_entropy(f(logits), torch.tensor([1]))
    print(torch.autograd.grad(loss, logits)[0])

print("a sum's gradient is as many times a mean's as there are examples")
w = torch.ones(3, requires_grad=True, **DOUBLE)
losses = (x @ w) ** 2
total, = torch.autograd.grad(losses.sum(), w, retain_graph=True)
mean, = torch.autograd.grad(losses.mean(), w)
print(torch.allclose(total, 5 * mean))

print("logarithms of prices: predictions are held at 1 and more")
found, price = torch.tensor([0.5, 2.0]), torch.tensor([1.0, 2.0])
print(torch.sqrt(F.mse_loss(found.clamp(1, float("inf")).log(), price.log())))
print(torch.log(torch.tensor([-1.0, 0.0])))

print("what is refused")


def used_twice():
    y = (torch.ones(2, requires_grad=True) ** 2).sum()
    y.backward()
    y.backward()


def leaf_in_place():
    w = torch.ones(2, requires_grad=True)
    w += 1


def saved_changed():
    y = torch.ones(2, requires_grad=True).exp()
    y *= 2
    y.sum().backward()


def no_scalar():
    torch.ones(2, requires_grad=True).exp().backward()


def shapes():
    nn.Linear(3, 2)(torch.ones(4, 5))


def channels():
    nn.Conv2d(3, 2, 3)(torch.ones(1, 1, 5, 5))


def kernel_too_large():
    nn.Conv2d(1, 1, 5)(torch.ones(1, 1, 3, 3))


def labels_as_floats():
    F.nll_loss(torch.zeros(2, 3), torch.zeros(2))


def integers_with_slopes():
    torch.ones(2, dtype=torch.int64, requires_grad=True)


def numpy_of_a_leaf():
    torch.ones(2, requires_grad=True).numpy()


for wrong in (used_twice, leaf_in_place, saved_changed, no_scalar, shapes,
              channels, kernel_too_large, labels_as_floats,
              integers_with_slopes, numpy_of_a_leaf):
    try:
        wrong()
    except (RuntimeError, IndexError, ValueError) as error:
        print(f"{wrong.__name__}: {type(error).__name__}: {error}")
