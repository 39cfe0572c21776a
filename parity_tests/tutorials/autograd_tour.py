"""What autograd does: leaves, graphs, hooks, higher derivatives."""

import torch

x = torch.arange(4.0)
x.requires_grad_(True)
y = 2 * torch.dot(x, x)
print(x, y)
y.backward()
print(x.grad, x.grad == 4 * x)
x.grad.zero_()
u = (x * x).detach()
z = u * x
z.sum().backward()
print(x.grad == u)
print(x.is_leaf, z.is_leaf, z.grad_fn, z.requires_grad)


def control_flow(a):
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    return b if b.sum() > 0 else 100 * b


a = torch.tensor(0.7, requires_grad=True)
d = control_flow(a)
d.backward()
print(a.grad == d / a)

t = torch.tensor([0.5, 1.0], requires_grad=True)
first, = torch.autograd.grad((t ** 3).sum(), t, create_graph=True)
second, = torch.autograd.grad(first.sum(), t)
print(first, second)
H = torch.autograd.functional.hessian(lambda v: (v ** 2).prod(), t.detach())
print(H, torch.linalg.eigvalsh(H))

w = torch.ones(2, 2, requires_grad=True)
h = w * 3
seen = []
h.register_hook(lambda g: seen.append(g.clone()))
h.retain_grad()
(h ** 2).sum().backward()
print(seen[0], h.grad, w.grad)
with torch.no_grad():
    w -= 0.1 * w.grad
print(w, w.grad.norm())

v = torch.randn(3, generator=torch.Generator().manual_seed(3))
m = torch.zeros(3, 3)
m[0] = v
m[:, 1] += 1
m[m > 1] = -1
print(m, m.T.shape, m.view(-1)[::2])
for broken in ("twice", "leaf", "saved", "vector"):
    p = torch.ones(2, requires_grad=True)
    q = (p * p).exp()
    try:
        if broken == "twice":
            q.sum().backward()
            q.sum().backward()
        elif broken == "leaf":
            p += 1
        elif broken == "saved":
            q += 1
            q.sum().backward()
        else:
            q.backward()
    except RuntimeError as error:
        print(broken, "->", str(error).split(".")[0][:80])


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return 2 * x * grad


s = torch.tensor([3.0], requires_grad=True)
out = Square.apply(s)
out.backward()
print(out, s.grad)
print(torch.autograd.gradcheck(Square.apply, torch.rand(
    3, dtype=torch.float64, requires_grad=True)))
