"""Share of positives by prediction-powered inference: the judge's share where no reference stands, plus its mean error.

theta = mean of f over the outputs without a reference + mean of (Y - f) over those with one; f and Y are 1 for a positive
verdict and reference, else 0; held to [0, 1]. It needs no stable sensitivity or specificity, but the outputs with a reference
must be a random sample of all, or be weighted by how they were selected (then the first mean is over all outputs).
Range [0, 1]. Undefined without verdicts or labelled verdicts, and where every judged output has a reference
(`all_labelled`: nothing is left to predict). Source: Angelopoulos et al. 2023, doi:10.1126/science.adi6000, arXiv:2301.09633.
"""

from __future__ import annotations

import math

import numpy as np

from judgeaudit.measures._measure import Measure
from judgeaudit.measures._prevalence import parts, unlabelled
from judgeaudit.sums.intervals import Interval
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """The share of (..., 8) tables.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([70.0, 10, 5, 15, 0, 1, 700, 300])  # .3 + (25 - 20) / 100
    >>> round(float(compute(t)), 9)
    0.35
    """
    return weighted(t, 1.0)


def weighted(t: Floats, factor: Floats | float) -> Floats:
    """The same where predictions count by a factor; 0: the labelled outputs alone."""
    p = parts(t)
    return np.clip(factor * (p.apart - p.said) + p.truth, 0.0, 1.0)


def ppi_interval(
    unlabelled_rate: float, unlabelled: float, labelled: tuple[float, float, float, float], factor: float, z: float
) -> Interval:
    """Normal interval: variance factor^2 Var(f) / N + Var(Y - factor f) / n, variances with the sample's own divisors.

    Parameters
    ----------
    unlabelled_rate, unlabelled
        Share of positive verdicts among the N outputs without a reference.
    labelled
        Counts by (verdict, reference): (0, 0), (0, 1), (1, 0), (1, 1).
    factor
        1 for PPI; what `prevalence_ppi_tuned.factor` gives for PPI++.

    Examples
    --------
    >>> [round(x, 4) for x in ppi_interval(0.3, 1000, (70, 10, 5, 15), 1.0, 1.959964)]
    [0.2695, 0.4305]
    """
    tn, fn, fp, tp = labelled
    n = tn + fn + fp + tp
    # Y - factor f is 0, 1, -factor, 1 - factor in the four cells.
    error = (fn - factor * fp + (1 - factor) * tp) / n
    squares = (fn + factor**2 * fp + (1 - factor) ** 2 * tp) / n
    variance = factor**2 * unlabelled_rate * (1 - unlabelled_rate) / unlabelled + (squares - error**2) / n
    value, half = factor * unlabelled_rate + error, z * math.sqrt(max(variance, 0.0))
    return Interval(max(0.0, value - half), min(1.0, value + half))


MEASURE = Measure(name="prevalence_ppi", table="prevalence", compute=compute, reason=unlabelled)
