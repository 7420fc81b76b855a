from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from judgeaudit.sums.exact_tests import benjamini_yekutieli, fisher_exact, holm, mcnemar_exact


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_is_the_binomial_test(a: int, b: int) -> None:
    expected = stats.binomtest(a, a + b, 0.5).pvalue if a + b else 1.0
    assert mcnemar_exact(a, b) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("fp", "fn", "p"), [(19, 10, 0.136), (25, 12, 0.047), (22, 6, 0.0037)])
def test_mcnemar_of_the_jailbreakbench_judges(fp: int, fn: int, p: float) -> None:
    assert mcnemar_exact(fp, fn) == pytest.approx(p, rel=0.02)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_fisher_is_scipys(n1: int, n2: int, data: st.DataObject) -> None:
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    expected = stats.fisher_exact([[k1, n1 - k1], [k2, n2 - k2]]).pvalue
    assert fisher_exact(k1, n1, k2, n2) == pytest.approx(expected, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_corrections_are_statsmodels(p_values: list[float]) -> None:
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1], abs=1e-12)
    assert benjamini_yekutieli(p_values) == pytest.approx(multipletests(p_values, method="fdr_by")[1], abs=1e-12)


def test_nothing_to_correct() -> None:
    assert holm([]) == []
    assert benjamini_yekutieli([]) == []
