"""Every measure is held to the same properties; a new one that fits no list here fails."""

from __future__ import annotations

import importlib
import pkgutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

import judgeaudit.measures
from judgeaudit.measures._measure import Measure

NAMES = sorted(m.name for m in pkgutil.iter_modules(judgeaudit.measures.__path__) if not m.name.startswith("_"))
MEASURES: dict[str, Measure] = {n: importlib.import_module(f"judgeaudit.measures.{n}").MEASURE for n in NAMES}
CONFUSION = [n for n, m in MEASURES.items() if m.table == "confusion"]
SYMMETRIC = {"accuracy", "cohen_kappa", "gwet_ac1", "mcc", "f1"}
LABEL_FREE = {"accuracy", "cohen_kappa", "gwet_ac1", "balanced_accuracy", "youden_j", "mcc"}
RANGES = {"mcc": (-1, 1), "cohen_kappa": (-1, 1), "gwet_ac1": (-1, 1), "youden_j": (-1, 1)}
REFERENCE = {
    "accuracy": metrics.accuracy_score,
    "balanced_accuracy": metrics.balanced_accuracy_score,
    "cohen_kappa": metrics.cohen_kappa_score,
    "f1": metrics.f1_score,
    "mcc": metrics.matthews_corrcoef,
    "precision": metrics.precision_score,
    "sensitivity": metrics.recall_score,
}
tables = st.lists(st.integers(0, 40), min_size=4, max_size=4).map(lambda c: np.array(c, dtype=float).reshape(2, 2))


def test_each_measure_is_called_as_its_file() -> None:
    assert {n: m.name for n, m in MEASURES.items()} == {n: n for n in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_the_docstring_gives_range_or_ends_and_when_it_is_undefined(name: str) -> None:
    text = importlib.import_module(f"judgeaudit.measures.{name}").__doc__ or ""
    assert "Undefined" in text, name
    assert "Range" in text or "Source" in text, name


@pytest.mark.parametrize("name", CONFUSION)
@settings(max_examples=40, deadline=None)
@given(table=tables)
def test_a_value_is_undefined_exactly_where_there_is_a_reason(name: str, table: np.ndarray) -> None:
    value, reason = float(MEASURES[name].compute(table)), MEASURES[name].reason(table)
    assert np.isnan(value) == (reason is not None)
    if reason is not None:
        assert ": " in reason
        return
    low, high = RANGES.get(name, (0, 1))
    assert low - 1e-12 <= value <= high + 1e-12


@pytest.mark.parametrize("name", CONFUSION)
@settings(max_examples=30, deadline=None)
@given(table=tables, factor=st.integers(2, 5))
def test_counts_that_grow_alike_leave_the_value(name: str, table: np.ndarray, factor: int) -> None:
    measure = MEASURES[name]
    assert float(measure.compute(table)) == pytest.approx(float(measure.compute(table * factor)), nan_ok=True)


@pytest.mark.parametrize("name", CONFUSION)
@settings(max_examples=30, deadline=None)
@given(table=tables)
def test_swapping_raters_and_classes(name: str, table: np.ndarray) -> None:
    measure = MEASURES[name]
    if measure.reason(table) or measure.reason(table.T) or measure.reason(table[::-1, ::-1]):
        return
    value = float(measure.compute(table))
    if name in SYMMETRIC:
        assert float(measure.compute(table.T)) == pytest.approx(value)
    if name in LABEL_FREE:
        assert float(measure.compute(table[::-1, ::-1])) == pytest.approx(value)


@pytest.mark.parametrize("name", sorted(REFERENCE))
@settings(max_examples=30, deadline=None)
@given(table=tables)
def test_scikit_learn_gives_the_same(name: str, table: np.ndarray) -> None:
    if MEASURES[name].reason(table):
        return
    judge = [j for j in (0, 1) for r in (0, 1) for _ in range(int(table[j, r]))]
    reference = [r for j in (0, 1) for r in (0, 1) for _ in range(int(table[j, r]))]
    assert float(MEASURES[name].compute(table)) == pytest.approx(REFERENCE[name](reference, judge), abs=1e-9)


@pytest.mark.parametrize("name", CONFUSION)
def test_many_tables_at_once_are_the_tables_one_by_one(name: str) -> None:
    rng = np.random.default_rng(3)
    many = rng.integers(0, 30, size=(7, 11, 2, 2)).astype(float)
    found = MEASURES[name].compute(many)
    assert found.shape == (7, 11)
    assert float(found[4, 5]) == pytest.approx(float(MEASURES[name].compute(many[4, 5])), nan_ok=True)


CONSTANT = np.array([[0.0, 0.0], [70.0, 30.0]])  # always positive, reference of two classes
ONE_CLASS = np.array([[60.0, 0.0], [40.0, 0.0]])  # reference all negative
BOTH_CONSTANT = np.array([[100.0, 0.0], [0.0, 0.0]])


@pytest.mark.parametrize(
    ("name", "table", "expected"),
    [
        ("cohen_kappa", CONSTANT, 0.0),
        ("youden_j", CONSTANT, 0.0),
        ("balanced_accuracy", CONSTANT, 0.5),
        ("mcc", CONSTANT, None),
        ("accuracy", CONSTANT, 0.3),
        *[(n, ONE_CLASS, None) for n in ("cohen_kappa", "mcc", "youden_j", "balanced_accuracy", "sensitivity", "f1")],
        ("accuracy", ONE_CLASS, 0.6),
        ("false_positive_rate", ONE_CLASS, 0.4),
        # po = .6, shares .8 and .2: pe = 2 * .8 * .2 = .32, (.6 - .32) / .68
        ("gwet_ac1", ONE_CLASS, 0.28 / 0.68),
        ("cohen_kappa", BOTH_CONSTANT, None),
        ("gwet_ac1", BOTH_CONSTANT, 1.0),
    ],
)
def test_the_undefined_cases_of_the_design(name: str, table: np.ndarray, expected: float | None) -> None:
    value = float(MEASURES[name].compute(table))
    if expected is None:
        assert np.isnan(value)
        assert MEASURES[name].reason(table)
    else:
        assert value == pytest.approx(expected)


def test_published_tables() -> None:
    three = np.array([[13.0, 0, 0], [0, 20, 7], [0, 4, 56]])
    four = np.array([[40.0, 4, 4, 17], [6, 25, 2, 13], [4, 1, 21, 12], [15, 5, 9, 45]])
    assert float(MEASURES["cohen_kappa"].compute(three)) == pytest.approx(0.796, abs=5e-4)
    assert float(MEASURES["gwet_ac1"].compute(three)) == pytest.approx(0.849, abs=5e-4)
    assert float(MEASURES["cohen_kappa"].compute(four)) == pytest.approx(0.432, abs=5e-4)
    assert float(MEASURES["gwet_ac1"].compute(four)) == pytest.approx(0.456, abs=5e-4)


@pytest.mark.parametrize(
    ("tp", "fp", "fn", "tn", "kappa", "ac1", "mcc", "j"),
    [
        (96, 51, 14, 139, 0.5643, 0.5754, 0.5825, 0.6043),
        (100, 19, 10, 171, 0.7954, 0.8169, 0.7970, 0.8091),
        (98, 25, 12, 165, 0.7409, 0.7651, 0.7440, 0.7593),
        (104, 22, 6, 168, 0.8050, 0.8215, 0.8101, 0.8297),
    ],
)
def test_the_jailbreakbench_judges(
    tp: int, fp: int, fn: int, tn: int, kappa: float, ac1: float, mcc: float, j: float
) -> None:
    table = np.array([[tn, fn], [fp, tp]], dtype=float)
    found = [float(MEASURES[n].compute(table)) for n in ("cohen_kappa", "gwet_ac1", "mcc", "youden_j")]
    assert found == pytest.approx([kappa, ac1, mcc, j], abs=5e-5)
