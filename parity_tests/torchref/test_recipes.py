"""Recipes: schedules, the linear scaling rule, settings from text."""

import tomllib
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchref import config
from torchref.options import Options
from torchref.recipes import RECIPES, Schedule

SCHEDULES = st.builds(
    Schedule,
    st.sampled_from(["constant", "sqrt", "steps", "cosine"]),
    warmup=st.integers(0, 5),
    milestones=st.lists(st.integers(0, 30), max_size=3).map(tuple),
    length=st.integers(1, 30),
    final=st.floats(0, 1),
)


@given(SCHEDULES, st.integers(0, 60))
def test_a_schedule_never_passes_one(schedule: Schedule, epoch: int) -> None:
    assert 0 <= schedule.factor(epoch) <= 1


def test_schedules_follow_their_formulas() -> None:
    cosine = Schedule("cosine", warmup=5, length=20, final=0.1)
    climb = [cosine.factor(i) for i in range(6)]
    assert climb == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0, 1.0])
    assert cosine.factor(20) == cosine.factor(99) == pytest.approx(0.1)
    steps = Schedule("steps", milestones=(15, 30), gamma=0.5)
    assert [steps.factor(i) for i in (14, 15, 29, 30)] == [1, 0.5, 0.5, 0.25]
    assert Schedule("sqrt").factor(3) == 0.5
    with pytest.raises(ValueError, match="schedule.name"):
        Schedule("linear").factor(0)


@pytest.mark.parametrize("name", RECIPES)
def test_a_larger_batch_has_a_higher_rate(name: str) -> None:
    recipe = RECIPES[name]
    large = recipe.scaled(recipe.batch * 4)
    assert large.optimizer.lr == recipe.optimizer.lr * 4
    assert large.batch == recipe.batch * 4


@pytest.mark.parametrize(
    ("text", "where", "value"),
    [
        ("batch=128", lambda r: r.batch, 128),
        ("optimizer.lr=0.05", lambda r: r.optimizer.lr, 0.05),
        ("optimizer.decay_bias=true", lambda r: r.optimizer.decay_bias, True),
        ("schedule.name=cosine", lambda r: r.schedule.name, "cosine"),
        ("schedule.milestones=[3, 4]", lambda r: r.schedule.milestones, (3, 4)),
        ("sizes.ratio=4", lambda r: r.sizes["ratio"], 4),
    ],
)
def test_a_setting_is_changed(text: str, where, value: object) -> None:
    changed = config.change(RECIPES["lenet"], [text])
    assert where(changed) == value
    assert type(where(changed)) is type(value)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("bacth=3", "batch"),
        ("lr=3", "optimizer.lr"),
        ("optimizer.momentun=3", "momentum"),
        ("shedule.name=x", "schedule"),
    ],
)
def test_a_wrong_key_names_the_nearest(text: str, nearest: str) -> None:
    with pytest.raises(KeyError, match=f"did you mean {nearest}"):
        config.change(RECIPES["lenet"], [text])


@pytest.mark.parametrize(
    "text",
    ["batch=many", "batch=1.5", "optimizer.lr=x", "batch", "optimizer=1"],
)
def test_a_wrong_value_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError), match=text.split("=")[0]):
        config.change(RECIPES["lenet"], [text])


@pytest.mark.parametrize("name", RECIPES)
def test_settings_are_toml(name: str) -> None:
    settings = {**asdict(RECIPES[name]), "options": asdict(Options())}
    text = config.toml(settings)
    settings["schedule"]["milestones"] = []
    assert tomllib.loads(text) == settings


@pytest.mark.parametrize(
    "wrong", [{"precision": "f32"}, {"accumulate": 0}, {"graph": -1}]
)
def test_a_wrong_option_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="must|expected"):
        Options(**wrong)
