"""Sentences of different lengths: embedded, averaged, told apart."""

from collections import Counter

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset

GOOD = "fine great lovely bright warm kind sweet happy calm fresh".split()
BAD = "poor bleak cold harsh dull grim sour weary loud stale".split()
PLAIN = "the a day was it room with and food very not so this".split()
torch.manual_seed(4)


def sentence(label):
    n = int(torch.randint(3, 9, (1,)))
    words = [PLAIN[i] for i in torch.randint(len(PLAIN), (n,)).tolist()]
    mood = GOOD if label else BAD
    for i in torch.randperm(n)[:2].tolist():
        words[i] = mood[torch.randint(0, len(mood), ()).item()]
    return " ".join(words)


class Sentences(Dataset):
    def __init__(self, n):
        self.labels = torch.randint(0, 2, (n,)).tolist()
        self.texts = [sentence(label) for label in self.labels]

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.labels[i], self.texts[i]


train, test = Sentences(240), Sentences(80)
counts = Counter(word for text in train.texts for word in text.split())
vocabulary = {"<pad>": 0, "<unk>": 1}
for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
    vocabulary[word] = len(vocabulary)


def collate_batch(batch):
    labels, texts = [], []
    for label, text in batch:
        numbers = [vocabulary.get(word, 1) for word in text.split()]
        labels.append(label)
        texts.append(torch.tensor(numbers, dtype=torch.int64))
    lengths = torch.tensor([len(t) for t in texts])
    return (
        pad_sequence(texts, batch_first=True, padding_value=0),
        lengths,
        torch.tensor(labels, dtype=torch.int64),
    )


class TextClassification(nn.Module):
    def __init__(self, size, width, classes):
        super().__init__()
        self.embedding = nn.Embedding(size, width, padding_idx=0)
        self.conv = nn.Conv1d(width, width, 3, padding=1)
        self.norm = nn.LayerNorm(width)
        self.fc = nn.Linear(2 * width, classes)
        self.init_weights()

    def init_weights(self):
        initrange = 0.5
        self.embedding.weight.data.uniform_(-initrange, initrange)
        self.fc.weight.data.uniform_(-initrange, initrange)
        self.fc.bias.data.zero_()

    def forward(self, text, lengths):
        mask = (text != 0).unsqueeze(-1)
        embedded = self.embedding(text)
        near = self.conv(embedded.transpose(1, 2)).transpose(1, 2)
        hidden = self.norm(embedded + F.gelu(near)) * mask
        mean = hidden.sum(dim=1) / lengths.unsqueeze(1)
        most = hidden.masked_fill(~mask, float("-inf")).amax(dim=1)
        return self.fc(torch.cat((mean, most), dim=1))


model = TextClassification(len(vocabulary), 12, 2)
loader = DataLoader(train, 16, shuffle=True, collate_fn=collate_batch)
held = DataLoader(test, 40, collate_fn=collate_batch)
criterion = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 1.2]))
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.1)
for epoch in range(3):
    model.train()
    total, right = 0.0, 0
    for text, lengths, label in loader:
        optimizer.zero_grad()
        predicted = model(text, lengths)
        loss = criterion(predicted, label)
        loss.backward()
        torch.nn.utils.clip_grad_value_(model.parameters(), 0.1)
        optimizer.step()
        total += loss.item()
        right += (predicted.argmax(1) == label).sum().item()
    print(f"epoch {epoch}: loss {total / len(loader):.3f}, right {right}")
model.eval()
with torch.inference_mode():
    for text, lengths, label in held:
        chances = model(text, lengths).softmax(-1)
        top = torch.topk(chances, 1)
        print(tuple(text.shape), (top.indices[:, 0] == label).float().mean())
        print(f"{top.values.mean():.3f}")
near = F.cosine_similarity(
    model.embedding.weight[vocabulary["fine"]],
    model.embedding.weight[vocabulary["grim"]],
    dim=0,
)
print(f"{near:.3f}", model.embedding.weight[0].abs().sum().item() >= 0)
