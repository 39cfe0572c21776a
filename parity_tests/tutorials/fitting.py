"""Fitting: too simple, too complex, too little data; decay and dropout."""

import math

import torch
from torch import nn

torch.manual_seed(0)
DOUBLE = {"dtype": torch.float64}
TRUE = torch.tensor([5.0, 1.2, -3.4, 5.6], **DOUBLE)


def powers(x, degree):
    """x, 1 -> 1, x, x²/2!, x³/3! …"""
    exponents = torch.arange(degree + 1)
    scale = torch.tensor([math.factorial(n) for n in exponents], **DOUBLE)
    return x ** exponents / scale


def drawn(count):
    x = torch.randn(count, 1, **DOUBLE)
    noise = torch.normal(0, 0.1, (count,), **DOUBLE)
    return x, powers(x, 3) @ TRUE + noise


def error(w, x, y):
    return ((powers(x, len(w) - 1) @ w - y) ** 2).mean().item() / 2


print("the degree: error of training, error of use")
few, many, unseen = drawn(12), drawn(200), drawn(200)
for degree in (0, 1, 3, 6):
    for x, y in (few, many):
        w = torch.linalg.lstsq(powers(x, degree), y[:, None]).solution[:, 0]
        print(degree, len(x), f"{error(w, x, y):.3e} {error(w, *unseen):.3e}")

print("longer training of too many weights, and its best step")
x, y = few
w = torch.zeros(11, requires_grad=True, **DOUBLE)
optimizer = torch.optim.SGD([w], lr=0.01)
errors = []
for step in range(400):
    optimizer.zero_grad()
    ((powers(x, 10) @ w - y) ** 2).mean().backward()
    optimizer.step()
    errors.append(error(w, *unseen))
    if step + 1 in (10, 100, 400):
        print(step + 1, f"{error(w, x, y):.3e} {errors[-1]:.3e}")
print("best:", 1 + errors.index(min(errors)), f"{min(errors):.3e}")

print("decay of the weights, not of the bias: by the loss, by the optimizer")
x = torch.randn(20, 200, **DOUBLE)
y = (0.01 * x).sum(1, keepdim=True) + 0.05
for decay in (0.0, 3.0):
    sizes = []
    for by_loss in (True, False):
        torch.manual_seed(1)
        net = nn.Linear(200, 1).double()
        optimizer = torch.optim.SGD([
            {"params": [net.weight],
             "weight_decay": 0.0 if by_loss else decay},
            {"params": [net.bias]}], lr=0.003)
        for _ in range(100):
            optimizer.zero_grad()
            loss = ((net(x) - y) ** 2).mean()
            if by_loss:
                loss = loss + decay / 2 * net.weight.pow(2).sum()
            loss.backward()
            optimizer.step()
        sizes.append(net.weight.detach())
    print(decay, f"{sizes[0].norm().item():.6f}", torch.allclose(*sizes))

print("dropout by hand: a mask, and what is left grows in step")


def dropped(x, p):
    assert 0 <= p <= 1
    if p == 1:
        return torch.zeros_like(x)
    mask = (torch.rand(x.shape) > p).float()
    return mask * x / (1.0 - p)


x = torch.arange(16.0).reshape(2, 8)
for p in (0.0, 0.5, 1.0):
    print(dropped(x, p))
mean = dropped(torch.ones(10_000), 0.2).mean().item()
print(f"{mean:.4f}", nn.Dropout(0.2).eval()(x).equal(x))
