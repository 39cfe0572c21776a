"""Optimizers and schedules for their learning rates, by torch's names."""

from scratch.optim import lr_scheduler, swa_utils
from scratch.optim.adadelta import Adadelta
from scratch.optim.adafactor import Adafactor
from scratch.optim.adagrad import Adagrad
from scratch.optim.adam import Adam
from scratch.optim.adamax import Adamax
from scratch.optim.adamw import AdamW
from scratch.optim.asgd import ASGD
from scratch.optim.lbfgs import LBFGS
from scratch.optim.muon import Muon
from scratch.optim.nadam import NAdam
from scratch.optim.optimizer import Optimizer
from scratch.optim.radam import RAdam
from scratch.optim.rmsprop import RMSprop
from scratch.optim.rprop import Rprop
from scratch.optim.sgd import SGD
