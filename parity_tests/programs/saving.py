"""Training is saved half-way, loaded into new objects, and goes on."""

import os
import tempfile

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


def objects(seed):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3)
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
    return model, optimizer, scheduler


def epochs(n, model, optimizer, scheduler, loader):
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    for _ in range(n):
        total = 0.0
        for x, y in loader:
            loss = criterion(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        scheduler.step()
        print(f"loss {total / len(loader.dataset):.4f}")


generator = torch.Generator().manual_seed(5)
x = torch.randn(150, 6, generator=generator)
y = (x @ torch.randn(6, 3, generator=generator)).argmax(1)
train, valid = random_split(TensorDataset(x, y), [120, 30], generator)
loader = DataLoader(train, batch_size=32, shuffle=True, generator=generator)

model, optimizer, scheduler = objects(0)
epochs(5, model, optimizer, scheduler, loader)
path = os.path.join(tempfile.mkdtemp(), "checkpoint.pt")
torch.save(
    {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "generator": generator.get_state(),
        "epoch": 5,
    },
    path,
)
epochs(3, model, optimizer, scheduler, loader)

again, optimizer, scheduler = objects(99)
checkpoint = torch.load(path, weights_only=True)
print(again.load_state_dict(checkpoint["model"]))
optimizer.load_state_dict(checkpoint["optimizer"])
scheduler.load_state_dict(checkpoint["scheduler"])
generator.set_state(checkpoint["generator"])
print("from epoch", checkpoint["epoch"], "at", optimizer.param_groups[0]["lr"])
epochs(3, again, optimizer, scheduler, loader)

same = zip(model.state_dict().values(), again.state_dict().values())
print(all(torch.equal(a, b) for a, b in same))
model.eval()
with torch.no_grad():
    for x, y in DataLoader(valid, batch_size=30):
        print((model(x).argmax(1) == y).float().mean())
