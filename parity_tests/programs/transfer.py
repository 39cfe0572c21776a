"""A trained body with a new head: first the head alone, then all of it."""

import copy

import torch
import torch.nn as nn
import torch.optim as optim
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms

torch.manual_seed(3)
device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")

data_transforms = {
    "train": transforms.Compose(
        [
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize([0.5], [0.5]),
        ]
    ),
    "val": transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize([0.5], [0.5])]
    ),
}
image_datasets = {
    phase: datasets.FashionMNIST(
        "data", train=phase == "train", transform=data_transforms[phase]
    )
    for phase in ["train", "val"]
}


def part(dataset, keep, count):
    """The first pictures of some classes."""
    wanted = torch.isin(dataset.targets, torch.tensor(keep))
    rows = wanted.nonzero(as_tuple=True)[0][:count]
    dataset = copy.copy(dataset)
    dataset.targets = torch.bucketize(dataset.targets, torch.tensor(keep))
    return Subset(dataset, rows.tolist())


class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 3, stride=2, padding=1),
            nn.BatchNorm2d(8),
            nn.ReLU(inplace=True),
            nn.Conv2d(8, 16, 3, stride=2, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(inplace=True),
        )
        self.avgpool = nn.AdaptiveAvgPool2d((2, 2))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.avgpool(self.features(x))
        return self.fc(torch.flatten(x, 1))


def train_model(model, criterion, optimizer, scheduler, loaders, num_epochs):
    best_model_wts, best_acc = copy.deepcopy(model.state_dict()), 0.0
    for epoch in range(num_epochs):
        for phase in ["train", "val"]:
            model.train() if phase == "train" else model.eval()
            running_loss, running_corrects, seen = 0.0, 0, 0
            for inputs, labels in loaders[phase]:
                inputs, labels = inputs.to(device), labels.to(device)
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    _, preds = torch.max(outputs, 1)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                running_loss += loss.item() * inputs.size(0)
                running_corrects += torch.sum(preds == labels.data)
                seen += inputs.size(0)
            if phase == "train":
                scheduler.step()
            epoch_loss = running_loss / seen
            epoch_acc = running_corrects.double() / seen
            print(f"{epoch} {phase} Loss: {epoch_loss:.4f} {epoch_acc:.4f}")
            if phase == "val" and epoch_acc > best_acc:
                best_acc = epoch_acc
                best_model_wts = copy.deepcopy(model.state_dict())
    print(f"Best val Acc: {best_acc:4f}")
    model.load_state_dict(best_model_wts)
    return model


def loaders(keep, train, val):
    return {
        "train": DataLoader(
            part(image_datasets["train"], keep, train), 32, shuffle=True
        ),
        "val": DataLoader(part(image_datasets["val"], keep, val), 50),
    }


model = Body().to(device)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
scheduler = lr_scheduler.ExponentialLR(optimizer, 0.9)
every = loaders([0, 1, 2, 3, 5], 480, 100)
model = train_model(model, criterion, optimizer, scheduler, every, 2)

for param in model.parameters():
    param.requires_grad = False
num_ftrs = model.fc.in_features
model.fc = nn.Linear(num_ftrs, 2)
print(sum(p.numel() for p in model.parameters() if p.requires_grad))
optimizer = optim.SGD(model.fc.parameters(), lr=0.01, momentum=0.9)
scheduler = lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.1)
few = loaders([7, 9], 64, 100)
model = train_model(model, criterion, optimizer, scheduler, few, 2)

for param in model.features.parameters():
    param.requires_grad_(True)
optimizer = optim.SGD(
    [
        {"params": model.features.parameters(), "lr": 1e-3},
        {"params": model.fc.parameters()},
    ],
    lr=1e-2,
    momentum=0.9,
)
print(optimizer)
scheduler = lr_scheduler.MultiStepLR(optimizer, milestones=[1], gamma=0.5)
train_model(model, criterion, optimizer, scheduler, few, 2)
