"""Softmax regression by hand on three clouds of points."""

import torch
import torch.nn.functional as F

torch.manual_seed(1)
centres = torch.tensor([[0.0, 2.0], [2.0, -1.0], [-2.0, -1.0]])
labels = torch.randint(0, 3, (300,))
points = centres[labels] + 0.6 * torch.randn(300, 2)
print(labels[:10], labels.dtype, torch.bincount(labels))

W = (0.01 * torch.randn(2, 3)).requires_grad_()
b = torch.zeros(3, requires_grad=True)


def softmax(logits):
    exps = torch.exp(logits - logits.max(dim=1, keepdim=True).values)
    return exps / exps.sum(dim=1, keepdim=True)


def cross_entropy(probabilities, y):
    return -torch.log(probabilities[range(len(y)), y])


def accuracy(logits, y):
    return (logits.argmax(dim=1) == y).float().mean().item()


for step in range(60):
    logits = points @ W + b
    loss = cross_entropy(softmax(logits), labels).mean()
    loss.backward()
    with torch.no_grad():
        for p in (W, b):
            p -= 0.5 * p.grad
            p.grad = None
    if step % 20 == 0:
        print(step, f"{loss.item():.4f}", f"{accuracy(logits, labels):.3f}")

ours = cross_entropy(softmax(points @ W + b), labels).mean()
theirs = F.cross_entropy(points @ W + b, labels)
print(torch.allclose(ours, theirs), theirs.grad_fn is not None)
confusion = torch.zeros(3, 3, dtype=torch.int64)
for true, found in zip(labels, (points @ W + b).argmax(1)):
    confusion[true, found] += 1
print(confusion)
print(F.one_hot(labels[:4], 3))
print(softmax(torch.tensor([[1000.0, 0.0, -1000.0]])))
try:
    points @ torch.ones(3, 2)
except RuntimeError as error:
    print("RuntimeError:", error)
