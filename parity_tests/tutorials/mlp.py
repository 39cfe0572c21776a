"""A multilayer perceptron as a Module of its own, with dropout."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(2)
angle = 2 * torch.pi * torch.rand(400)
ring = torch.randint(0, 2, (400,))
radius = 1 + ring + 0.1 * torch.randn(400)
x = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)


class MLP(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.hidden = nn.Linear(2, hidden)
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(hidden, 2)

    def forward(self, x):
        return self.out(self.drop(F.relu(self.hidden(x))))


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)
        nn.init.zeros_(m.bias)


net = MLP(32)
net.apply(init_weights)
print(net)
print(sum(p.numel() for p in net.parameters()), "parameters")
for name, p in net.named_parameters():
    print(name, tuple(p.shape), p.requires_grad)

train_set, test_set = random_split(TensorDataset(x, ring), [320, 80])
loader = DataLoader(train_set, batch_size=32, shuffle=True)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=1e-4)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 5, gamma=0.5)
for epoch in range(10):
    net.train()
    total = 0.0
    for xb, yb in loader:
        loss = F.cross_entropy(net(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        total += loss.item() * len(xb)
    scheduler.step()
    print(f"epoch {epoch} loss {total / len(train_set):.3f} "
          f"lr {optimizer.param_groups[0]['lr']:.4f}")

net.eval()
with torch.no_grad():
    xt = torch.stack([a for a, _ in test_set])
    yt = torch.tensor([b for _, b in test_set])
    print("accuracy", (net(xt).argmax(1) == yt).float().mean())
state = net.state_dict()
twin = MLP(32)
print(twin.load_state_dict(state))
twin.eval()
print(torch.equal(twin(xt), net(xt)))
try:
    twin.load_state_dict({"hidden.weight": torch.zeros(1)})
except RuntimeError as error:
    print(str(error)[:60])
