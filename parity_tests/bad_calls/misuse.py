"""Graphs and shared memory, misused: what autograd refuses."""

from __future__ import annotations

from parity_tests.bad_calls.operations import each, lines

# x is a leaf that requires grad; y = x * 2.
IN_PLACE = "add_(1) mul_(2) zero_() fill_(3) copy_(c) sub_(c) div_(2) exp_() "
IN_PLACE += "relu_() clamp_(0) normal_() uniform_() neg_() sqrt_() "
IN_PLACE += "sigmoid_() tanh_() abs_() bernoulli_()"
LEAVES = each(IN_PLACE, "x.@")
LEAVES += each("add_(1) mul_(2) zero_() fill_(3) exp_()", "x[0].@",
               "x.view(12).@", "x.t().@", "x.unbind()[0].@")
LEAVES += each("add_(1) mul_(2) exp_()", "v.expand(3, 4).@",
               "x.detach().expand(2, 3, 4).@")
LEAVES += lines("""
x[0] = 1
x[0, 0] = v[0]
x += 1
x *= c
x -= 1
x /= 2
net[0].weight += 1
net[0].weight[0] = 0
net[0].bias.zero_()
v.expand(3, 4)[:] = c
w = v.expand(3, 4) ;; w += 1
w = v.expand(3, 4) ;; w.copy_(c)
w = v.unsqueeze(0).expand(3, 4) ;; w *= c
v[1:].copy_(v[:-1])
v[1:] += v[:-1]
v[1:].add_(v[:-1])
v[1:].mul_(v[:-1])
m.copy_(m.t())
m.add_(m.t())
m.mul_(m.t())
torch.add(c, c, out=i)
torch.add(x, c, out=y)
torch.add(c, c, out='a')
c.requires_grad_(); c.add_(1)
""")

GRAPHS = lines("""
y.backward()
y.backward(v)
y.backward(r(4, 3))
y.backward(3)
y.sum().backward(c)
c.sum().backward()
i.sum().backward()
c.backward(c)
k(1.0).backward()
w = y.exp().sum(); w.backward() ;; w.backward()
w = (x * x).sum(); w.backward() ;; torch.autograd.grad(w, x)
w = (x @ x.t()).sum(); w.backward() ;; w.backward()
w = y.exp(); w.add_(1) ;; w.sum().backward()
w = y.sigmoid(); w.mul_(2) ;; w.sum().backward()
w = y.tanh(); w += 1 ;; w.sum().backward()
w = y.sqrt(); w.zero_() ;; w.sum().backward()
w = y * y; y.add_(1) ;; w.sum().backward()
w = y * c; w = w * y; c.add_(1); y.mul_(2) ;; w.sum().backward()
w = x * c; c.zero_() ;; w.sum().backward()
w = x @ m[:, :3].new_ones(4, 2); s = c.t() @ x; c.add_(1) ;; """
               """s.sum().backward()
w = x * c; c[0] = 1 ;; w.sum().backward()
w = x * c; c.t()[0] = 1 ;; w.sum().backward()
w = x * c; c.detach().add_(1) ;; w.sum().backward()
w = y.log(); y[0].mul_(2) ;; w.sum().backward()
w = y.pow(2); y.neg_() ;; w.sum().backward()
w = y.softmax(0); w.add_(1) ;; w.sum().backward()
w = y.log_softmax(0); w.add_(1) ;; w.sum().backward()
w = y / c; c.add_(1) ;; w.sum().backward()
w = torch.where(b, y, c) * c; c.add_(1) ;; w.sum().backward()
w = F.cross_entropy(y, k([0, 1, 2])); w.backward() ;; w.backward()
u = r(1, 1, 4, 4); q = nn.Parameter(r(1, 1, 2, 2)); """
               """w = F.conv2d(u, q); u.add_(1) ;; w.sum().backward()
w = nn.ReLU()(y); w.add_(1) ;; w.sum().backward()
w = y.max(0).values * c; c.add_(1) ;; w.sum().backward()
w = y.norm() * y.norm(); w.backward() ;; w.backward()
w = y.var(); w.backward() ;; w.backward()
w = y.prod(); w.backward() ;; w.backward()
w = y.gather(0, i * 0) * y; y.add_(1) ;; w.sum().backward()
torch.autograd.grad(y, x)
torch.autograd.grad(y.sum(), c)
torch.autograd.grad(y.sum(), [x, c])
torch.autograd.grad(y.sum(), 3)
torch.autograd.grad(y.sum(), r(2).requires_grad_())
torch.autograd.grad(3, x)
torch.autograd.grad(c.sum(), x)
torch.autograd.grad(y, x, v)
torch.autograd.grad([y.sum(), y.sum()], x, [z])
torch.autograd.grad(y.sum(), [])
torch.autograd.grad(y.sum(), x, allow_unused=False, materialize_grads=3)
torch.autograd.grad(y.sum(), x, materialize_grads=True, allow_unused=False)
torch.autograd.backward(y)
torch.autograd.backward([y, y], [c])
torch.autograd.backward([y.sum()], inputs=[])
y.sum().backward(inputs=[c])
y.sum().backward(inputs=[3])
y.sum().backward(inputs=[])
c.register_hook(lambda g: g)
i.register_hook(lambda g: g)
x.register_hook(lambda g: v) ;; (x * 1).sum().backward()
x.register_hook(lambda g: 3) ;; (x * 1).sum().backward()
c.retain_grad()
y.detach_().add_()
w = x.view(12); x.unbind() ;; w.detach_()
c.numpy(1, 2)
x.requires_grad_().numpy()
copy = __import__('copy') ;; copy.deepcopy(y)
y.requires_grad_(False)
with torch.no_grad(): w = x * 2
w.sum().backward()
torch.autograd.gradcheck(lambda t: t.detach() * t, d.requires_grad_())
torch.autograd.gradcheck(lambda t: t, c)
torch.autograd.gradcheck(lambda t: t * t.detach(), (d.requires_grad_(),))
torch.autograd.functional.jacobian(lambda t: 3, c)
torch.autograd.functional.jacobian(lambda t: t, 3)
torch.autograd.functional.hessian(lambda t: t, c)
torch.autograd.functional.hessian(lambda t: 3, c)
torch.autograd.functional.vjp(lambda t: t, c)
torch.autograd.functional.vjp(lambda t: t, c, v)
torch.autograd.functional.jvp(lambda t: t, c, v)
torch.autograd.functional.hvp(lambda t: t.sum(), c, v)
torch.autograd.functional.vhp(lambda t: t, c, c)
torch.autograd.functional.jacobian(lambda t: c, c, strict=True)
torch.func.grad(lambda t: t)(c)
torch.func.grad(lambda t: 3)(c)
torch.func.grad(lambda t: t.sum())(i)
torch.func.grad(lambda t: t.sum(), argnums=2)(c)
torch.func.vmap(lambda t: t)(z)
torch.func.vmap(lambda t: t, in_dims=3)(c)
torch.func.vmap(lambda s, t: s)(c, v)
torch.func.vmap(lambda t: 3)(c)
torch.func.jvp(lambda t: t, (c,), (v,))
torch.func.jvp(lambda t: t, c, c)
torch.no_grad(3, 4)
torch.set_grad_enabled()
torch.autograd.set_detect_anomaly()
""")
GRAPHS = [line for line in GRAPHS if not line.startswith("with ")
          and line != "w.sum().backward()"]
GRAPHS += ["with torch.no_grad(): w = x * 2\nw.sum().backward()"]

OWN = "class A(torch.autograd.Function):\n @staticmethod\n"
FUNCTIONS = [
    OWN + " def forward(ctx, t): return t * 2\nA.apply(x).sum().backward()",
    OWN + " def forward(ctx, t): return t * 2\n @staticmethod\n"
    " def backward(ctx, g): return g, g\nA.apply(x).sum().backward()",
    OWN + " def forward(ctx, t): return t * 2\n @staticmethod\n"
    " def backward(ctx, g): return g[0]\nA.apply(x).sum().backward()",
    OWN + " def forward(ctx, t): return t * 2\n @staticmethod\n"
    " def backward(ctx, g): return 3\nA.apply(x).sum().backward()",
    OWN + " def forward(ctx, t): return 3\n @staticmethod\n"
    " def backward(ctx, g): return g\nA.apply(x).sum()",
    OWN + " def forward(ctx, t): ctx.save_for_backward(3); return t * 2\n"
    " @staticmethod\n def backward(ctx, g): return g\nA.apply(x)",
    "class A(torch.autograd.Function): pass\nA.apply(x)",
    OWN + " def forward(ctx, t):\n  ctx.save_for_backward(t)\n"
    "  return t * 2\n @staticmethod\n def backward(ctx, g):\n"
    "  return g * ctx.saved_tensors[0]\nw = A.apply(y); y.add_(1) ;; "
    "w.sum().backward()",
    OWN + " def forward(ctx, t):\n  ctx.save_for_backward(t)\n"
    "  return t * 2\n @staticmethod\n def backward(ctx, g):\n"
    "  return g * ctx.saved_tensors[0]\nw = A.apply(y).sum(); "
    "w.backward() ;; w.backward()",
]

TABLE = {"written in place": LEAVES, "graphs": GRAPHS,
         "functions": FUNCTIONS}
