"""Advantage probability: how often a judge agrees with the other people at least as well as the person whose place it would take.

For each identified annotator and item: 1 where the judge's score against the remaining people is at least that annotator's;
the score is the share of them with the same value (nominal) or the negative root mean squared difference (ordered scales).
The mean over an annotator's items, then over annotators. Range [0, 1]; ties count for both sides. Undefined with fewer than 3
identified annotators (`few_annotators`) or where none shares 30 items with the judge and another person (`few_items`).
Anonymous votes cannot enter: nobody can be left out. Source: Calderon, Reichart and Dror 2025, arXiv:2501.10970.
"""

from __future__ import annotations

from judgeaudit.measures._measure import Measure, no_items, ratio
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """From (..., 3): items where the judge is no worse, where the annotator is no worse, items; as in `_alt_test.py`.

    Examples
    --------
    >>> import numpy as np
    >>> float(compute(np.array([45.0, 40.0, 50.0])))
    0.9
    """
    return ratio(t[..., 0], t[..., 2])


MEASURE = Measure(
    name="alt_test_advantage_probability", table="alt_test", scales=("full",), compute=compute, reason=no_items
)
