"""A module of one's own, watched by hooks while it learns."""

import torch
from torch import nn


class Gate(nn.Module):
    """y = x · sigmoid(a·x + b), with a count of its calls."""

    def __init__(self, size):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(size))
        self.shift = nn.Parameter(torch.zeros(size))
        self.register_buffer("calls", torch.zeros((), dtype=torch.long))

    def forward(self, x):
        self.calls += 1
        return x * torch.sigmoid(self.scale * x + self.shift)

    def extra_repr(self):
        return f"size={len(self.scale)}"


torch.manual_seed(2)
model = nn.Sequential(nn.Linear(4, 8), Gate(8), nn.Linear(8, 1))
print(model)
print([name for name, _ in model.named_parameters()])

shapes, norms = [], {}
handle = model[1].register_forward_hook(
    lambda module, inputs, output: shapes.append(tuple(output.shape))
)
model[0].register_forward_pre_hook(lambda module, inputs: (inputs[0] * 2,))
model[2].register_full_backward_hook(
    lambda module, into, out: norms.__setitem__("out", out[0].norm().item())
)
for name, parameter in model.named_parameters():
    parameter.register_hook(
        lambda grad, name=name: norms.__setitem__(name, grad.norm().item())
    )

x = torch.randn(64, 4)
target = (x[:, :1] * x[:, 1:2]).tanh()
optimizer = torch.optim.RMSprop(model.parameters(), lr=0.01)
criterion = nn.SmoothL1Loss()
for step in range(30):
    loss = criterion(model(x), target)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    if step == 4:
        handle.remove()
    if step % 10 == 0:
        print(f"{step} loss {loss.item():.4f}")
        print({name: round(norm, 4) for name, norm in sorted(norms.items())})
print(shapes, model[1].calls)
for name, value in model.state_dict().items():
    print(name, tuple(value.shape), value.dtype)
