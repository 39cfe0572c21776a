"""Derivatives written by hand, checked, and used to fit a curve."""

import math

import torch
from torch.autograd import Function, gradcheck


class LegendrePolynomial3(Function):
    """P3(x) = (5 x³ - 3 x) / 2"""

    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return 0.5 * (5 * input**3 - 3 * input)

    @staticmethod
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        return grad_output * 1.5 * (5 * input**2 - 1)


class Scale(Function):
    """x · factor, by a number that has no derivative, and a count."""

    @staticmethod
    def forward(ctx, x, factor, mark=False):
        ctx.factor = factor
        ctx.mark_non_differentiable()
        return x * factor

    @staticmethod
    def backward(ctx, grad):
        print("needs", ctx.needs_input_grad)
        return grad * ctx.factor, None, None


class Steps(Function):
    """A step whose slope is taken as 1 near zero (a straight-through one)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * (x.abs() <= 1)


class Exp(Function):
    @staticmethod
    def forward(ctx, i):
        result = i.exp()
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * result


dtype, device = torch.float, torch.device("cpu")
x = torch.linspace(-math.pi, math.pi, 2000, device=device, dtype=dtype)
y = torch.sin(x)
a = torch.full((), 0.0, device=device, dtype=dtype, requires_grad=True)
b = torch.full((), -1.0, device=device, dtype=dtype, requires_grad=True)
c = torch.full((), 0.0, device=device, dtype=dtype, requires_grad=True)
d = torch.full((), 0.3, device=device, dtype=dtype, requires_grad=True)
learning_rate = 5e-6
for t in range(401):
    P3 = LegendrePolynomial3.apply
    y_pred = a + b * P3(c + d * x)
    loss = (y_pred - y).pow(2).sum()
    if t % 100 == 0:
        print(t, round(loss.item(), 2))
    loss.backward()
    with torch.no_grad():
        for w in (a, b, c, d):
            w -= learning_rate * w.grad
            w.grad = None
print(f"y = {b.item():.3f} P3({d.item():.3f} x)", abs(a.item()) < 1e-4)

point = torch.randn(4, 3, dtype=torch.double, requires_grad=True)
for function in (LegendrePolynomial3.apply, Exp.apply):
    print(gradcheck(function, (point,), eps=1e-6, atol=1e-4))
print(torch.autograd.gradgradcheck(Exp.apply, (point,)))

z = torch.tensor([-2.0, -0.5, 0.5, 2.0], requires_grad=True)
out = Scale.apply(Steps.apply(z) + z, 3.0)
print(out, out.grad_fn.name())
out.sum().backward()
print(z.grad)
first = torch.autograd.grad(Exp.apply(z).sum(), z, create_graph=True)[0]
print(torch.autograd.grad(first.sum(), z)[0])
