"""Specificity where the verdict decided which outputs were labelled (Begg and Greenes).

P(J-) P(D- | J-) / [P(J-) P(D- | J-) + P(J+) P(D- | J+)], as `sensitivity_begg_greenes`. Range [0, 1]. Undefined where one
verdict has no labelled output (`labels_of_one_verdict`), or without negatives.
Source: Begg and Greenes 1983, doi:10.2307/2530820.
"""

from __future__ import annotations

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.measures.sensitivity_begg_greenes import lacking, spread
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """Specificity of (..., 8) tables.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([54.0, 27, 32, 231, 221, 429, 140, 166])  # liver scans, Drum and Christacopoulos 1972: .74
    >>> round(float(compute(t)), 4)
    0.7384
    """
    cells = spread(t)
    return ratio(cells[..., 0], cells[..., 0] + cells[..., 2])


def reason(t: Floats) -> str | None:
    """Why the rate of negatives cannot be told."""
    return lacking(t) or ("no_negatives: no negatives in the reference here" if t[0] + t[2] <= 0 else None)


MEASURE = Measure(name="specificity_begg_greenes", table="prevalence", compute=compute, reason=reason)
