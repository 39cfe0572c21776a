"""out=: a result written into a tensor that the caller has.

torch: the tensor given as `out` gets the shape of the result (with a
warning if it had elements and another shape), must be able to hold its
dtype, and nothing of it is recorded.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from . import dtypes
from .modes import modes
from .numpy_names import found_as
from .ops.inplace import check_overlap, check_writable
from .ops.operands import torch_name
from .output_kinds import (
    ADDERS,
    MAKERS,
    SEQUENCES,
    check_kind,
    kind_of_maker,
    kind_of_sum,
)
from .overriding import door
from .tensor import Tensor

# The functions that take out= in torch.
WITH_OUT = (
    "abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr "
    "alias_copy all amax amin aminmax angle any arange arccos arccosh arcsin "
    "arcsinh arctan arctan2 arctanh argmax argmin as_strided_copy asin asinh "
    "atan atan2 atanh baddbmm bitwise_and bitwise_left_shift bitwise_not "
    "bitwise_or bitwise_right_shift bitwise_xor bmm bucketize cat ceil "
    "cholesky_inverse cholesky_solve clamp clamp_max clamp_min clip "
    "column_stack complex concat concatenate conj_physical copysign cos cosh "
    "cross cummax cummin cumprod cumsum deg2rad diag diagonal_copy diff "
    "digamma div divide dot dstack empty eq erf erfc erfinv exp exp2 "
    "expand_copy expm1 eye fix float_power floor floor_divide fmax fmin fmod "
    "frac frexp full gather gcd ge geqrf ger greater greater_equal gt "
    "hardshrink heaviside histc histogram hstack hypot i0 igamma igammac "
    "index_add index_copy index_reduce index_select inner inverse isin "
    "isneginf isposinf kron kthvalue lcm ldexp le lerp less less_equal lgamma "
    "linspace log log10 log1p log2 log_softmax logaddexp logaddexp2 "
    "logcumsumexp logical_and logical_not logical_or logical_xor logit "
    "logspace logsumexp lt lu_solve lu_unpack masked_select matmul "
    "matrix_power max maximum mean median min minimum mm mode msort mul "
    "multiply mv mvlgamma nan_to_num nanmean nanmedian nanquantile nansum "
    "narrow_copy ne neg negative nextafter nonzero nonzero_static norm "
    "not_equal ones orgqr ormqr outer permute_copy polar polygamma pow prod "
    "quantile rad2deg range reciprocal remainder renorm repeat_interleave "
    "round row_stack rsqrt scatter scatter_add scatter_reduce searchsorted "
    "sgn sigmoid sign signbit sin sinc sinh slice_copy slice_scatter slogdet "
    "softmax sort split_with_sizes_copy sqrt square squeeze_copy stack std "
    "std_mean sub subtract sum svd t_copy take take_along_dim tan tanh "
    "tensordot topk transpose_copy triangular_solve tril triu true_divide "
    "trunc unbind_copy unfold_copy unsqueeze_copy var var_mean vdot "
    "view_copy vstack where xlogy zeros"
).split()
# torch: these do not look where `out` lies; and these allow no overlap,
# while the others may write to just where an input is
UNGUARDED = set(
    "addbmm addmm addmv addr baddbmm bmm diag dot inner matmul mm mv outer "
    "std std_mean var var_mean vdot".split())
APART = set("cross gather index_select masked_select put scatter scatter_add "
            "scatter_reduce take take_along_dim topk".split())
SILENT = {"split_with_sizes_copy", "unbind_copy"}  # torch: return None
LINALG_WITH_OUT = (
    "cholesky cholesky_ex cond cross det eig eigh eigvals eigvalsh "
    "householder_product inv inv_ex ldl_factor ldl_factor_ex ldl_solve lstsq "
    "lu lu_factor lu_factor_ex lu_solve matmul matrix_norm matrix_power "
    "matrix_rank multi_dot norm pinv polar qr slogdet solve solve_ex "
    "solve_triangular svd svdvals tensorinv tensorsolve vecdot vector_norm"
).split()
SPECIAL_WITH_OUT = (
    "airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 chebyshev_polynomial_t "
    "chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w "
    "digamma entr erf erfc erfcx erfinv exp2 expit expm1 gammaln "
    "hermite_polynomial_h hermite_polynomial_he i0 i0e i1 i1e "
    "laguerre_polynomial_l legendre_polynomial_p log1p log_ndtr logit "
    "logsumexp modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 "
    "modified_bessel_k1 multigammaln ndtr ndtri polygamma psi round "
    "scaled_modified_bessel_k0 scaled_modified_bessel_k1 "
    "shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u "
    "shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w sinc "
    "spherical_bessel_j0 xlog1py xlogy zeta").split()
NN_WITH_OUT = ("avg_pool2d avg_pool3d gelu hardshrink linear logsigmoid "
               "normalize softplus softshrink").split()
FFT_WITH_OUT = (
    "fft fft2 fftfreq fftn hfft hfft2 hfftn ifft ifft2 ifftn ihfft ihfft2 "
    "ihfftn irfft irfft2 irfftn rfft rfft2 rfftfreq rfftn").split()


def with_out(function: Callable, prefix: str = "") -> Callable:
    """The function, that can also write its result into `out`."""
    name = function.__name__
    if name not in WITH_OUT:  # torch: special.ndtri is called special_ndtri
        name = prefix + name

    def fill(args: tuple, kwargs: dict) -> Any:
        out = kwargs.pop("out", None)
        if out is None:
            return function(*args, **kwargs)
        return filled(name, function, args, kwargs, out)

    return door(function, fill)


def filled(name: str, function: Callable, args: tuple, kwargs: dict,
           out: Any) -> Any:
    """`out`, with the function's result in it."""
    check(name, args, out)
    if function.__name__ in MAKERS:
        return put(out, made(function, args, kwargs, out), quiet=True)
    if function.__name__ in ADDERS:
        kwargs["dtype"] = kind_of_sum(kwargs.get("dtype"), out)
    result = function(*args, **kwargs)
    several = isinstance(out, (tuple, list))
    check_count(name, out, result, kwargs)
    targets, parts = (out, result) if several else ([out], [result])
    check_kind(function.__name__, args, targets, parts)
    if function.__name__ not in UNGUARDED:
        check_memory(args, targets, parts, function.__name__ in APART)
    for target, part in zip(targets, parts, strict=True):
        put(target, part)
    if not several or name in SILENT:
        return None if several else out
    return type(result)(out) if type(result) is not list else tuple(out)


def check_count(name: str, out: Any, result: Any, kwargs: dict) -> None:
    """Refuse one tensor for several results, and several for one."""
    several = isinstance(out, (tuple, list))
    if several and kwargs.get("as_tuple"):
        raise TypeError(f"{name}(): argument 'out' must be Tensor, not "
                        f"{type(out).__name__}")
    if several is not isinstance(result, (tuple, list)):
        if kwargs.get("as_tuple"):
            raise RuntimeError(f"{name} does not support the out kwarg when "
                               "as_tuple is True")
        raise TypeError(
            f"{name}(): argument 'out' must be "
            f"{'Tensor' if several else 'tuple of Tensors'}, not "
            f"{type(out).__name__}")


def made(function: Callable, args: tuple, kwargs: dict, out: Tensor
         ) -> Tensor:
    """What a maker puts into `out`: in its dtype, and for the makers of
    sequences in its shape, if the number of elements is right."""
    kwargs["dtype"] = kind_of_maker(kwargs.get("dtype"), out)
    y = function(*args, **kwargs)
    if function.__name__ in SEQUENCES and y.numel() == out.numel():
        y = y.reshape(out.shape)
    return y


def check(name: str, args: tuple, out: Any) -> None:
    """Refuse an `out` that is no tensor, and what is to be recorded."""
    outs = out if isinstance(out, (tuple, list)) else [out]
    for target in outs:
        if not isinstance(target, Tensor):
            raise TypeError(
                f"{name}(): argument 'out' must be Tensor, not "
                f"{type(target).__name__}")
    if modes.recording and any(
            x.requires_grad for x in [*tensors_of(args), *outs]):
        raise RuntimeError(
            f"{name}(): functions with out=... arguments don't support "
            "automatic differentiation, but one of the arguments requires "
            "grad.")


def tensors_of(args: tuple) -> list[Tensor]:
    """The tensors among the arguments, and in lists of them."""
    every = [a for arg in args for a in (
        arg if isinstance(arg, (tuple, list)) else [arg])]
    return [a for a in every if isinstance(a, Tensor)]


def check_memory(args: tuple, targets: Any, parts: Any, apart: bool
                 ) -> None:
    """Refuse to write where an input is still read, or twice."""
    for target, part in zip(targets, parts):
        if target.array.shape == part.array.shape or apart:
            check_writable(target)  # else it moves away
            for x in tensors_of(args):
                check_overlap(target.array, x.array, apart)


def put(out: Tensor, result: Tensor, quiet: bool = False) -> Tensor:
    """out ← result; out takes the result's shape."""
    if out.dtype is not result.dtype and not dtypes.can_cast(
            result.dtype, out.dtype):
        raise RuntimeError(
            f"result type {torch_name(result.dtype)} can't be cast to the "
            f"desired output type {torch_name(out.dtype)}")
    shape = result.array.shape
    if out.array.shape != shape:
        if out.array.size and not quiet:
            warnings.warn(
                "An output with one or more elements was resized since it "
                f"had shape {[*out.array.shape]}, which does not match the "
                f"required output shape {[*shape]}. This behavior is "
                "deprecated, and in a future PyTorch release outputs will "
                "not be resized unless they have zero elements. You can "
                "explicitly reuse an out tensor t by resizing it, inplace, "
                "to zero elements with t.resize_(0).", UserWarning,
                stacklevel=5)
        out.array = np.empty(shape, out.array.dtype)
    np.copyto(out.array, result.array, casting="unsafe")
    out.version[0] += 1
    return out


def give_out(space: dict, names: list[str], prefix: str = "") -> None:
    """Let the functions of these names in a module take `out`."""
    for name in names:
        if name in space:
            space[name] = with_out(space[name], prefix)
            found_as(space, name)
