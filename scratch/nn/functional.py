"""The functions of nn: torch's signatures, checked here, computed in ops.

What needs no check beyond its operation's own is that operation itself.
"""

# ruff: noqa: F401, F403
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import alias
from ..ops import activation, instances, pointwise, trigonometry
from ..ops import dropout as drops
from ..ops import normalization as norms
from ..ops import softmax as softmaxes
from ..ops.activation import (
    gelu,
    glu,
    hardshrink,
    logsigmoid,
    prelu,
    softplus,
    softshrink,
)
from ..ops.adaptive_pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
)
from ..ops.combine import cat
from ..ops.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from ..ops.distance import (
    cosine_similarity,
    normalize,
    one_hot,
    pairwise_distance,
    pdist,
)
from ..ops.inplace import check_writable, write
from ..ops.kinds import check_comparable, typed
from ..ops.linear import bilinear, linear
from ..ops.operands import check_tensor, refuse
from ..ops.padding import pad
from ..ops.pooling import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    lp_pool1d,
    lp_pool2d,
    lp_pool3d,
    max_pool1d,
    max_pool1d_with_indices,
    max_pool2d,
    max_pool2d_with_indices,
    max_pool3d,
)
from ..ops.shuffling import channel_shuffle, pixel_shuffle, pixel_unshuffle
from ..ops.softmax import axis_of
from ..ops.unfolding import fold, unfold
from ..ops.unpooling import max_unpool1d, max_unpool2d, max_unpool3d
from ..outputs import NN_WITH_OUT, give_out
from ..overriding import open_doors
from ..tensor import Tensor
from ._alignment_functions import ctc_loss
from ._attention_functions import (
    multi_head_attention_forward,
    scaled_dot_product_attention,
)
from ._convolution_functions import conv_tbc
from ._distribution_functions import (
    gaussian_nll_loss,
    kl_div,
    poisson_nll_loss,
)
from ._embedding_functions import embedding, embedding_bag
from ._grid_functions import affine_grid, grid_sample
from ._in_place_functions import *
from ._linear_loss_functions import linear_cross_entropy
from ._loss_functions import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    huber_loss,
    l1_loss,
    mse_loss,
    nll_loss,
    smooth_l1_loss,
)
from ._margin_functions import (
    cosine_embedding_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from ._pooling_functions import *
from ._resizing_functions import (
    interpolate,
    upsample,
    upsample_bilinear,
    upsample_nearest,
)
from ._sampling_functions import gumbel_softmax


def put(operation: Any, x: Tensor, *args: Any, inplace: bool) -> Tensor:
    """An activation as a new tensor, or written over its input.

    In place it works on a copy, since its rule may still read x.
    """
    if not inplace:
        return operation(x, *args)
    check_writable(x)
    return write(x, operation(alias(x).clone(), *args))


# ---- activations

def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(x, 0)"""
    check_tensor(input, "relu")
    return input.relu_() if inplace else pointwise.relu(input)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """min(max(x, 0), 6)"""
    return hardtanh(input, 0.0, 6.0, inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01,
               inplace: bool = False) -> Tensor:
    """x, or negative_slope · x below 0"""
    return put(activation.leaky_relu, input, negative_slope, inplace=inplace)


def rrelu(input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3,
          training: bool = False, inplace: bool = False) -> Tensor:
    """leaky_relu with slopes drawn from U(lower, upper) in training"""
    return put(activation.rrelu, input, lower, upper, training,
               inplace=inplace)


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0,
             inplace: bool = False) -> Tensor:
    """x between min_val and max_val"""
    check_comparable(min_val, "hardtanh(): argument 'min_val' (position 2)")
    check_comparable(max_val, "hardtanh(): argument 'max_val' (position 3)")
    return put(activation.hardtanh, input, min_val, max_val, inplace=inplace)


def threshold(input: Tensor, threshold: float, value: float,
              inplace: bool = False) -> Tensor:
    """x above the threshold, else the value"""
    return put(activation.threshold, input, threshold, value,
               inplace=inplace)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """x / 6 + 1 / 2 between 0 and 1"""
    return put(activation.hardsigmoid, input, inplace=inplace)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """x · hardsigmoid(x)"""
    return put(activation.hardswish, input, inplace=inplace)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x, or alpha (eˣ - 1) below 0"""
    return put(activation.elu, input, alpha, inplace=inplace)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """elu with the constants that normalize"""
    return put(activation.selu, input, inplace=inplace)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x, or alpha (e^(x/alpha) - 1) below 0"""
    return put(activation.celu, input, alpha, inplace=inplace)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """x σ(x)"""
    return put(activation.silu, input, inplace=inplace)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """x tanh(softplus(x))"""
    return put(activation.mish, input, inplace=inplace)


@typed(input="methods")
def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + e⁻ˣ)"""
    return pointwise.sigmoid(input)


@typed(input="methods")
def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent"""
    return trigonometry.tanh(input)


def tanhshrink(input: Tensor) -> Tensor:
    """x - tanh(x)"""
    return input - input.tanh()


def softsign(input: Tensor) -> Tensor:
    """x / (1 + |x|)"""
    return input / (input.abs() + 1)


@typed(input="methods")
def softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3,
            dtype: Any = None) -> Tensor:
    """e^xᵢ / Σ e^xⱼ along dim"""
    return softmaxes.softmax(
        input, axis_of(input, dim, "softmax", _stacklevel + 3), dtype)


def softmin(input: Tensor, dim: int | None = None, _stacklevel: int = 3,
            dtype: Any = None) -> Tensor:
    """softmax(-x)"""
    if not isinstance(input, Tensor):  # torch: a number can be negated
        number = isinstance(input, (int, float))
        raise (AttributeError if number else TypeError)(
            "softmin(): argument 'input' (position 1) must be Tensor, not "
            f"{type(input).__name__}")
    return softmaxes.softmax(
        -input, axis_of(input, dim, "softmin", _stacklevel + 2), dtype)


@typed(input="methods")
def log_softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3,
                dtype: Any = None) -> Tensor:
    """log softmax(x), without overflow"""
    return softmaxes.log_softmax(
        input, axis_of(input, dim, "log_softmax", _stacklevel + 3), dtype)


# ---- dropout

def dropout(input: Tensor, p: float = 0.5, training: bool = True,
            inplace: bool = False) -> Tensor:
    """Each entry is 0 with probability p, the rest scaled by 1 / (1 - p)"""
    drops.check_probability(p)
    return put(drops.dropout, input, p, training,
               inplace=inplace and not drops.idle(input, p, training))


def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False,
                  inplace: bool = False) -> Tensor:
    """Dropout that keeps mean 0 and variance 1, for SELU networks"""
    drops.check_probability(p)
    return put(drops.alpha_dropout, input, p, training,
               inplace=inplace and not drops.idle(input, p, training))


def feature_alpha_dropout(input: Tensor, p: float = 0.5,
                          training: bool = False,
                          inplace: bool = False) -> Tensor:
    """alpha_dropout of whole channels"""
    drops.check_probability(p)
    return put(drops.feature_alpha_dropout, input, p, training,
               inplace=inplace and not drops.idle(input, p, training))


def dropout1d(input: Tensor, p: float = 0.5, training: bool = True,
              inplace: bool = False) -> Tensor:
    """Whole channels of x (N, C, S) or (C, S) are dropped"""
    return drops.by_channel("dropout1d", 1, input, p, training, inplace)


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True,
              inplace: bool = False) -> Tensor:
    """Whole channels of x (N, C, H, W) are dropped"""
    return drops.by_channel("dropout2d", 2, input, p, training, inplace)


def dropout3d(input: Tensor, p: float = 0.5, training: bool = True,
              inplace: bool = False) -> Tensor:
    """Whole channels of x (N, C, D, H, W) or (C, D, H, W) are dropped"""
    return drops.by_channel("dropout3d", 3, input, p, training, inplace)


# ---- normalization

def batch_norm(input: Tensor, running_mean: Tensor | None,
               running_var: Tensor | None, weight: Tensor | None = None,
               bias: Tensor | None = None, training: bool = False,
               momentum: float = 0.1, eps: float = 1e-5) -> Tensor:
    """Each channel of x (N, C, *) over N and *"""
    if training:
        size = input.shape
        if not size:
            raise IndexError("batch_norm(): argument 'input' (position 1) "
                             "must have a dimension, but got a number")
        if math.prod(size[:1] + size[2:]) == 1:
            raise ValueError("Expected more than 1 value per channel when "
                             f"training, got input size {size}")
    if training and eps <= 0.0:
        raise ValueError("batch_norm eps must be positive during training, "
                         f"but got {eps}")
    if eps < 0.0:
        raise ValueError(
            f"batch_norm eps must be non-negative, but got {eps}")
    return norms.batch_norm(input, weight, bias, running_mean, running_var,
                            training, momentum, eps)


def layer_norm(input: Tensor, normalized_shape: Any,
               weight: Tensor | None = None, bias: Tensor | None = None,
               eps: float = 1e-5) -> Tensor:
    """x (*, *normalized_shape) over its last dimensions"""
    return norms.layer_norm(input, normalized_shape, weight, bias, eps)


def group_norm(input: Tensor, num_groups: int, weight: Tensor | None = None,
               bias: Tensor | None = None, eps: float = 1e-5) -> Tensor:
    """Each group of channels of x (N, C, *), image by image"""
    if input.ndim >= 2:
        n, c, *size = input.shape
        if n * c // num_groups * math.prod(size) == 1:
            raise ValueError("Expected more than 1 value per channel when "
                             f"training, got input size {[*input.shape]}")
    return norms.group_norm(input, num_groups, weight, bias, eps)


def instance_norm(input: Tensor, running_mean: Tensor | None = None,
                  running_var: Tensor | None = None,
                  weight: Tensor | None = None, bias: Tensor | None = None,
                  use_input_stats: bool = True, momentum: float = 0.1,
                  eps: float = 1e-5) -> Tensor:
    """Each channel of each image of x (N, C, *)"""
    if use_input_stats and math.prod(input.shape[2:]) == 1:
        raise ValueError("Expected more than 1 spatial element when "
                         f"training, got input size {input.shape}")
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError("Expected running_mean and running_var to be "
                           "defined when use_input_stats is false")
    return instances.instance_norm(input, weight, bias, running_mean,
                                   running_var, use_input_stats, momentum,
                                   eps)


def rms_norm(input: Tensor, normalized_shape: Any,
             weight: Tensor | None = None,
             eps: float | None = None) -> Tensor:
    """x / √(mean(x²) + eps) over the last dimensions"""
    return norms.rms_norm(input, normalized_shape, weight, eps)


def local_response_norm(input: Tensor, size: int, alpha: float = 1e-4,
                        beta: float = 0.75, k: float = 1.0) -> Tensor:
    """x / (k + α mean of x² over `size` neighbour channels)^β
    (Krizhevsky et al., 2012)"""
    dim = input.ndim
    if dim < 3:
        raise ValueError(
            "Expected 3D or higher dimensionality                         "
            f" input (got {dim} dimensions)")
    if not input.array.size:
        return input
    if dim > 3 and input.array.dtype == np.float16:
        refuse(input.array, "f", "avg_pool3d_out_frame")
    n, c, *rest = input.shape
    square = input.mul(input).reshape(n, 1, c, -1)
    before, after = size // 2, (size - 1) // 2
    zero = square.new_zeros(n, 1, 1, square.shape[3])
    rows = [zero] * before + [square] + [zero] * after
    mean = avg_pool2d(cat(rows, 2), (size, 1), stride=1).reshape(n, c, *rest)
    return input / (mean * alpha + k).pow(beta)


give_out(globals(), NN_WITH_OUT)
open_doors(globals())
