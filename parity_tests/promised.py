"""Every public name that the product owes, and the few excused ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

import scratch
import scratch.vision.datasets
import scratch.vision.ops
import scratch.vision.transforms
from scratch import methods

from . import promised_names
from .registry import ROWS, derived, find

# Checked by other means than a row of the report; each with its reason.
EXCUSED: dict[str, str] = {
    "is_inference": "tensors made in inference mode are plain ones here, so "
                    "it is always False; torch marks them",
}

# Names that compute nothing to compare: types, modes, settings and files.
# They have tests of their own (named here), not rows of numbers.
SETTINGS = """
    are_deterministic_algorithms_enabled get_default_dtype
    is_deterministic_algorithms_warn_only_enabled
    get_deterministic_debug_mode set_deterministic_debug_mode
    get_float32_matmul_precision get_num_threads set_default_dtype
    set_float32_matmul_precision set_num_threads use_deterministic_algorithms
    compile dtype layout memory_format device Tensor.cuda is_grad_enabled
    set_grad_enabled enable_grad no_grad inference_mode
    is_inference_mode_enabled is_anomaly_enabled autograd.no_grad
    is_anomaly_check_nan_enabled set_anomaly_enabled
    autograd.enable_grad autograd.set_grad_enabled autograd.inference_mode
    autograd.detect_anomaly autograd.set_detect_anomaly autograd.Variable
    linalg.LinAlgError optim.Optimizer optim.lr_scheduler.LRScheduler
    autograd.set_multithreading_enabled
    clear_autocast_cache get_autocast_dtype is_autocast_cache_enabled
    is_autocast_enabled
"""
COMPUTED = """
    remove_spectral_norm remove_weight_norm spectral_norm weight_norm
    parametrizations.spectral_norm parametrizations.weight_norm
    parametrize.ParametrizationList parametrize.cached
    parametrize.is_parametrized parametrize.register_parametrization
    parametrize.remove_parametrizations
    parametrize.transfer_parametrizations_and_params
    parametrize.type_before_parametrizations
"""
RARE = """
    nn.AdaptiveLogSoftmaxWithLoss nn.CrossMapLRN2d nn.FractionalMaxPool2d
    nn.FractionalMaxPool3d nn.LinearCrossEntropyLoss
    nn.LinearCrossEntropyOptions nn.functional.linear_cross_entropy
    nn.functional.adaptive_max_pool1d_with_indices
    nn.functional.adaptive_max_pool2d_with_indices
    nn.functional.adaptive_max_pool3d_with_indices
    nn.functional.fractional_max_pool2d nn.functional.fractional_max_pool3d
    nn.functional.fractional_max_pool2d_with_indices
    nn.functional.fractional_max_pool3d_with_indices
    nn.functional.max_pool3d_with_indices nn.functional.pdist
"""
FUSED = """
    clip_grad_norm fuse_conv_bn_eval fuse_conv_bn_weights
    fuse_linear_bn_eval fuse_linear_bn_weights skip_init
"""
PRUNING = """
    convert_conv2d_weight_memory_format convert_conv3d_weight_memory_format
    parametrizations.orthogonal stateless.functional_call
"""
LAZY = ("Conv", "ConvTranspose", "BatchNorm", "InstanceNorm")


def tested(space: str, path: str) -> dict[str, str]:
    """All promised names of a space, with the file that tests them."""
    words = promised_names.PREFIXED[space].split()
    return dict.fromkeys((space + word for word in words), path)


PLAIN: dict[str, str] = {
    **dict.fromkeys((f"nn.Lazy{word}{n}d" for word in LAZY
                     for n in (1, 2, 3)), "nn/test_lazy.py"),
    **dict.fromkeys(("nn.LazyLinear", "nn.UninitializedParameter",
                     "nn.UninitializedBuffer"), "nn/test_lazy.py"),
    **dict.fromkeys((f"nn.utils.{word}" for word in COMPUTED.split()),
                    "nn/test_parametrize.py"),
    **dict.fromkeys((f"nn.utils.{word}" for word in FUSED.split()),
                    "nn/test_fusion.py"),
    **dict.fromkeys((f"nn.utils.{word}" for word in PRUNING.split()),
                    "nn/test_prune.py"),
    **tested("nn.utils.prune.", "nn/test_prune.py"),
    **tested("foreach.", "test_foreach.py"),
    **tested("autograd.graph.", "test_saving.py"),
    **tested("serialization.", "serialization/test_whole_objects.py"),
    **{name: "test_small_spaces.py" for space in (
        "_C.", "__config__.", "autograd.profiler.", "profiler.", "types.")
        for name in tested(space, "")},
    "serialization.MAP_LOCATION": "test_small_spaces.py",
    "serialization.DEFAULT_PROTOCOL": "test_small_spaces.py",
    "torch_version.TorchVersion": "test_torch_version.py",
    **tested("futures.", "test_futures.py"),
    **tested("overrides.", "test_overriding.py"),
    **tested("cuda.amp.", "test_amp.py"),
    "amp.custom_fwd": "test_amp.py", "amp.custom_bwd": "test_amp.py",
    **tested("distributions.utils.", "test_distributions.py"),
    "utils.data.DistributedSampler": "utils/test_distributed.py",
    **dict.fromkeys(RARE.split(), "nn/test_rare_layers.py"),
    **dict.fromkeys(SETTINGS.split(), "test_settings.py"),
    **dict.fromkeys(("nn.RNNBase", "nn.RNNCellBase"), "nn/test_layers.py"),
    **dict.fromkeys(("get_default_device", "set_default_device"),
                    "test_backends.py"),
    **dict.fromkeys(("set_default_tensor_type", "Tensor.new"),
                    "test_old_types.py"),
    **dict.fromkeys(("Tensor.storage", "Tensor.untyped_storage",
                     "TypedStorage", "UntypedStorage"), "test_storage.py"),
    "optim.Muon": "optim/test_muon.py",
    "nn.DataParallel": "nn/test_parallel.py",
    "nn.SyncBatchNorm": "nn/test_kept_names.py",
    "Tensor.bfloat16": "test_names_only.py",
    "Size": "test_size.py", "Tensor": "test_settings.py",
    **dict.fromkeys(("get_printoptions", "set_printoptions", "printoptions"),
                    "test_printing.py"),
    **dict.fromkeys(("save", "load"), "serialization/test_files.py"),
    **dict.fromkeys(("distributions.Distribution",
                     "distributions.register_kl"), "test_distributions.py"),
    **dict.fromkeys(("func.functionalize", "func.linearize",
                     "func.stack_module_state"),
                    "test_transformed_functions.py"),
    **dict.fromkeys((f"distributions.{word}" for word in (
        "ExponentialFamily", "GeneralizedPareto", "Transform")),
        "test_families.py"),
    **dict.fromkeys((f"utils.data.{word}" for word in (
        "Dataset", "IterableDataset", "Sampler", "get_worker_info")),
        "utils/test_data.py"),
    **dict.fromkeys((f"vision.transforms.{word}" for word in (
        "InterpolationMode", "Transform")), "vision/test_transforms.py"),
    **tested("vision.datasets.", "vision/test_datasets.py"),
    **dict.fromkeys((f"vision.transforms.{word}" for word in (
        "FiveCrop", "GaussianBlur", "RandomChoice", "RandomErasing",
        "RandomGrayscale", "RandomInvert", "RandomOrder", "RandomPosterize",
        "RandomSolarize", "TenCrop")),
        "vision/test_further_transforms.py"),
    **dict.fromkeys(("vision.transforms.RandomRotation",
                     "vision.transforms.RandomAffine"),
                    "vision/test_turning.py"),
    **tested("vision.models.", "vision/test_models.py"),
    **tested("vision.ops.", "vision/test_blocks.py"),
    **tested("utils.benchmark.", "utils/test_benchmark.py"),
    **tested("nn.grad.", "nn/test_grad.py"),
    "nn.functional.conv_tbc": "nn/test_grad.py",
}

PROMISED: list[str] = promised_names.NAMES


def names() -> list[str]:
    """All promised names, in-place forms and methods included."""
    every = [*PROMISED, *methods.AT_THE_TOP,
             *[f"Tensor.{word}" for word in methods.METHODS]]
    return list(dict.fromkeys(every))


def derive() -> None:
    """Rows for methods and in-place forms, from the rows of functions."""
    for word in methods.METHODS:
        name, base = f"Tensor.{word}", word.removesuffix("_")
        if name not in ROWS and base in ROWS and not ROWS[base].outcome:
            derived(name, base, in_place=word.endswith("_"))
    for word in methods.AT_THE_TOP:  # exp_(x) beside x.exp_()
        base = word.removesuffix("_")
        if word not in ROWS and base in ROWS:
            derived(word, base, in_place=True, examples=8)


def holes() -> list[str]:
    """Promised names that are missing, or neither checked nor excused."""
    found = []
    for name in names():
        if not exists(name):
            found.append(f"{name}: promised, but not in scratch")
        elif name not in ROWS and name not in EXCUSED and name not in PLAIN:
            found.append(f"{name}: neither checked nor excused")
    found += [f"{name}: checked in {path}, which does not exist"
              for name, path in PLAIN.items()
              if not (Path(__file__).parent / path).exists()]
    known = set(names()) | set(EXCUSED) | set(PLAIN)
    found += [f"{name}: public, but not in the list"
              for name in public() if name not in known]
    return found


def exists(name: str, lib: Any = scratch) -> bool:
    try:
        find(lib, name)
    except AttributeError:
        return False
    return True


SPACES = ("", "fft", "nn", "nn.functional", "nn.init", "nn.utils", "linalg",
          "special", "signal.windows", "masked", "optim", "optim.lr_scheduler",
          "utils.data", "autograd", "autograd.graph",
          "autograd.functional", "foreach", "func", "nn.utils.prune",
          "serialization", "distributions",
          "vision.transforms", "vision.datasets", "vision.ops", "nn.grad")


def public() -> list[str]:
    """The public functions and classes of scratch; of a module that has no
    __all__, those that torch has there."""
    result = []
    for space in SPACES:
        if space and not exists(space):
            continue
        here: Any = find(scratch, space) if space else scratch
        chosen = getattr(here, "__all__", None) or [
            n for n in dir(here) if not n.startswith("_")]
        for word in chosen:
            thing = getattr(here, word)
            home = getattr(thing, "__module__", None) or ""
            if callable(thing) and home.startswith("scratch") and (
                    hasattr(here, "__all__")
                    or exists(f"{space}.{word}".strip("."), torch)) and (
                    thing is not scratch.Tensor or not space):
                result.append(f"{space}.{word}" if space else word)
    return result
