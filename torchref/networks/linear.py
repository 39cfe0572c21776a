"""Networks of one linear layer: regression and classification by softmax."""

from torch import nn


def linear_regression(inputs: int = 2, outputs: int = 1) -> nn.Module:
    """y = x Wᵀ + b   (N, inputs) -> (N, outputs)"""
    return nn.Sequential(nn.Linear(inputs, outputs))


def polynomial_regression(degree: int = 4) -> nn.Module:
    """y = x Wᵀ   (N, degree) -> (N, 1); the feature of xⁱ is xⁱ/i!, so x⁰
    stands for the bias."""
    return nn.Sequential(nn.Linear(degree, 1, bias=False))


def house_price(features: int = 331) -> nn.Module:
    """Price from standardised and one-hot columns (N, features) -> (N, 1)"""
    return nn.Sequential(nn.Linear(features, 1))


def softmax_regression(inputs: int = 784, classes: int = 10) -> nn.Module:
    """One logit a class (N, 1, 28, 28) -> (N, classes); the loss takes their
    softmax."""
    return nn.Sequential(nn.Flatten(), nn.Linear(inputs, classes))
