"""Transforms give torchvision's pictures from the same draws."""

import numpy as np
import pytest
import torch
import torchvision.transforms.functional as older
import torchvision.transforms.v2 as theirs
import torchvision.transforms.v2.functional as their_functions
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image
from torchvision.transforms import InterpolationMode as TheirMode

import scratch
import scratch.vision.transforms as ours
import scratch.vision.transforms.functional as our_functions

BYTES, FLOATS = np.uint8, (np.float32, np.float64)
MODES = ["nearest", "nearest-exact", "bilinear", "bicubic"]
sides = st.integers(1, 9)
# torch's own resizing goes wrong where one side is a single pixel
wide = st.integers(2, 9)


def pictures(channels=(1, 3), dtypes=(BYTES, *FLOATS), side=sides, lead=True):
    """Pictures (*, C, H, W) with numbers of 0 … 255 or of 0 … 1."""
    leads = st.sampled_from([(), (2,)] if lead else [()])
    shapes = st.tuples(leads, st.sampled_from(channels), side, side)

    def numbers(drawn):
        (lead, c, h, w), dtype = drawn
        top = 255 if dtype is BYTES else 1
        seeds = st.integers(0, 99)
        flat = st.sampled_from([0, top, top // 2])
        noise = seeds.map(
            lambda s: np.random.default_rng(s).random((*lead, c, h, w)) * top
        )
        plain = flat.map(lambda level: np.full((*lead, c, h, w), level, float))
        return (noise | plain).map(lambda x: x.astype(dtype))

    return st.tuples(shapes, st.sampled_from(dtypes)).flatmap(numbers)


def same(a, b, levels=1):
    """Floats to rounding, bytes to one level."""
    assert str(a.dtype) == str(b.dtype) and tuple(a.shape) == tuple(b.shape)
    a, b = a.numpy(), b.numpy()
    if a.dtype.kind == "f":
        close = 1e-10 if a.dtype == np.float64 else 1e-5
        np.testing.assert_allclose(a, b, rtol=close, atol=close)
    else:
        far = np.abs(a.astype(int) - b.astype(int))
        assert far.max(initial=0) <= levels


def both(name, *args, **options):
    """The same transform on both sides."""
    return (
        getattr(ours, name)(*args, **options),
        getattr(theirs, name)(*args, **options),
    )


def same_result(pair, x, seed=0, levels=1):
    """Both sides make the same picture of x, or refuse it alike, and leave
    their generators at the same place."""
    results = []
    for side, transform in zip((scratch, torch), pair):
        side.manual_seed(seed)
        try:
            results.append(transform(side.from_numpy(x.copy())))
        except (ValueError, TypeError, RuntimeError) as error:
            results.append(type(error))
        results.append(side.get_rng_state().numpy().tobytes())
    a, state_a, b, state_b = results
    assert state_a == state_b
    if isinstance(b, type):
        assert a is b
    else:
        same(a, b, levels)


sizes = sides | st.tuples(sides) | st.tuples(sides, sides)
amount = st.floats(0, 2)
seeds = st.integers(0, 2**63)


@pytest.mark.parametrize("mode", MODES)
@given(pictures(side=wide), wide, wide, st.booleans())
def test_resizing(mode, x, height, width, antialias):
    size = [height, width]
    a, b = (
        side.Resize(size, kind(mode), antialias=antialias)
        for side, kind in ((ours, ours.InterpolationMode), (theirs, TheirMode))
    )
    same_result((a, b), x)


@given(pictures(dtypes=[BYTES], side=st.integers(20, 40)), st.integers(5, 90))
def test_resizing_bytes_is_exact_to_one_level(x, size):
    same_result(both("Resize", [size, size]), x)


@given(pictures(side=wide), wide, st.integers(10, 20) | st.none())
def test_the_shorter_side_is_resized_and_the_ratio_kept(x, size, longest):
    same_result(both("Resize", size, max_size=longest), x)
    if longest is not None:
        assume(longest * min(x.shape[-2:]) >= 2 * max(x.shape[-2:]))
        same_result(both("Resize", None, max_size=longest), x)


@given(pictures(dtypes=[np.int32, np.float16]))
def test_other_numbers_are_resized_too(x):
    a, b = both("Resize", [4, 5])
    y, u = a(scratch.from_numpy(x)), b(torch.from_numpy(x))
    assert str(y.dtype) == str(u.dtype)
    np.testing.assert_allclose(y.numpy(), u.numpy(), atol=1e-3)


def test_lanczos_is_torchs():
    x = np.random.default_rng(0).random((1, 12, 9))
    y = ours.Resize([5, 20], "lanczos")(scratch.from_numpy(x))
    u = theirs.Resize([5, 20], TheirMode.LANCZOS)(torch.from_numpy(x))
    same(y, u)


@given(pictures(), sizes)
def test_cropping_the_middle(x, size):
    same_result(both("CenterCrop", size), x)


paddings = st.one_of(
    st.integers(0, 3),
    st.lists(st.integers(0, 3), min_size=1, max_size=4).filter(
        lambda p: len(p) != 3
    ),
)


@pytest.mark.parametrize("mode", ["constant", "edge", "reflect", "symmetric"])
@given(
    x=pictures(side=st.integers(4, 6)),
    padding=paddings,
    fill=st.integers(0, 9),
)
def test_padding(mode, x, padding, fill):
    options = dict(padding=padding, fill=fill, padding_mode=mode)
    same_result(both("Pad", **options), x)
    if mode == "constant" and x.shape[-3] == 3:
        options["fill"] = (fill, 1, 2)
        same_result(both("Pad", **options), x)


@given(pictures(), sizes, paddings | st.none(), st.booleans(), seeds)
def test_cropping_anywhere(x, size, padding, needed, seed):
    same_result(both("RandomCrop", size, padding, needed, 1), x, seed)


@given(pictures(), st.floats(0, 1), st.integers(0, 99))
def test_flipping(x, p, seed):
    for name in ("RandomHorizontalFlip", "RandomVerticalFlip"):
        same_result(both(name, p), x, seed, levels=0)


@given(pictures(side=wide), wide, seeds, st.booleans())
def test_a_window_of_random_shape_resized(x, size, seed, long):
    options = dict(scale=(0.5, 0.9), ratio=(2.0, 5.0)) if long else {}
    same_result(both("RandomResizedCrop", size, **options), x, seed)


amounts = st.none() | amount | st.tuples(amount, amount).map(sorted)
hues = st.one_of(
    st.none(), st.floats(0, 0.5), st.sampled_from([(-0.5, 0.1), [0.2, 0.2]])
)


@given(pictures(), st.tuples(amounts, amounts, amounts), hues, seeds)
def test_jittering_colours(x, three, hue, seed):
    same_result(both("ColorJitter", *three, hue), x, seed, levels=2)


@pytest.mark.parametrize("name", "brightness contrast saturation hue".split())
@given(pictures(), st.floats(0, 3))
def test_each_adjustment_of_colours(name, x, factor):
    factor = factor / 6 if name == "hue" else factor
    sides = our_functions, their_functions
    functions = [getattr(side, f"adjust_{name}") for side in sides]
    a, b = functions
    same_result((lambda p: a(p, factor), lambda p: b(p, factor)), x)


@given(pictures(), st.sampled_from([1, 3]))
def test_grey(x, channels):
    same_result(both("Grayscale", channels), x)


three = st.lists(st.floats(0.1, 2), min_size=3, max_size=3)


@given(pictures(channels=[3]), three, three)
def test_normalizing(x, mean, std):
    same_result(both("Normalize", mean, std), x)


WHOLE, PARTS = ["uint8", "int16", "int32", "int64"], ["float32", "float64"]
mixed = st.one_of(
    st.sampled_from(WHOLE).flatmap(
        lambda d: hnp.arrays(d, (3, 2), elements=st.integers(0, 200))
    ),
    st.sampled_from(PARTS).flatmap(
        lambda d: hnp.arrays(d, (3, 2), elements=st.floats(0, 1, width=32))
    ),
)


@given(mixed, st.sampled_from(WHOLE + PARTS), st.booleans())
def test_another_dtype(x, dtype, scale):
    results = []
    for side, module in ((scratch, ours), (torch, theirs)):
        transform = module.ToDtype(getattr(side, dtype), scale=scale)
        try:
            results.append(transform(side.from_numpy(x)))
        except RuntimeError as error:
            results.append(type(error))
    a, b = results
    assert a is b or same(a, b, 0) is None


PILLOW = ["L", "RGB", "RGBA", "1", "F", "I", "I;16", "P", "LA"]


@pytest.mark.parametrize("mode", PILLOW)
def test_pillows_images_become_tensors(mode):
    x = np.random.default_rng(0).integers(0, 256, (4, 5, 3), np.uint8)
    source = Image.fromarray(x)
    image = source.convert("I") if mode == "I;16" else source.convert(mode)
    if mode == "I;16":
        image = Image.fromarray(np.array(image, np.uint16))
    same(our_functions.to_tensor(image), older.to_tensor(image), 0)
    if mode != "I;16":  # torch has a dtype for these, uint16
        same(our_functions.pil_to_tensor(image), older.pil_to_tensor(image), 0)


@given(pictures(lead=False), st.booleans())
def test_arrays_become_tensors(x, flat):
    array = x[0] if flat else x.transpose(1, 2, 0)
    same(ours.ToTensor()(array), older.to_tensor(array), 0)


@given(pictures(channels=[1, 3, 4], lead=False, dtypes=[BYTES, np.float32]))
def test_tensors_become_pillows_images(x):
    a = our_functions.to_pil_image(scratch.from_numpy(x))
    b = their_functions.to_pil_image(torch.from_numpy(x))
    assert a.mode == b.mode
    far = np.abs(np.array(a, int) - np.array(b, int))
    assert far.max() <= 1


JOINED = [
    lambda m: m.RandomCrop(12, padding=2),
    lambda m: m.RandomHorizontalFlip(),
    lambda m: m.ColorJitter(0.3, 0.3),
    lambda m: m.RandomApply([m.CenterCrop(10)], 0.5),
    lambda m: m.Resize(8),
    lambda m: m.ToImage(),
    lambda m: m.ToDtype(TORCH[m].float32, scale=True),
    lambda m: m.Normalize([0.5], [0.2]),
]
TORCH = {ours: scratch, theirs: torch}


@pytest.mark.parametrize("seed", range(5))
def test_joined_transforms_draw_as_torchs_do_in_every_form(seed):
    x = np.random.default_rng(seed).integers(0, 256, (14, 12), np.uint8)
    results = []
    for module, side, form in [
        (theirs, torch, Image.fromarray),
        (ours, scratch, Image.fromarray),
        (ours, scratch, lambda x: x),
        (ours, scratch, lambda x: scratch.from_numpy(x[None])),
    ]:
        joined = module.Compose([make(module) for make in JOINED])
        side.manual_seed(seed)
        results.append(joined(form(x)).numpy())
    for other in results[1:]:
        np.testing.assert_allclose(other, results[0], atol=3 / 255 / 0.2)


def test_a_picture_comes_back_in_its_own_form():
    grey = np.zeros((4, 5), np.uint8)
    for form in (grey, grey[..., None], np.zeros((4, 5, 3), np.uint8)):
        assert ours.CenterCrop(3)(form).shape == (3, 3, *form.shape[2:])
    image = ours.Resize(8)(Image.fromarray(grey))
    assert image.size == (10, 8) and image.mode == "L"


def test_a_composition_says_whether_it_takes_arrays():
    plain = ours.Compose([ours.CenterCrop(2), ours.ToTensor()])
    assert plain.takes_arrays
    assert not ours.Compose([plain, ours.Lambda(abs)]).takes_arrays
    lines = ["Compose(", "    CenterCrop(size=(2, 2))", "    ToTensor()", ")"]
    assert repr(plain) == "\n".join(lines)


def test_gradients_flow_through_resizing_and_normalizing():
    x = np.random.default_rng(0).random((1, 4, 5))
    grads = []
    for side, module in ((scratch, ours), (torch, theirs)):
        p = side.tensor(x, requires_grad=True)
        steps = [module.Resize([6, 3]), module.Normalize([0.1], [0.3])]
        steps.append(module.CenterCrop([2, 5]))
        (module.Compose(steps)(p) ** 2).sum().backward()
        grads.append(p.grad.numpy())
    np.testing.assert_allclose(*grads, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    "call",
    [
        lambda m, s: m.Resize(2.5),
        lambda m, s: m.Resize([1, 2, 3]),
        lambda m, s: m.Resize(None),
        lambda m, s: m.Resize([2, 2], max_size=4)(s.zeros(1, 4, 4)),
        lambda m, s: m.Resize(4, max_size=4)(s.zeros(1, 5, 4)),
        lambda m, s: m.CenterCrop([1, 2, 3]),
        lambda m, s: m.CenterCrop(None),
        lambda m, s: m.RandomCrop(5)(s.zeros(1, 4, 4)),
        lambda m, s: m.Pad([1, 2, 3]),
        lambda m, s: m.Pad("1"),
        lambda m, s: m.Pad(1, padding_mode="round")(s.zeros(1, 4, 4)),
        lambda m, s: m.RandomHorizontalFlip(1.5),
        lambda m, s: m.ColorJitter(brightness=-1),
        lambda m, s: m.ColorJitter(hue=0.6),
        lambda m, s: m.ColorJitter(contrast="a"),
        lambda m, s: m.ColorJitter(saturation=[2, 1]),
        lambda m, s: m.ColorJitter(0.5)(s.zeros(2, 4, 4)),
        lambda m, s: m.Normalize([0.0], [0.0])(s.zeros(1, 2, 2)),
        lambda m, s: m.Normalize([0.0], [1.0])(s.zeros(1, 2, 2).to(s.uint8)),
        lambda m, s: m.Normalize([0.0], [1.0])(s.zeros(2, 2)),
        lambda m, s: m.RandomResizedCrop(3, scale=0.5),
        lambda m, s: m.Compose(3),
        lambda m, s: m.ToPILImage()(s.zeros(5, 2, 2)),
        lambda m, s: m.ToPILImage()(s.zeros(2)),
        lambda m, s: m.ToDtype("float32"),
    ],
)
def test_bad_calls_are_refused_as_torchvision_does(call):
    caught = []
    for module, side in TORCH.items():
        with pytest.raises(Exception) as info:
            call(module, side)
        caught.append(info)
    assert caught[0].type is caught[1].type and str(caught[0].value)
