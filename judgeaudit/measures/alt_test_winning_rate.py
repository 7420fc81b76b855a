"""Winning rate of the alternative annotator test: the share of people whose place the judge may take.

For each identified annotator, over the items both rated: d = (annotator no worse) - (judge no worse), scores as in
`alt_test_advantage_probability`; a one-sided t-test that the mean of d is below epsilon, what a person costs more
(0.2 experts, 0.15 skilled annotators, 0.1 crowd workers). Benjamini and Yekutieli's correction over annotators at 0.05;
the share of rejections. Range [0, 1]; at least 0.5: the judge may replace them. Who the people are is stated by
`check --annotators expert|skilled|crowd` or `annotators` under `audit` in audit.yaml; where it is not, the strictest epsilon
(0.1) stands as the figure. The other epsilons stand under `against` = epsilon:0.1, epsilon:0.15 and epsilon:0.2.
Items of one cluster count together (cluster-robust variance, clusters - 1 degrees of freedom). Undefined with fewer than 3
identified annotators (`few_annotators`) or where none has 30 items (`few_items`). Annotators are taken as fixed: no interval.
Source: Calderon, Reichart and Dror 2025, arXiv:2501.10970.
"""

from __future__ import annotations

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """From (..., 2): annotators rejected, annotators tested.

    Examples
    --------
    >>> import numpy as np
    >>> float(compute(np.array([3.0, 4.0])))
    0.75
    """
    return ratio(t[..., 0], t[..., 1])


def reason(t: Floats) -> str | None:
    """Why it is undefined."""
    return "few_items: no annotator shares 30 items with the judge and another person" if t[1] <= 0 else None


MEASURE = Measure(name="alt_test_winning_rate", table="alt_test", scales=("full",), compute=compute, reason=reason)
