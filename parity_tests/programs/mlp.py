"""An MLP learns two moons of points."""

import math

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)


def moons(n):
    """Two half circles that reach into each other."""
    t = torch.rand(n) * math.pi
    label = torch.randint(0, 2, (n,))
    sign = 1 - 2 * label.float()
    x = torch.stack([sign * t.cos() + label, sign * t.sin() + label / 2], 1)
    return x + 0.1 * torch.randn(n, 2), label


model = nn.Sequential(
    nn.Linear(2, 32), nn.Tanh(), nn.Dropout(0.1), nn.Linear(32, 2)
)
optimizer = torch.optim.Adam(model.parameters(), lr=0.02, weight_decay=1e-4)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 20, gamma=0.5)
print(model)

x, y = moons(256)
for epoch in range(40):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    if epoch % 10 == 9:
        print(
            f"epoch {epoch + 1}: loss {loss.item():.4f}, gradient "
            f"{norm.item():.3f}, lr {scheduler.get_last_lr()[0]:g}"
        )

model.eval()
with torch.no_grad():
    test, labels = moons(200)
    right = (model(test).argmax(1) == labels).float().mean()
print(f"test accuracy {right:.3f}")
