"""Convolutions: sizes, parameters, shifts, and an edge that is learned."""

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)

print("places: floor((n + 2p - k) / s) + 1")
for n in (5, 8):
    for k, p, s in ((3, 0, 1), (3, 1, 2), (5, 2, 3), (2, 0, 2)):
        places = nn.Conv2d(1, 1, k, s, p)(torch.zeros(1, 1, n, n)).shape[2]
        assert places == (n + 2 * p - k) // s + 1 == (n + 2 * p - k + s) // s
        print(n, k, p, s, "->", places)

print("parameters: one bias for each channel that comes out")
for conv in (nn.Conv2d(2, 3, 3), nn.Conv2d(3, 2, 3), nn.Conv2d(8, 16, 1),
             nn.Conv2d(8, 8, 3, groups=8), nn.Conv2d(1, 6, 5, bias=False)):
    print(conv, sum(p.numel() for p in conv.parameters()))

print("what is shifted before is shifted after")
x, w = torch.randn(1, 2, 8, 8).double(), torch.randn(3, 2, 3, 3).double()
whole = F.conv2d(F.pad(x, (1, 1, 1, 1), mode="circular"), w)
shifted = torch.roll(x, (2, 3), (2, 3))
after = F.conv2d(F.pad(shifted, (1, 1, 1, 1), mode="circular"), w)
print(torch.allclose(after, torch.roll(whole, (2, 3), (2, 3))))

print("one pixel reaches the places around it alone")
point = torch.zeros(1, 1, 7, 7)
point[0, 0, 3, 3] = 1
print((F.conv2d(point, torch.ones(1, 1, 3, 3), padding=1)[0, 0] > 0).int())

print("a matrix product of unfolded windows; 1 x 1 is a linear layer")
columns = F.unfold(x, 3, padding=1)
by_product = (w.reshape(3, -1) @ columns).reshape(1, 3, 8, 8)
print(torch.allclose(by_product, F.conv2d(x, w, padding=1)))
v = torch.randn(4, 2).double()
mixed = F.linear(x.permute(0, 2, 3, 1), v).permute(0, 3, 1, 2)
print(torch.allclose(mixed, F.conv2d(x, v[:, :, None, None])))

print("an edge detector, learned from what it gives")
image = torch.ones(1, 1, 6, 8)
image[:, :, :, 2:6] = 0
edges = F.conv2d(image, torch.tensor([[[[1.0, -1.0]]]]))
conv = nn.Conv2d(1, 1, (1, 2), bias=False)
for step in range(10):
    loss = ((conv(image) - edges) ** 2).sum()
    conv.zero_grad()
    loss.backward()
    conv.weight.data[:] -= 3e-2 * conv.weight.grad
    if step % 2:
        print(f"step {step + 1}, loss {loss.item():.3f}")
print([f"{v:.3f}" for v in conv.weight.data.reshape(2).tolist()])

print("shapes and parameters, layer by layer")
net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2),
                    nn.Flatten(), nn.Linear(36, 10))


def tell(layer, inputs, output):
    count = sum(p.numel() for p in layer.parameters())
    print(f"{type(layer).__name__:<10}{list(output.shape)} {count}")


for layer in net:
    layer.register_forward_hook(tell)
net(torch.zeros(1, 1, 8, 8))
