from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.probing._exact import higher, more_than_copies


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 8), st.integers(1, 8), st.integers(0, 8), st.integers(1, 8))
def test_one_stratum_is_fishers_exact_test(k1: int, n1: int, k2: int, n2: int) -> None:
    from scipy.stats import fisher_exact

    k1, k2 = min(k1, n1), min(k2, n2)
    p = fisher_exact(np.array([[k1, n1 - k1], [k2, n2 - k2]]), alternative="greater").pvalue
    assert higher(k1, n1, k2, n2) == pytest.approx(p, abs=1e-9)


def test_strata_multiply() -> None:
    # Two bases, each 2 of 2 decorated flipped and 0 of 2 copies: 1 / C(4, 2) = 1/6 each.
    assert more_than_copies([(2, 2, 0, 2)] * 2) == pytest.approx(1 / 36)


def test_flips_that_copies_have_too_are_no_evidence() -> None:
    assert more_than_copies([(1, 2, 1, 2)] * 20) > 0.5
    assert more_than_copies([]) == 1.0
