"""The dtype of out=: which functions want exactly that of their result.

All others of torch's functions take whatever the result can be cast to.
"""

from __future__ import annotations

from typing import Any

from .dtypes import can_cast, dtype
from .ops.operands import in_c, torch_name, type_name
from .tensor import Tensor

# what torch says -> who says it. {want} and {got} are names such as Float,
# {c} and {k} the same in C++; "|" parts what the several outputs say.
WORDS = {
    "Expected out tensor to have dtype {c}, but got {k} instead":
        "addmm addmv alias_copy aminmax argmax argmin as_strided_copy "
        "baddbmm bmm cholesky cholesky_ex cross det diag diagonal_copy eigh "
        "eigvalsh expand_copy gather index_add index_copy index_reduce inv "
        "inv_ex inverse isin log_softmax matmul max min mm msort norm "
        "permute_copy qr renorm scatter scatter_add scatter_reduce "
        "slice_copy slice_scatter slogdet softmax solve sort "
        "split_with_sizes_copy squeeze_copy svd svdvals t_copy "
        "take_along_dim topk transpose_copy triangular_solve tril triu "
        "unbind_copy unfold_copy unsqueeze_copy vector_norm view_copy",
    "Found dtype {got} but expected {want}":
        "abs absolute bitwise_not ceil conj_physical floor frac neg negative "
        "round sgn sign trunc",
    "Expected the dtype for input and out to match, but got {want} for "
    "input's dtype and {got} for out's dtype.": "amax amin",
    "expected scalar_type {want} but found {got}":
        "cummax cummin logcumsumexp",
    "expected scalar type {want} but found {got}": "solve_triangular",
    "expected scalar type '{want}' but got '{got}' for values output|"
    "expected scalar type '{want}' but got '{got}' for indices output":
        "mode",
    "output values must be of same type as input|"
    "output indices must be of scalar type Long": "kthvalue",
    "heaviside is not yet implemented for tensors with different dtypes.":
        "heaviside",
    "result dtype {got} does not match input dtype {want}": "dot vdot",
    "tensordot: Expected the output tensor to have dtype {want}, but got an "
    "output tensor with dtype {got}": "inner tensordot",
    "Expected object of scalar type {want} but got scalar type {got} for "
    "argument 'out'": "complex polar",
    "{name}() out tensor must be same dtype as the input tensor":
        "quantile nanquantile",
    "nan_to_num: dtype of out: {got} should be same as input: {want}":
        "nan_to_num",
    "{name}(): self and result must have the same scalar type":
        "index_select masked_select",
    "{name}(): self and out expected to have the same dtype, but got "
    "self.dtype = {want} and out.dtype = {got}": "take",
    "Expected out type to be {want} but got {got}": "where",
    "{name} does not support non-boolean outputs.":
        "isneginf isposinf signbit",
    "nonzero: Expected out tensor to have scalar type Long but got scalar "
    "type{got}": "nonzero",
    "self and mat2 must have the same dtype, but got {got} and {want}":
        "addbmm",
    "torch.frexp() expects mantissa to have dtype {c} but got {k}|"
    "torch.frexp() expects exponent to have int dtype but got {k}": "frexp",
    "multinomial expects Long tensor out, got: {got}": "multinomial",
    "Expected self.dtype() == output.dtype() to be true, but got false.  "
    "(Could this error message be improved?  If so, please report an "
    "enhancement request to PyTorch.)": "narrow_copy",
    "torch.searchsorted(): output tensor's dtype is wrong, it can only be "
    "Int(int32) or Long(int64) depending on whether out_int32 flag is True, "
    "but we got output tensor's dtype {got} and out_int32 flag is {small}":
        "bucketize searchsorted",
    "the output given to float_power has dtype {got} but the operation's "
    "result requires dtype {want}": "float_power",
    "addmv input tensors must have the same dtype, but got {got}, {want}, "
    "and {want}": "mv",
    "{name} only supports bool tensor for result, got: {got}": "all any",
    "torch.histogram: input tensor and hist tensor should have the same "
    "dtype, but got input {c} and hist {k}": "histc histogram",
    "torch.ormqr: Expected input and result to have the same dtype, but "
    "input has dtype{want} and result has dtype {got}": "ormqr",
    "linalg.{name} expected out tensor dtype {want} but got: {got}":
        "matrix_norm",
    "Expected tensor for 'values' to have the same type as tensor for "
    "argument #2 'self'; but type {q} does not equal {r} (while checking "
    "arguments for median)": "median nanmedian",
    "multi_dot(): expected out tensor to have dtype {c} but got {k}":
        "multi_dot",
}
WORDS_OF = {name: words for words, names in WORDS.items()
            for name in names.split()}
# These make out= what it is to be: they take its dtype if none is given.
MAKERS = set("arange empty eye full linspace logspace ones range zeros"
             .split())
SEQUENCES = {"arange", "linspace", "logspace", "range"}
JOINING = set("cat column_stack concat concatenate dstack hstack row_stack "
              "stack vstack".split())
ADDERS = {"cumprod", "cumsum", "prod", "sum"}  # so do these


def check_kind(name: str, args: tuple, targets: Any, parts: Any) -> None:
    """Refuse an out= of another dtype than the result, where torch does."""
    words = WORDS_OF.get(name)
    if name in JOINING and not can_cast(parts[0].dtype, targets[0].dtype):
        raise TypeError("torch.cat(): input types can't be cast to the "
                        "desired output type "
                        f"{torch_name(targets[0].dtype)}")
    if words is None or (name in COMPLEX_TOO and of_complex(args)) or (
            name in ("max", "min") and len(parts) == 1):
        return
    said = words.split("|")
    for i, (target, part) in enumerate(zip(targets, parts)):
        want, got = part.dtype, target.dtype
        if want is got or (name in ("all", "any") and got.name == "uint8"):
            continue
        raise RuntimeError(said[min(i, len(said) - 1)].format(
            name=name.removeprefix("nan") if "quantile" in name else name,
            want=torch_name(want), got=torch_name(got),
            c=in_c(want), k=in_c(got),
            r=type_name(want), q=type_name(got),
            small="True" if want.name == "int32" else "False"))


COMPLEX_TOO = {"abs", "absolute"}  # their results may go where x's numbers go


def of_complex(args: tuple) -> bool:
    """Whether the first argument holds complex numbers."""
    return bool(args) and isinstance(args[0], Tensor) and (
        args[0].is_complex())


def kind_of_maker(given: dtype | None, out: Tensor) -> dtype:
    """The dtype in which ones, arange, … write into `out`."""
    if given is not None and given is not out.dtype:
        raise RuntimeError(
            f"dtype {torch_name(given)} does not match dtype of out "
            f"parameter ({torch_name(out.dtype)})")
    return out.dtype


def kind_of_sum(given: dtype | None, out: Tensor) -> dtype:
    """The dtype in which sum, cumprod, … write into `out`."""
    if given is not None and given is not out.dtype:
        raise RuntimeError(
            f"Expected out tensor to have dtype {in_c(given)}, but got "
            f"{in_c(out.dtype)} instead")
    return out.dtype
