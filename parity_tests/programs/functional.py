"""A network of plain tensors and torch.nn.functional alone."""

import math

import torch
import torch.nn.functional as F

g = torch.Generator().manual_seed(2147483647)
n, classes = 300, 3
label = torch.arange(n) % classes
radius = torch.linspace(0.1, 1, n)
angle = 4 * radius + label * (2 * math.pi / classes)
angle += 0.2 * torch.randn(n, generator=g)
points = torch.stack((radius * torch.sin(angle), radius * torch.cos(angle)), 1)

W1 = torch.randn((2, 32), generator=g) * (5 / 3) / 2**0.5
bngain, bnbias = torch.ones((1, 32)), torch.zeros((1, 32))
bnmean_running, bnstd_running = torch.zeros((1, 32)), torch.ones((1, 32))
W2 = torch.randn((32, classes), generator=g) * 0.01
b2 = torch.randn(classes, generator=g) * 0
parameters = [W1, bngain, bnbias, W2, b2]
print(sum(p.nelement() for p in parameters))
for p in parameters:
    p.requires_grad = True

lossi, ud = [], []
for i in range(150):
    ix = torch.randint(0, points.shape[0], (40,), generator=g)
    Xb, Yb = points[ix], label[ix]
    hpreact = Xb @ W1
    bnmeani = hpreact.mean(0, keepdim=True)
    bnstdi = hpreact.std(0, keepdim=True)
    hpreact = bngain * (hpreact - bnmeani) / bnstdi + bnbias
    with torch.no_grad():
        bnmean_running = 0.9 * bnmean_running + 0.1 * bnmeani
        bnstd_running = 0.9 * bnstd_running + 0.1 * bnstdi
    h = torch.tanh(hpreact)
    logits = F.linear(h, W2.T, b2)
    logits.retain_grad()
    loss = F.cross_entropy(logits, Yb)
    for p in parameters:
        p.grad = None
    loss.backward()
    lr = 0.5 if i < 100 else 0.05
    for p in parameters:
        p.data += -lr * p.grad
    if i % 30 == 0:
        print(f"{i:7d}/150: {loss.item():.4f}")
    lossi.append(loss.log10().item())
    with torch.no_grad():
        ud.append(
            [
                ((lr * p.grad).std() / p.data.std()).log10().item()
                for p in parameters
                if p.numel() > 1
            ][0]
        )
print(torch.tensor(lossi).view(-1, 30).mean(1))

by_hand = F.softmax(logits, 1)
by_hand[range(40), Yb] -= 1
by_hand /= 40
print(torch.allclose(by_hand, logits.grad, atol=1e-6))


@torch.no_grad()
def split_loss(x, y):
    h = torch.tanh(bngain * (x @ W1 - bnmean_running) / bnstd_running + bnbias)
    logits = h @ W2 + b2
    hits = (logits.argmax(1) == y).float().mean().item()
    return F.cross_entropy(logits, y).item(), hits


print(
    "all points: loss {:.4f}, right {:.3f}".format(*split_loss(points, label))
)
chances = F.softmax(points[:5] @ W1 @ W2, dim=-1)
drawn = torch.multinomial(chances, num_samples=2, generator=g)
print(F.one_hot(label[:4], num_classes=classes), tuple(drawn.shape))

image = torch.arange(36.0).reshape(1, 1, 6, 6)
kernel = torch.tensor([[[[0.0, 1.0], [2.0, 3.0]]]])
y = F.conv2d(F.pad(image, (1, 1, 0, 0), mode="reflect"), kernel, stride=2)
print(
    F.max_pool2d(y, 2),
    F.avg_pool2d(y, 2),
    F.interpolate(y, scale_factor=2).sum(),
)
print(F.log_softmax(y.flatten(1), -1).logsumexp(-1).abs() < 1e-5)
print(F.kl_div(F.log_softmax(chances, 1), chances, reduction="batchmean"))
print(F.smooth_l1_loss(y, y + 0.5), F.normalize(y, dim=3).shape)
