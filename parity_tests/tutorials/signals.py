"""Signals through layers: equal starts, fading and growing gradients."""

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
DOUBLE = {"dtype": torch.float64}

print("units that start equal stay equal")
net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).double()
for p in net.parameters():
    nn.init.constant_(p, 0.1)
x, y = torch.randn(8, 3, **DOUBLE), torch.randint(2, (8,))
optimizer = torch.optim.SGD(net.parameters(), 0.5)
for _ in range(5):
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
rows = net[0].weight.detach()
print(bool((rows == rows[0]).all()), bool((rows[0] != 0.1).any()))

print("where an activation is flat, no gradient passes")
z = torch.linspace(-8, 8, 9, **DOUBLE).requires_grad_()
for f in (torch.sigmoid, torch.tanh, torch.relu, F.leaky_relu, F.silu):
    slope, = torch.autograd.grad(f(z), z, torch.ones_like(z))
    print(f"{f.__name__:<11}", [f"{s:.5f}" for s in slope.tolist()])

print("the gradient of every layer, through ten")
norms = {}


def watch(name):
    def hook(module, grad_input, grad_output):
        norms[name] = grad_output[0].norm().item()

    return hook


for activation, start in (("sigmoid", 0.5), ("tanh", 0.1), ("relu", 1.0)):
    layers = [nn.Linear(16, 16).double() for _ in range(10)]
    for i, layer in enumerate(layers):
        nn.init.normal_(layer.weight, 0, start)
        layer.register_full_backward_hook(watch(i))
    h = torch.randn(4, 16, **DOUBLE, requires_grad=True)
    for layer in layers:
        h = getattr(torch, activation)(layer(h))
    h.sum().backward()
    print(f"{activation:<8}", [f"{norms[i]:.2e}" for i in (0, 4, 9)])

M = torch.eye(4, **DOUBLE)
for _ in range(100):
    M = M @ torch.normal(0, 1, (4, 4), **DOUBLE)
print("the product of a hundred matrices:", f"{M.abs().max().item():.3e}")

print("why classes are not learned by squares: a sure error has no slope")
for logit in (0.0, 4.0, 16.0):
    wrong = torch.tensor([[logit, 0.0]], requires_grad=True, **DOUBLE)
    square = F.mse_loss(wrong.softmax(1), torch.tensor([[0.0, 1.0]], **DOUBLE))
    entropy = F.cross_entropy(wrong, torch.tensor([1]))
    slopes = [torch.autograd.grad(loss, wrong)[0][0, 0].item()
              for loss in (square, entropy)]
    print([f"{slope:.3e}" for slope in slopes])

print("cross-entropy = entropy + divergence")
p, q = torch.softmax(torch.randn(2, 5, **DOUBLE), 1)
entropy = -(p * p.log()).sum()
divergence = F.kl_div(q.log(), p, reduction="sum")
print(torch.allclose(-(p * q.log()).sum(), entropy + divergence))

print("one of many, and a learned code")
codes = nn.Embedding(5, 2).double()
which = torch.tensor([3, 0, 3])
print(torch.equal(F.one_hot(which, 5).double() @ codes.weight, codes(which)))

print("several classes from two: one against the rest, by hinges")
means = torch.tensor([[4.0, 0.0], [-4.0, 4.0], [-4.0, -4.0]], **DOUBLE)
points = (means[:, None] + torch.randn(3, 20, 2, **DOUBLE)).reshape(60, 2)
labels = torch.arange(3).repeat_interleave(20)
judges = nn.Linear(2, 3).double()
optimizer = torch.optim.SGD(judges.parameters(), 0.05, weight_decay=0.01)
sides = F.one_hot(labels, 3).double() * 2 - 1
for _ in range(100):
    optimizer.zero_grad()
    F.relu(1 - sides * judges(points)).mean().backward()
    optimizer.step()
print((judges(points).argmax(1) == labels).double().mean().item())
print(f"{F.multi_margin_loss(judges(points), labels).item():.5f}")
