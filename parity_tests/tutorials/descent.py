"""Descent: batches and their noise, momentum, saddles, choosing a rate."""

import itertools

import torch
from torch.utils.data import DataLoader, TensorDataset

DOUBLE = {"dtype": torch.float64}


def walk(make, f, steps=20, start=(-5.0, -2.0)):
    x = torch.tensor(start, requires_grad=True, **DOUBLE)
    optimizer = make([x])
    for _ in range(steps):
        optimizer.zero_grad()
        f(x).backward()
        optimizer.step()
    return x.detach()


def valley(x):
    return 0.1 * x[0] ** 2 + 2 * x[1] ** 2


sgd, O = torch.optim.SGD, torch.optim
print("a long valley: where 20 steps lead")
for name, make in {
    "gd .4": lambda x: sgd(x, 0.4),
    "gd .6": lambda x: sgd(x, 0.6),
    "momentum": lambda x: sgd(x, 0.6, momentum=0.5),
    "nesterov": lambda x: sgd(x, 0.6, momentum=0.5, nesterov=True),
    "adagrad": lambda x: O.Adagrad(x, 2),
    "rmsprop": lambda x: O.RMSprop(x, 0.4, alpha=0.9),
    "adadelta": lambda x: O.Adadelta(x, rho=0.9),
    "adam": lambda x: O.Adam(x, 0.4),
    "adamw": lambda x: O.AdamW(x, 0.4),
}.items():
    print(f"{name:<9}", [f"{v:.6g}" for v in walk(make, valley).tolist()])

print("a saddle holds plain descent; noise lets it go")


def saddle(x):
    return x[0] ** 2 - x[1] ** 2


print(walk(lambda x: sgd(x, 0.1), saddle, 50, (1.0, 0.0))[1].item())
torch.manual_seed(1)
x = torch.tensor([1.0, 0.0], requires_grad=True, **DOUBLE)
for _ in range(50):
    slope, = torch.autograd.grad(saddle(x), x)
    with torch.no_grad():
        x -= 0.1 * (slope + 0.01 * torch.randn(2, **DOUBLE))
print(f"{x[1].item():.4f}")

print("the noise of a batch's gradient: one over its size")
torch.manual_seed(2)
data = torch.randn(1024, 3, **DOUBLE)
target = data @ torch.tensor([1.0, -2.0, 0.5], **DOUBLE)
w = torch.zeros(3, requires_grad=True, **DOUBLE)
for batch in (1, 4, 16, 64):
    slopes = []
    for x, y in DataLoader(TensorDataset(data, target), batch, shuffle=True):
        loss = ((x @ w - y) ** 2).mean()
        slopes.append(torch.autograd.grad(loss, w)[0])
    noise = torch.stack(slopes).var(0).sum() * batch
    print(batch, f"{noise.item():.3f}")

print("one epoch: every example alone, some at a time, all at once")
for batch, rate in ((1, 0.01), (32, 0.1), (1024, 0.1)):
    w = torch.zeros(3, requires_grad=True, **DOUBLE)
    optimizer = sgd([w], rate)
    for x, y in DataLoader(TensorDataset(data, target), batch):
        optimizer.zero_grad()
        ((x @ w - y) ** 2).mean().backward()
        optimizer.step()
    print(batch, f"{((data @ w - target) ** 2).mean().item():.6f}")

print("the best of a grid, and of as many draws, by 4 folds")


def validated(rate, decay):
    errors = []
    for fold in range(4):
        held = torch.arange(fold * 256, (fold + 1) * 256)
        rest = torch.cat([torch.arange(0, fold * 256),
                          torch.arange((fold + 1) * 256, 1024)])
        w = torch.zeros(3, requires_grad=True, **DOUBLE)
        optimizer = sgd([w], rate, weight_decay=decay)
        for _ in range(10):
            optimizer.zero_grad()
            ((data[rest] @ w - target[rest]) ** 2).mean().backward()
            optimizer.step()
        errors.append(((data[held] @ w - target[held]) ** 2).mean().item())
    return sum(errors) / 4


grid = itertools.product((0.01, 0.1, 0.3), (0.0, 0.1, 1.0))
best = min(grid, key=lambda pair: validated(*pair))
print(best, f"{validated(*best):.3e}")
torch.manual_seed(3)
draws = [(10 ** -(2 * u).item(), v.item()) for u, v in torch.rand(9, 2)]
best = min(draws, key=lambda pair: validated(*pair))
print([f"{v:.4f}" for v in best], f"{validated(*best):.3e}")
