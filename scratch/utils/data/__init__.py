"""Data sets, samplers and loaders, named as in torch.utils.data."""

from scratch.utils.data import _utils
from scratch.utils.data.collate import default_collate, default_convert
from scratch.utils.data.dataloader import DataLoader
from scratch.utils.data.dataset import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    StackDataset,
    Subset,
    TensorDataset,
    random_split,
)
from scratch.utils.data.distributed import DistributedSampler
from scratch.utils.data.sampler import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)
from scratch.utils.data.worker import get_worker_info
