"""Calculus by autograd: slopes, curvature, Taylor, convexity, step sizes."""

import torch
from torch.autograd.functional import hessian, hvp, jvp
from torch.func import grad

DOUBLE = {"dtype": torch.float64}


def saddle(x):
    return x[0] ** 2 - 3 * x[1] ** 2


def bowl(x):
    return x[0] ** 2 + 2 * x[1] ** 2 + x[0] * x[1]


def hill(x):
    return torch.exp(-x.dot(x))


print("what a point is, by the eigenvalues of the Hessian")
origin = torch.zeros(2, **DOUBLE)
for f in (saddle, bowl, hill):
    slope = grad(f)(origin)
    curves = torch.linalg.eigvalsh(hessian(f, origin))
    assert bool((slope == 0).all()), "a stationary point"
    low, high = curves.min(), curves.max()
    kind = "minimum" if low > 0 else "maximum" if high < 0 else "saddle"
    print(f.__name__, [f"{c:.4f}" for c in curves.tolist()], kind)

print("along a direction: the gradient's share; steepest along it")
x = torch.tensor([1.0, -2.0], **DOUBLE)
g = grad(bowl)(x)
directions = torch.tensor([[1.0, 0.0], [0.6, 0.8], [-0.8, 0.6]], **DOUBLE)
for v in (*directions, g / g.norm()):
    _, along = jvp(bowl, x, v)
    assert torch.allclose(along, g.dot(v)) and along <= g.norm() + 1e-12
    print(f"{along.item():.6f} of {g.norm().item():.6f}")

print("Taylor: the error of each order, as the step shrinks")
x = torch.tensor([0.3, -0.2], **DOUBLE)
H, g = hessian(hill, x), grad(hill)(x)
for h in (0.1, 0.05, 0.025):
    d = h * torch.tensor([0.6, 0.8], **DOUBLE)
    first = hill(x) + g.dot(d)
    second = first + d @ hvp(hill, x, d)[1] / 2
    errors = [abs(hill(x + d) - y).item() for y in (first, second)]
    print(" ".join(f"{error:.3e}" for error in errors))
    assert torch.allclose(d @ H @ d, d @ hvp(hill, x, d)[1])

print("convex: no chord runs below the graph")
torch.manual_seed(0)
for f in (bowl, saddle):
    a, b = torch.randn(2, 100, 2, **DOUBLE)
    gaps = [(f(p) + f(q)) / 2 - f((p + q) / 2) for p, q in zip(a, b)]
    print(f.__name__, bool(torch.stack(gaps).min() >= 0),
          bool(torch.linalg.eigvalsh(hessian(f, origin)).min() >= 0))

print("gradient descent on a quadratic: 0 < lr < 2 / the largest curvature")
limit = 2 / torch.linalg.eigvalsh(hessian(bowl, origin)).max().item()
for share in (0.1, 0.5, 0.99, 1.01):
    x = torch.tensor([1.0, -2.0], requires_grad=True, **DOUBLE)
    descent = torch.optim.SGD([x], lr=share * limit)
    for _ in range(100):
        descent.zero_grad()
        bowl(x).backward()
        descent.step()
    print(share, f"{bowl(x).item():.4e}")

print("one sigmoid unit by hand")
x, t = torch.tensor([1.5, -0.5], **DOUBLE), 1.0
w = torch.tensor([0.2, 0.4], requires_grad=True, **DOUBLE)
y = torch.sigmoid(w.dot(x))
(0.5 * (y - t) ** 2).backward()
by_hand = (y - t) * y * (1 - y) * x
print(w.grad, torch.allclose(w.grad, by_hand))
