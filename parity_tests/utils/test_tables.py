"""Tables become the numbers that pandas makes of them, or are refused."""

import io

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from scratch.utils.scaling import MinMax, Standard, Whitening
from scratch.utils.tables import (
    Features,
    column,
    is_numeric,
    numbers,
    one_hot,
    read_csv,
    target,
    write_csv,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tables")


words = st.text("abc ", min_size=1)
names = st.lists(words, min_size=1, max_size=4, unique=True)
texts = st.sampled_from(["", "NA", "x", "y,z", 'quo"te', "a\nb", "-1.5e3"])


@given(names, st.integers(0, 5), st.data())
def test_csv_comes_back_as_it_was_written(folder, columns, rows, data):
    entries = st.lists(texts, min_size=rows, max_size=rows)
    table = {name: data.draw(entries) for name in columns}
    path = folder / "table.csv"
    write_csv(path, table)
    if len(columns) == 1 and "" in table[columns[0]]:
        return  # an empty line has no field
    expected = {
        name: [None if e in ("", "NA") else e for e in entries]
        for name, entries in table.items()
    }
    assert read_csv(path) == expected


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "line 1: expected the names"),
        ("a,a\n1,2\n", "names that differ, found 'a' twice"),
        ("a,b\n1,2\n3\n", "line 3: expected 2, found 1 fields"),
        ("a,b\n1,2,3\n", "line 2: expected 2, found 3 fields"),
        ('a,b\n"1,2\n', "line 2: expected CSV"),
        ("a\n" + "x" * 200_000, "line 2: expected CSV"),
    ],
)
def test_a_damaged_csv_is_refused_with_its_line(folder, text, said):
    path = folder / "bad.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=said):
        read_csv(path)
    path.write_bytes(b"a,b\n1,\xff\xfe\n")
    with pytest.raises(ValueError, match="expected CSV in UTF-8"):
        read_csv(path)


measured = st.none() | st.floats(-1e3, 1e3).map(lambda x: round(x, 2))
kinds = st.none() | st.sampled_from(["red", "blue", "Green", "1b"])


@st.composite
def tables(draw):
    """Two tables of the same columns: one to learn from, one to add."""
    sizes = draw(st.tuples(st.integers(2, 6), st.integers(1, 4)))
    makers = draw(st.lists(st.sampled_from([measured, kinds]), min_size=1))
    makers = makers[:4]

    def entries(maker, n):
        drawn = draw(st.lists(maker, min_size=n, max_size=n))
        return [None if e is None else str(e) for e in drawn]

    return [
        {f"c{i}": entries(maker, n) for i, maker in enumerate(makers)}
        for n in sizes
    ]


@given(tables())
def test_features_are_pandas_standardised_and_one_hot_columns(both):
    joined = {name: both[0][name] + both[1][name] for name in both[0]}
    frame = pd.DataFrame(joined)
    for name in frame:
        if is_numeric(joined[name]):
            frame[name] = frame[name].astype(float)
    measured = [n for n in frame if frame[n].dtype == float]
    frame[measured] = frame[measured].apply(
        lambda x: (x - x.mean()) / (x.std() if x.std() > 0 else 1)
    )
    frame[measured] = frame[measured].fillna(0)
    expected = frame[measured]
    if len(measured) < frame.shape[1]:
        rest = frame.drop(columns=measured)
        dummies = pd.get_dummies(rest, dummy_na=True, dtype=float)
        expected = pd.concat([expected, dummies], axis=1)
    features = Features(*both)
    assert features.names == list(expected.columns)
    made = np.concatenate([features(table).numpy() for table in both])
    np.testing.assert_allclose(made, expected, rtol=1e-5, atol=1e-5)
    assert made.dtype == np.float32


def test_a_column_that_does_not_fit_is_refused_by_its_name():
    table = {"price": ["1", None], "zone": ["a", "b"]}
    features = Features(table, leave_out=["price"])
    assert features.names == ["zone_a", "zone_b", "zone_nan"]
    with pytest.raises(ValueError, match="'zone': expected one of .*found 'c'"):
        features({"zone": ["c"]})
    with pytest.raises(ValueError, match="no column 'zone': the table has x"):
        features({"x": []})
    with pytest.raises(ValueError, match="'price', row 1: expected a number"):
        target(table, "price")
    with pytest.raises(ValueError, match="row 0: expected a number, found 'a'"):
        numbers(column(table, "zone"), "zone")
    assert not is_numeric(["1_0"])
    hot = one_hot([None, "b"], ["a", "b"], "n")
    assert hot.tolist() == [[0, 0, 1], [0, 1, 0]]


def test_a_submission_is_what_pandas_writes(folder):
    table = {"Id": [1461, 1462], "SalePrice": [1.5, 2.25]}
    write_csv(folder / "submission.csv", table)
    expected = io.StringIO()
    pd.DataFrame(table).to_csv(expected, index=False)
    assert (folder / "submission.csv").read_text() == expected.getvalue()


rows = st.tuples(st.integers(2, 8), st.integers(1, 4), st.integers(0, 99))


def cloud(drawn):
    n, d, seed = drawn
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + rng.random(d)


@given(rows)
def test_scaling_is_the_formula_in_torch(drawn):
    x = cloud(drawn)
    t, s = torch.tensor(x), scratch.tensor(x)
    low, high = t.amin(0), t.amax(0)
    for ours, theirs in [
        (Standard(s)(s), (t - t.mean(0)) / t.std(0)),
        (MinMax(s)(s), (t - low) / (high - low)),
    ]:
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-9, atol=1e-9)


@given(rows, st.booleans())
def test_whitened_columns_have_no_correlation(drawn, zca):
    x = cloud((drawn[0] + drawn[1] + 2, *drawn[1:]))
    s, t = scratch.tensor(x), torch.tensor(x)
    y = torch.tensor(Whitening(s, eps=0.0, zca=zca)(s).numpy())
    eye = torch.eye(x.shape[1], dtype=torch.float64)
    torch.testing.assert_close(torch.atleast_2d(torch.cov(y.T)), eye)
    values, axes = torch.linalg.eigh(torch.atleast_2d(torch.cov(t.T)))
    root = axes @ torch.diag(values.rsqrt()) @ axes.T
    if zca:  # the one symmetric root
        torch.testing.assert_close(y, (t - t.mean(0)) @ root)
    else:  # PCA: the axes, each in one of two directions
        turned = (t - t.mean(0)) @ axes.flip(1) * values.flip(0).rsqrt()
        torch.testing.assert_close(y.abs(), turned.abs())


def test_what_cannot_be_scaled_is_refused_or_zero():
    constant = scratch.tensor([[2.0], [2.0], [float("nan")]])
    assert Standard(constant)(constant).tolist() == [[0], [0], [0]]
    with pytest.raises(ValueError, match="NaN"):
        Whitening(constant)
    for bad in (scratch.zeros(0, 2), scratch.zeros(3)):
        with pytest.raises(ValueError, match="at least one row, got shape"):
            MinMax(bad)
    with pytest.raises(ValueError, match="two rows"):
        Whitening(scratch.zeros(1, 2))
