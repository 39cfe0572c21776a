"""torchvision's networks: the same layers, first weights and outputs."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision import models as torch_models

import scratch
from scratch.vision import models

SIDES: list[tuple[Any, Any]] = [(scratch, models), (torch, torch_models)]
NAMES = models.list_models()
# Said, so that nobody is warned that it will be said one day.
SAID = {
    "googlenet": {"init_weights": True},
    "inception_v3": {"init_weights": True},
}


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Our networks are made without drawing their weights: that is long."""
    monkeypatch.setattr(scratch.nn.init, "drawn", lambda tensor, *rest: tensor)
    yield


def evaluated(text: str, lib: Any, source: Any) -> Any:
    """What a text of Python gives with one side's names."""
    space = {"lib": lib, "nn": lib.nn, "models": source, **vars(source)}
    space |= {"blocks": source.resnet, "partial": partial}
    return eval(text, space)


def told(net: Any) -> list[Any]:
    """What a network looks like, its numbers left out."""
    plain = {
        key: value
        for key, value in vars(net).items()
        if isinstance(value, (int, float, str)) and key[0] != "_"
    }
    state = {k: tuple(v.shape) for k, v in net.state_dict().items()}
    return [repr(net), state, list(state), plain]


def test_the_names_are_torchvisions() -> None:
    theirs = set(torch_models.list_models(module=torch_models))
    assert set(NAMES) <= theirs and len(NAMES) == 38
    for family in ("res", "wide", "vgg", "alex", "squeeze", "mobile", "dense",
                   "google", "incep", "mnas", "shuffle"):  # fmt: skip
        assert models.list_models(include=f"{family}*") == sorted(
            n for n in theirs if n.startswith(family)
        )
    for name in NAMES:
        ours, expected = (source.get_model_weights(name) for _, source in SIDES)
        assert ours.__name__ == expected.__name__
        assert [*map(str, ours)] == [*map(str, expected)]
        assert ours.DEFAULT.name == expected.DEFAULT.name
        for member in ours:
            assert expected[member.name].url.endswith("/" + member.value)


@pytest.mark.parametrize("name", NAMES)
def test_a_network_has_the_same_layers(name: str, undrawn: None) -> None:
    ours = getattr(models, name)(**SAID.get(name, {}))
    with torch.device("meta"):
        theirs = getattr(torch_models, name)(**SAID.get(name, {}))
    assert told(ours) == told(theirs)
    count = getattr(models, name).__doc__.split()[0].replace(",", "")
    assert int(count) == sum(p.numel() for p in ours.parameters())


def numbers(*choices: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(choices)


def texts(form: str, **parts: Any) -> st.SearchStrategy[str]:
    """Calls with arguments drawn."""
    return st.fixed_dictionaries(parts).map(lambda p: form.format(**p))


few = st.lists(st.integers(1, 2), min_size=4, max_size=4)
CONFIGURED = st.one_of(
    texts(
        "ResNet(blocks.{block}, {layers}, {classes}, {zero}, groups={groups},"
        " width_per_group={width}, replace_stride_with_dilation={apart},"
        " norm_layer={norm})",
        block=numbers("BasicBlock", "Bottleneck"), layers=few,
        classes=st.integers(1, 9), zero=st.booleans(),
        groups=numbers(1, 1, 2, 4), width=numbers(64, 64, 4, 128),
        apart=numbers(None, [False, True, True], (True, False, False), [True]),
        norm=numbers("None", "partial(nn.GroupNorm, 1)", "nn.InstanceNorm2d"),
    ),
    texts(
        "MobileNetV2({classes}, {wide}, {setting}, {near})",
        classes=st.integers(1, 9), wide=numbers(0.1, 0.35, 1.0, 1.4),
        setting=numbers(None, [], [[1, 2]], [[1, 8, 1, 1], [3, 20, 2, 2]]),
        near=numbers(1, 4, 8),
    ),
    texts(
        "mobilenet_v3_{size}(width_mult={wide}, reduced_tail={tail},"
        " dilated={apart}, dropout=0.5)",
        size=numbers("small", "large"), wide=numbers(0.1, 0.75, 1.3),
        tail=st.booleans(), apart=st.booleans(),
    ),
    texts("MNASNet({alpha}, 7)", alpha=numbers(-1.0, 0.0, 0.1, 0.35, 2.0)),
    texts(
        "DenseNet({grow}, {blocks}, {first}, {size}, 0.1, 6, {spare})",
        grow=numbers(1, 4), blocks=numbers((1,), (2, 1), (1, 2, 3, 2)),
        first=numbers(2, 8), size=numbers(1, 4), spare=st.booleans(),
    ),
    texts(
        "ShuffleNetV2({blocks}, {widths}, 5)",
        blocks=numbers([1, 2, 1], [1], [2, 2, 2]),
        widths=numbers([4, 8, 16, 32, 10], [2, 6, 8, 8, 3], [3, 4]),
    ),
    texts("SqueezeNet('{which}', 3)", which=numbers("1_0", "1_1", "2", "")),
    texts(
        "{which}(aux_logits={heads}, init_weights=False, num_classes=4,"
        " {blocks})",
        which=numbers("GoogLeNet", "googlenet"), heads=st.booleans(),
        blocks=numbers("dropout=0.1", "dropout_aux=0.5", "blocks=[1]"),
    ),
    texts(
        "{which}(aux_logits={heads}, init_weights=False, {blocks})",
        which=numbers("Inception3", "inception_v3"), heads=st.booleans(),
        blocks=numbers("dropout=0.1", "inception_blocks=[1]"),
    ),
)  # fmt: skip


def outcome(text: str, lib: Any, source: Any) -> Any:
    """A result, its warnings, or the error that comes instead."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            result = evaluated(text, lib, source)
        except Exception as error:
            result = type(error).__name__, str(error)
    if hasattr(result, "state_dict"):
        result = told(result)
    heard = [(w.category.__name__, str(w.message)) for w in said]
    return result, heard


@settings(max_examples=25)
@given(text=CONFIGURED)
def test_arguments_shape_a_network_the_same_way(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scratch.nn.init, "drawn", lambda tensor, *rest: tensor)
        ours = outcome(text, *SIDES[0])
    with torch.device("meta"):
        assert ours == outcome(text, *SIDES[1])


ASKED = [
    "squeezenet1_1(weights='bogus')", "squeezenet1_1(weights='V.DEFAULT')",
    "squeezenet1_1(weights=SqueezeNet1_0_Weights.DEFAULT)",
    "squeezenet1_1(weights='DEFAULT', num_classes=3)",
    "squeezenet1_1(None)", "squeezenet1_1(None, False)",
    "squeezenet1_1(pretrained=False)", "squeezenet1_1(weights=False)",
    "squeezenet1_1(weights=0, num_classes=2)",
    "squeezenet1_1(foo=1)", "resnext50_32x4d(groups=3)",
    "wide_resnet50_2(width_per_group=3)",
    "googlenet(weights='DEFAULT', aux_logits=False)",
    "googlenet(weights='DEFAULT', init_weights=True)",
    "inception_v3(weights='DEFAULT', aux_logits=False)",
    "inception_v3(weights='DEFAULT', num_classes=7)",
    "vgg11(weights='DEFAULT', num_classes=7)",
    "get_model('SqueezeNet1_1', num_classes=2)", "get_model('Bogus')",
    "get_model('squeezenet1_1', weights='x')",
    "get_model_weights('bogus')", "get_model_weights(3)",
    "get_model_weights(len)", "get_model_weights(get_weight)",
    "get_weight('ResNet50_Weights.X')", "get_weight('X.Y')",
    "get_weight('resnet')", "get_weight('a.b.c')", "get_weight('')",
    "str(get_weight('ResNet50_Weights.IMAGENET1K_V2'))",
    "repr(ResNet50_Weights.DEFAULT)", "[*map(repr, VGG16_Weights)]",
    "ResNet18_Weights.verify('ResNet18_Weights.DEFAULT').name",
    "ResNet18_Weights.verify(None)", "ResNet18_Weights.verify(3)",
    "get_model_weights('resnet18') is get_model_weights(resnet18)",
    "get_model_builder('alexnet') is alexnet", "get_model_builder('x')",
    "list_models(include=['res*', 'alex*'], exclude='*50*')",
    "list_models(models, 'vgg*', ['*bn', '*3'])", "list_models(include=3)",
    "list_models(include='none*')", "list_models(blocks)",
    "list_models(include=('RES*', 'resnet1?'))",
    "mobilenetv2._make_divisible(10.0, 8)",
    "[mobilenetv2._make_divisible(i / 2, 8, 12) for i in range(99)]",
    "mobilenetv2.InvertedResidual(3, 4, 5, 1)",
    "shufflenetv2.InvertedResidual(3, 4, 5)",
    "shufflenetv2.InvertedResidual(3, 4, 1)",
    "shufflenetv2.InvertedResidual(4, 7, 2)",
    "mnasnet._InvertedResidual(4, 4, 7, 1, 2)",
    "mnasnet._InvertedResidual(4, 4, 3, 3, 2)",
    "MobileNetV3([], 4)", "MobileNetV3(3, 4)", "MobileNetV3([3], 4)",
    "blocks.Bottleneck(8, 2, 2, None, 2, 32, 3)",
    "vgg.make_layers([4, 'M', 2], True)", "vgg.cfgs",
    "GoogLeNetOutputs(1, 2, 3)", "InceptionOutputs(1, 2)._asdict()",
]  # fmt: skip


@pytest.mark.parametrize("text", ASKED)
def test_what_is_asked_for_is_answered_the_same_way(text: str) -> None:
    ours, theirs = (outcome(text, *side) for side in SIDES)
    assert ours == theirs


def drawn_alike(text: str) -> None:
    """One seed gives both sides the same weights, and the same next draw."""
    pair = []
    for lib, source in SIDES:
        lib.manual_seed(3)
        net = evaluated(text, lib, source)
        pair.append({**net.state_dict(), "": lib.rand(3)})
    assert list(pair[0]) == list(pair[1])
    for a, b in zip(*(state.values() for state in pair)):
        assert np.array_equal(a.numpy(), b.numpy())


@pytest.mark.parametrize("text", [
    "ResNet(blocks.Bottleneck, [1, 1, 1, 1], 4, True, 2, 8)",
    "ResNet(blocks.BasicBlock, [1, 1, 1, 1], 4, True)",
    "squeezenet1_1(num_classes=3)", "MobileNetV2(3, 0.25)",
    "mobilenet_v3_small(num_classes=3, width_mult=0.5)",
    "mnasnet0_5(num_classes=3)", "shufflenet_v2_x0_5(num_classes=3)",
    "DenseNet(8, (2, 3), 16, num_classes=5)",
    "GoogLeNet(3, False, init_weights=True)",
    "GoogLeNet(3, False, init_weights=False)",
    "inception.InceptionAux(8, 3)", "vgg.make_layers(vgg.cfgs['A'], True)",
])  # fmt: skip
def test_a_seed_draws_the_same_weights(text: str) -> None:
    drawn_alike(text)


@pytest.mark.intense
@pytest.mark.parametrize("text", [
    "resnet50()", "mobilenet_v2()", "vgg11_bn(num_classes=3)", "alexnet()",
    "inception_v3(init_weights=True)", "googlenet(init_weights=True)",
    "densenet121()", "resnext50_32x4d()", "mobilenet_v3_large()",
])  # fmt: skip
def test_a_seed_draws_the_same_weights_of_whole_networks(text: str) -> None:
    drawn_alike(text)


def twins(text: str) -> list[Any]:
    """Both sides' networks with the same weights, of doubles; the linear
    layers of AlexNet and VGG are made small."""
    pair = [evaluated(text, *SIDES[0])]
    with torch.device("meta"):
        pair.append(evaluated(text, *SIDES[1]))
        for net, (lib, _) in zip(pair, SIDES):
            if type(net).__name__ in ("AlexNet", "VGG"):
                linear = [
                    i for i, layer in enumerate(net.classifier)
                    if isinstance(layer, lib.nn.Linear)
                ]  # fmt: skip
                width = net.classifier[linear[0]].in_features
                for i in linear:
                    net.classifier[i] = lib.nn.Linear(width, 8)
                    width = 8
    some = np.random.default_rng(0).uniform(-1, 1, 4099)
    state = {k: filled(k, v, some) for k, v in pair[1].state_dict().items()}
    for net, (lib, _) in zip(pair, SIDES):
        copies = {k: lib.from_numpy(v.copy()) for k, v in state.items()}
        if "MNAS" in repr(type(net)):
            copies = type(net.state_dict())(copies)
            copies._metadata = net.state_dict()._metadata
        net.load_state_dict(copies, assign=True)
    return pair


def filled(key: str, like: Any, some: np.ndarray) -> np.ndarray:
    """Numbers of the size of a layer's first weights."""
    if like.ndim == 0:
        return np.zeros((), np.int64)
    fan = like[0].numel() if like.ndim > 1 else 9
    ahead = 2.0 if key.endswith("running_var") else 0.0
    ahead += 1.0 if key.endswith("weight") and like.ndim == 1 else 0.0
    return np.resize(some, tuple(like.shape)) * np.sqrt(3 / fan) + ahead


FORWARD = [
    ("ResNet(blocks.BasicBlock, [2, 1, 1, 1], 4)", 32),
    ("ResNet(blocks.Bottleneck, [1, 2, 1, 1], 4, groups=2, width_per_group=8,"
     " replace_stride_with_dilation=[False, True, True])", 32),
    ("AlexNet(8)", 63),
    ("VGG(vgg.make_layers([2, 'M', 512, 'M'], True), 8, dropout=0.1)", 19),
    ("squeezenet1_0(num_classes=3)", 21), ("squeezenet1_1()", 17),
    ("MobileNetV2(3, 0.35)", 32), ("mobilenet_v3_large(width_mult=0.3)", 32),
    ("mobilenet_v3_small(dilated=True, reduced_tail=True)", 32),
    ("DenseNet(8, (2, 3), 16, drop_rate=0.2, num_classes=5)", 29),
    ("DenseNet(8, (2, 3), 16, num_classes=5, memory_efficient=True)", 29),
    ("MNASNet(0.5, 3)", 32), ("shufflenet_v2_x0_5(num_classes=3)", 32),
    ("googlenet(num_classes=3, init_weights=False)", 32),
    ("googlenet(aux_logits=False, init_weights=False,"
     " transform_input=True)", 15),
    ("nn.Sequential(nn.Conv2d(3, 8, 1), inception.InceptionAux(8, 3))", 17),
    ("Inception3(3, True, True, [inception.BasicConv2d, inception.InceptionA,"
     " inception.InceptionB, inception.InceptionC, inception.InceptionD,"
     " inception.InceptionE, lambda before, classes: nn.Sequential("
     "nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, classes))],"
     " init_weights=False)", 75),
    pytest.param("inception_v3(num_classes=3, init_weights=False)", 299,
                 marks=pytest.mark.intense),
    pytest.param("vgg11(num_classes=8)", 32, marks=pytest.mark.intense),
    pytest.param("resnet50(num_classes=3)", 64, marks=pytest.mark.intense),
    pytest.param("densenet121(num_classes=3)", 64,
                 marks=pytest.mark.intense),
]  # fmt: skip


@pytest.mark.parametrize(("text", "size"), FORWARD)
def test_a_network_computes_the_same(
    text: str, size: int, undrawn: None
) -> None:
    pair = twins(text)
    images = np.random.default_rng(1).standard_normal((2, 3, size, size + 2))
    found: list[list[np.ndarray]] = []
    for net, (lib, _) in zip(pair, SIDES):
        lib.manual_seed(7)
        x = lib.from_numpy(images.copy()).requires_grad_()
        outputs = net.train()(x)
        several = outputs if isinstance(outputs, tuple) else (outputs,)
        sum(y.square().sum() for y in several if y is not None).backward()
        with lib.no_grad():
            several += (net.eval()(x),)
        state = net.state_dict().values()
        found.append([
            t.detach().numpy()
            for t in (*several, x.grad, *state) if t is not None
        ])  # fmt: skip
    assert len(found[0]) == len(found[1])
    for ours, theirs in zip(*found):
        scale = 1e-12 + 1e-9 * np.abs(theirs).max(initial=0)
        np.testing.assert_allclose(ours, theirs, 1e-7, scale)


# ---- weights from files


def keep(folder: Path, name: str, **more: Any) -> dict[str, Any]:
    """A file of weights where torchvision would have put it."""
    torch.manual_seed(1)
    net = getattr(torch_models, name)(**more)
    kind = models.get_model_weights(name).IMAGENET1K_V1.value
    place = folder / "hub" / "checkpoints"
    place.mkdir(parents=True, exist_ok=True)
    state = net.state_dict()
    if name.startswith("densenet"):  # as they were named in 2017
        state = {
            re.sub(r"(denselayer\d+\.(?:norm|conv))([12])", r"\1.\2", k): v
            for k, v in state.items()
            if not k.endswith("num_batches_tracked")
        }
    torch.save(state, place / kind)
    return {k: v.numpy() for k, v in net.state_dict().items()}


@pytest.mark.parametrize("asked", [
    "weights='DEFAULT'", "weights=SqueezeNet1_1_Weights.IMAGENET1K_V1",
    "weights='SqueezeNet1_1_Weights.DEFAULT'", "weights=True", "weights=3",
    "pretrained=True", "True", "SqueezeNet1_1_Weights.DEFAULT, False",
    "weights='DEFAULT', num_classes=1000, dropout=0.1",
])  # fmt: skip
def test_weights_are_read_however_asked_for(
    asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undrawn: None
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    state = keep(tmp_path, "squeezenet1_1")
    text = f"squeezenet1_1({asked})"
    assert outcome(text, *SIDES[0]) == outcome(text, *SIDES[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = evaluated(text, *SIDES[0])
    for key, value in net.state_dict().items():
        assert np.array_equal(value.numpy(), state[key])


@pytest.mark.parametrize("text", [
    "densenet121(weights='DEFAULT')",
    "googlenet(weights='DEFAULT')", "googlenet(weights='DEFAULT',"
    " aux_logits=True, transform_input=False)",
    "mnasnet0_5(weights='DEFAULT')",
])  # fmt: skip
def test_weights_set_some_arguments(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undrawn: None
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    name = text.partition("(")[0]
    more = {"init_weights": False} if name == "googlenet" else {}
    state = keep(tmp_path, name, **more)
    assert outcome(text, *SIDES[0]) == outcome(text, *SIDES[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = evaluated(text, *SIDES[0])
    for key, value in net.state_dict().items():
        assert np.array_equal(value.numpy(), state[key])


def test_weights_that_are_not_there_are_not_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    for ask in (
        lambda: models.vgg16(weights="IMAGENET1K_FEATURES"),
        lambda: models.get_model("inception_v3", weights="DEFAULT"),
        models.ResNet50_Weights.DEFAULT.get_state_dict,
    ):
        with pytest.raises(FileNotFoundError, match="nothing is downloaded"):
            ask()


def test_the_first_mnasnets_weights_have_another_stem(undrawn: None) -> None:
    for _, source in SIDES:
        net = source.MNASNet(0.5, 3)
        old = net.state_dict()
        with pytest.raises(ValueError, match="instead of None"):
            net.load_state_dict(dict(old))
        old._metadata[""]["version"] = 1
        with pytest.warns(UserWarning, match="A new version of MNASNet"):
            with pytest.raises(RuntimeError, match="size mismatch"):
                net.load_state_dict(old)
        assert net.layers[0].out_channels == 32 and net._version == 1
        assert net.layers[8][0].layers[0].in_channels == 16
        same = net.state_dict()
        assert same._metadata[""]["version"] == 1
        other = source.MNASNet(0.5, 3)
        with pytest.warns(UserWarning, match="A new version of MNASNet"):
            other.load_state_dict(same)
        assert repr(other) == repr(net)
