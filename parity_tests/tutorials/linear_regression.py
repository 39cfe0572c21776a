"""Linear regression, from scratch and then with layers."""

import torch
from torch import nn
from torch.utils import data

torch.manual_seed(0)


def synthetic_data(w, b, num_examples):
    x = torch.normal(0, 1, (num_examples, len(w)))
    y = torch.matmul(x, w) + b
    y += torch.normal(0, 0.01, y.shape)
    return x, y.reshape((-1, 1))


true_w = torch.tensor([2, -3.4])
true_b = 4.2
features, labels = synthetic_data(true_w, true_b, 1000)
print("features:", features[0], "\nlabel:", labels[0])


def data_iter(batch_size, features, labels):
    indices = torch.randperm(len(features))
    for i in range(0, len(features), batch_size):
        batch = indices[i:min(i + batch_size, len(features))]
        yield features[batch], labels[batch]


w = torch.normal(0, 0.01, size=(2, 1), requires_grad=True)
b = torch.zeros(1, requires_grad=True)


def linreg(x, w, b):
    return torch.matmul(x, w) + b


def squared_loss(y_hat, y):
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


for epoch in range(3):
    for x, y in data_iter(10, features, labels):
        loss = squared_loss(linreg(x, w, b), y)
        loss.sum().backward()
        sgd([w, b], 0.03, 10)
    with torch.no_grad():
        train_l = squared_loss(linreg(features, w, b), labels)
        print(f"epoch {epoch + 1}, loss {float(train_l.mean()):.5f}")
error = true_w - w.reshape(true_w.shape)
print(f"error in estimating w: {error.round(decimals=5)}")

loader = data.DataLoader(data.TensorDataset(features, labels), 10,
                         shuffle=True)
net = nn.Sequential(nn.Linear(2, 1))
net[0].weight.data.normal_(0, 0.01)
net[0].bias.data.fill_(0)
loss = nn.MSELoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.03)
print(net)
print(trainer)
for epoch in range(3):
    for x, y in loader:
        batch_loss = loss(net(x), y)
        trainer.zero_grad()
        batch_loss.backward()
        trainer.step()
    print(f"epoch {epoch + 1}, loss {loss(net(features), labels):.5f}")
print(net[0].weight.data, net[0].bias.grad.shape)
