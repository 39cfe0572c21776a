"""The optimizers by hand: torch's tensor operations, none of torch.optim's.

Each page faces the one of the same name in scratch/optim.
"""

from torchref.optim.adadelta import Adadelta
from torchref.optim.adafactor import Adafactor
from torchref.optim.adagrad import Adagrad
from torchref.optim.adam import Adam
from torchref.optim.adamax import Adamax
from torchref.optim.adamw import AdamW
from torchref.optim.asgd import ASGD
from torchref.optim.lbfgs import LBFGS
from torchref.optim.muon import Muon
from torchref.optim.nadam import NAdam
from torchref.optim.radam import RAdam
from torchref.optim.rmsprop import RMSprop
from torchref.optim.rprop import Rprop
from torchref.optim.sgd import SGD
