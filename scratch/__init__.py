"""scratch: deep learning written out in NumPy, gradient by gradient."""

# ruff: noqa: F403
from importlib import import_module as _import
from math import e, inf, nan, pi
from typing import TYPE_CHECKING as _TYPES

from . import (
    autograd,
    backends,
    cuda,
    fft,
    foreach,
    func,
    linalg,
    masked,
    nn,
    random,
    signal,
    special,
    version,
)
from .autograd.func import vmap
from .device import device, get_default_device, set_default_device
from .dtypes import (
    bfloat16,
    bool,
    can_cast,
    cdouble,
    cfloat,
    chalf,
    complex32,
    complex64,
    complex128,
    double,
    dtype,
    float,
    float8_e4m3fn,
    float8_e4m3fnuz,
    float8_e5m2,
    float8_e5m2fnuz,
    float8_e8m0fnu,
    float16,
    float32,
    float64,
    get_default_dtype,
    half,
    int,
    int8,
    int16,
    int32,
    int64,
    long,
    promote_types,
    set_default_dtype,
    short,
    uint8,
    uint16,
    uint32,
    uint64,
)
from .kernels.threads import get_num_threads, set_num_threads
from .layouts import (
    channels_last,
    channels_last_3d,
    contiguous_format,
    jagged,
    layout,
    memory_format,
    preserve_format,
    sparse_bsc,
    sparse_bsr,
    sparse_coo,
    sparse_csc,
    sparse_csr,
    strided,
)
from .legacy import TYPES as _TYPES_OF_OLD
from .legacy import set_default_tensor_type
from .limits import finfo, iinfo
from .methods import AT_THE_TOP as _AT_THE_TOP
from .methods import METHODS as _methods
from .modes import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from .numpy_names import give_numpy_names
from .ops import return_types
from .ops.activation import *
from .ops.adaptive_pooling import *
from .ops.arithmetic import *
from .ops.bells import *
from .ops.bessel import *
from .ops.combine import *
from .ops.comparison import *
from .ops.complexes import *
from .ops.convolution import *
from .ops.copies import *
from .ops.creation import *
from .ops.decompositions import *
from .ops.describe import *
from .ops.diagonal import *
from .ops.distance import *
from .ops.division import *
from .ops.dropout import *
from .ops.einsum import *
from .ops.elimination import *
from .ops.embedding import *
from .ops.extremes import *
from .ops.gather import *
from .ops.histograms import *
from .ops.implicit import *
from .ops.incomplete import *
from .ops.inplace import *
from .ops.instances import *
from .ops.kindred import *
from .ops.lift import *
from .ops.linalg import *
from .ops.linear import *
from .ops.logarithms import *
from .ops.logic import *
from .ops.low_rank import *
from .ops.masked import *
from .ops.matmul import *
from .ops.matrices import *
from .ops.minmax import *
from .ops.native import *
from .ops.normalization import *
from .ops.norms import *
from .ops.oddments import *
from .ops.operands import result_type
from .ops.overlap import *
from .ops.padding import *
from .ops.pointwise import *
from .ops.pooling import *
from .ops.powers import *
from .ops.recurrence import *
from .ops.reduction import *
from .ops.reflections import *
from .ops.repeat import *
from .ops.reshaping import *
from .ops.rounding import *
from .ops.sampling import *
from .ops.scan import *
from .ops.segments import *
from .ops.selecting import *
from .ops.sequences import *
from .ops.shape import *
from .ops.sharing import *
from .ops.short_time import *
from .ops.shuffling import *
from .ops.slopes import *
from .ops.softmax import *
from .ops.sorting import *
from .ops.special import *
from .ops.statistics import *
from .ops.strides import *
from .ops.triangular import *
from .ops.trigonometry import *
from .ops.unique import *
from .ops.variates import *
from .outputs import (
    FFT_WITH_OUT,
    LINALG_WITH_OUT,
    SPECIAL_WITH_OUT,
    WITH_OUT,
    give_out,
)
from .overriding import open_doors
from .printing import get_printoptions, printoptions, set_printoptions
from .queries import *
from .random import (
    Generator,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)
from .size import Size
from .storage import TypedStorage, UntypedStorage, is_storage
from .tensor import Tensor
from .torch_version import TorchVersion

newaxis = None
for _kind in (Tensor, Size, device, dtype, finfo, iinfo, layout,
              memory_format):
    _kind.__module__ = __name__  # torch: <class 'torch.Tensor'>
__version__ = TorchVersion(version.__version__)
functional = _import(__name__)  # torch.functional.norm is torch.norm

globals().update(_TYPES_OF_OLD)
globals().update(foreach.AT_THE_TOP)
globals().update({word: _methods[word] for word in _AT_THE_TOP})
for _space in (globals(), vars(fft), vars(linalg), vars(special)):
    give_numpy_names(_space)
give_out(globals(), WITH_OUT)
give_out(vars(fft), FFT_WITH_OUT, "fft_")
give_out(vars(linalg), LINALG_WITH_OUT)
give_out(vars(special), SPECIAL_WITH_OUT, "special_")
for _space in (globals(), vars(fft), vars(linalg), vars(special)):
    open_doors(_space)
open_doors(globals(), ["is_inference", "is_nonzero"])
open_doors(vars(autograd), ["grad"])
open_doors(vars(nn.utils.rnn), ["pad_sequence"])

if _TYPES:
    from . import (
        accelerator,
        amp,
        cpu,
        distributions,
        futures,
        jit,
        mps,
        optim,
        overrides,
        profiler,
        serialization,
        types,
        utils,
        vision,
        xpu,
    )
    from .amp import autocast
    from .serialization import load, save

# Read when they are first asked for: `import scratch` stays quick.
_LATER = {"_C": "", "__config__": "", "accelerator": "", "amp": "",
          "compiler": "", "cpu": "", "distributed": "", "distributions": "",
          "futures": "", "hub": "", "jit": "", "mps": "",
          "multiprocessing": "", "optim": "", "overrides": "", "profiler": "",
          "serialization": "", "testing": "", "types": "", "utils": "",
          "vision": "", "xpu": "",
          "autocast": "amp", "is_autocast_enabled": "amp",
          "get_autocast_dtype": "amp", "is_autocast_cache_enabled": "amp",
          "clear_autocast_cache": "amp", "load": "serialization",
          "save": "serialization"}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'scratch' has no attribute '{name}'")
    if not _LATER[name]:
        return _import(f"scratch.{name}")
    globals()[name] = getattr(_import(f"scratch.{_LATER[name]}"), name)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
