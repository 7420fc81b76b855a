"""Corrected shares of positives: published figures, hand arithmetic, and what must hold for every table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.measures import (
    prevalence_corrected,
    prevalence_ppi,
    prevalence_ppi_tuned,
    sensitivity_begg_greenes,
    specificity_begg_greenes,
)

counts = st.integers(1, 60)


def table(tn: float, fn: float, fp: float, tp: float, negatives: float = 0, positives: float = 0) -> np.ndarray:
    """Labelled cells, then unlabelled verdicts."""
    return np.array([tn, fn, fp, tp, tn + fn + negatives, fp + tp + positives, negatives, positives], dtype=float)


def test_the_example_of_lee() -> None:
    assert prevalence_corrected.rogan_gladen(0.4, 0.7, 0.9) == pytest.approx(0.1667, abs=5e-5)
    found = prevalence_corrected.lee_interval(0.4, 1000, 0.7, 200, 0.9, 200, 1.959964)
    assert found == pytest.approx((0.0564, 0.2627), abs=5e-5)


@pytest.mark.parametrize(
    ("tp", "fp", "fn", "tn"), [(96, 51, 14, 139), (100, 19, 10, 171), (98, 25, 12, 165), (104, 22, 6, 168)]
)
def test_corrected_on_its_own_rows_a_share_is_the_references(tp: int, fp: int, fn: int, tn: int) -> None:
    """The four judges of JailbreakBench: 110 of 300 by the human majority."""
    assert float(prevalence_corrected.compute(table(tn, fn, fp, tp))) == pytest.approx(110 / 300, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(tn=counts, fn=counts, fp=counts, tp=counts, factor=st.floats(0, 1))
def test_without_unlabelled_outputs_the_regression_form_is_rogan_gladen(
    tn: int, fn: int, fp: int, tp: int, factor: float
) -> None:
    """On the labelled rows alone every correction gives back the reference's share, whatever the factor."""
    whole = table(tn, fn, fp, tp)
    whole[6:] = whole[4:6]
    share = (fn + tp) / (tn + fn + fp + tp)
    assert float(prevalence_ppi.weighted(whole, factor)) == pytest.approx(share)
    if prevalence_corrected.reason(whole) is None:
        assert float(prevalence_corrected.compute(whole)) == pytest.approx(share)


@settings(max_examples=60, deadline=None)
@given(tn=counts, fn=counts, fp=counts, tp=counts, negatives=counts, positives=counts)
def test_values_are_shares_and_undefined_exactly_with_a_reason(
    tn: int, fn: int, fp: int, tp: int, negatives: int, positives: int
) -> None:
    t = table(tn, fn, fp, tp, negatives, positives)
    for module in (prevalence_corrected, prevalence_ppi, prevalence_ppi_tuned, sensitivity_begg_greenes):
        value = float(module.compute(t))
        assert np.isnan(value) == (module.MEASURE.reason(t) is not None)
        assert np.isnan(value) or 0 <= value <= 1
    swapped = table(tp, fp, fn, tn, positives, negatives)  # both classes renamed
    assert float(prevalence_ppi.compute(swapped)) == pytest.approx(1 - float(prevalence_ppi.compute(t)))
    assert float(prevalence_ppi_tuned.compute(swapped)) == pytest.approx(1 - float(prevalence_ppi_tuned.compute(t)))
    assert float(specificity_begg_greenes.compute(swapped)) == pytest.approx(float(sensitivity_begg_greenes.compute(t)))


@settings(max_examples=60, deadline=None)
@given(tn=counts, fn=counts, fp=counts, tp=counts, negatives=counts, positives=counts)
def test_the_tuned_share_is_the_truth_within_each_verdict(
    tn: int, fn: int, fp: int, tp: int, negatives: int, positives: int
) -> None:
    """Of yes-or-no verdicts PPI++ is p P(D+|J+) + (1 - p) P(D+|J-) with p over all outputs, where its factor is not cut."""
    t = table(tn, fn, fp, tp, negatives, positives)
    if not 0 < float(prevalence_ppi_tuned.factor(t)) < 1:
        return
    p = (fp + tp + positives) / (tn + fn + fp + tp + negatives + positives)
    by_hand = p * tp / (tp + fp) + (1 - p) * fn / (fn + tn)
    assert float(prevalence_ppi_tuned.compute(t)) == pytest.approx(by_hand)


def test_power_tuning_by_hand() -> None:
    # Cov(Y, f) = .15 - .25 * .2 = .1, Var(f) = .2 * .8 = .16, n / N = .1: .1 / (1.1 * .16); then .25 + factor (.3 - .2)
    t = table(70, 10, 5, 15, 700, 300)
    assert float(prevalence_ppi.compute(t)) == pytest.approx(0.3 + 0.25 - 0.2)
    assert float(prevalence_ppi_tuned.factor(t)) == pytest.approx(0.1 / 0.176)
    assert float(prevalence_ppi_tuned.compute(t)) == pytest.approx(0.25 + 0.1 / 0.176 * 0.1)


def test_a_judge_that_tells_nothing_gets_no_weight() -> None:
    t = table(30, 30, 20, 20, 100, 300)  # the same truth behind both verdicts
    assert float(prevalence_ppi_tuned.factor(t)) == 0
    assert float(prevalence_ppi_tuned.compute(t)) == pytest.approx(0.5)


def test_the_liver_scans() -> None:
    """Drum and Christacopoulos 1972, 650 scans, 344 verified: .84 and .74 corrected."""
    t = table(54, 27, 32, 231, 140, 166)
    assert float(sensitivity_begg_greenes.compute(t)) == pytest.approx(0.84, abs=0.005)
    assert float(specificity_begg_greenes.compute(t)) == pytest.approx(0.74, abs=0.005)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ((0, 0, 0, 0, 5, 5), "no_labelled_verdicts"),
        ((0, 0, 0, 0, 0, 0), "no_verdicts"),
        ((10, 0, 5, 0, 5, 5), "one_class"),
        ((5, 5, 5, 5, 5, 5), "youden_j_touches_zero"),
        ((5, 10, 10, 5, 5, 5), "youden_j_touches_zero"),
    ],
)
def test_where_there_is_no_corrected_share(cells: tuple[int, ...], code: str) -> None:
    assert (prevalence_corrected.reason(table(*cells)) or "").startswith(code)
    assert np.isnan(prevalence_corrected.compute(table(*cells)))


def test_labels_of_one_verdict_give_bounds_at_most() -> None:
    t = table(0, 0, 20, 60, 200, 20)
    assert (sensitivity_begg_greenes.reason(t) or "").startswith("labels_of_one_verdict: 200 negative")
    assert np.isnan(sensitivity_begg_greenes.compute(t))
