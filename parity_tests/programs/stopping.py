"""Train until the validation loss no longer falls; keep the best state."""

import os
import tempfile

import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import (
    ConcatDataset,
    DataLoader,
    TensorDataset,
    WeightedRandomSampler,
    random_split,
)


class EarlyStopping:
    def __init__(self, patience=3, delta=0.0, path="checkpoint.pt"):
        self.patience, self.delta, self.path = patience, delta, path
        self.best, self.counter, self.early_stop = None, 0, False

    def __call__(self, loss, epoch, model, optimizer):
        if self.best is None or loss < self.best - self.delta:
            self.best, self.counter = loss, 0
            torch.save(
                {
                    "epoch": epoch,
                    "model_state_dict": model.state_dict(),
                    "optimizer_state_dict": optimizer.state_dict(),
                    "loss": loss,
                },
                self.path,
            )
        else:
            self.counter += 1
            print(f"EarlyStopping counter: {self.counter} of {self.patience}")
            self.early_stop = self.counter >= self.patience


class Regressor(nn.Module):
    def __init__(self, inputs, hidden=(24, 24), p=0.1):
        super().__init__()
        sizes = [inputs, *hidden]
        self.layers = nn.ModuleList(
            nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])
        )
        self.drop = nn.Dropout(p)
        self.out = nn.Linear(sizes[-1], 1)
        for layer in self.layers:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        for layer in self.layers:
            x = self.drop(torch.relu(layer(x)))
        return self.out(x).squeeze(-1)


torch.manual_seed(11)
x = torch.rand(300, 5) * 2 - 1
y = (x[:, 0] * x[:, 1]).sin() + x[:, 2] ** 2 + 0.05 * torch.randn(300)
more = torch.rand(60, 5)
both = ConcatDataset(
    [TensorDataset(x, y), TensorDataset(more, more[:, 2].square())]
)
generator = torch.Generator().manual_seed(42)
train, valid, test = random_split(both, [0.7, 0.15, 0.15], generator=generator)
print(len(train), len(valid), len(test))
weights = [1.0 if i < 300 else 0.5 for i in train.indices]
sampler = WeightedRandomSampler(weights, len(train), generator=generator)
train_loader = DataLoader(train, batch_size=24, sampler=sampler)
valid_loader = DataLoader(valid, batch_size=len(valid))

model = Regressor(5)
criterion = nn.HuberLoss(delta=0.5)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.02, amsgrad=True)
scheduler = ReduceLROnPlateau(optimizer, factor=0.3, patience=1)
path = os.path.join(tempfile.mkdtemp(), "checkpoint.pt")
stopping = EarlyStopping(patience=4, delta=1e-3, path=path)
for epoch in range(40):
    model.train()
    losses = []
    for inputs, target in train_loader:
        optimizer.zero_grad(set_to_none=False)
        loss = criterion(model(inputs), target)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
        losses.append(loss.detach())
    model.eval()
    with torch.no_grad():
        valid_loss = sum(
            criterion(model(a), b).item() * len(b) for a, b in valid_loader
        ) / len(valid)
    scheduler.step(valid_loss)
    mean = torch.stack(losses).mean()
    lr = optimizer.param_groups[0]["lr"]
    print(f"{epoch} train {mean:.3f} valid {valid_loss:.3f} lr {lr:.2g}")
    stopping(valid_loss, epoch, model, optimizer)
    if stopping.early_stop:
        print("Early stopping")
        break

checkpoint = torch.load(path, map_location="cpu", weights_only=True)
best = Regressor(5)
print(best.load_state_dict(checkpoint["model_state_dict"]))
again = torch.optim.AdamW(best.parameters(), lr=0.02, amsgrad=True)
again.load_state_dict(checkpoint["optimizer_state_dict"])
print("epoch", checkpoint["epoch"], f"loss {checkpoint['loss']:.3f}")
print(sorted(again.state_dict()["state"][0]))
best.eval()
with torch.no_grad():
    inputs, target = next(iter(DataLoader(test, batch_size=len(test))))
    error = nn.functional.l1_loss(best(inputs), target)
print(f"test error {error:.3f}")
print(best)
