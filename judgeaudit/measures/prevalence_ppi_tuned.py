"""Share of positives by power-tuned prediction-powered inference (PPI++).

As `prevalence_ppi` with every prediction times a factor, chosen so that the variance is least: Cov(Y, f) / ((1 + n / N)
Var(f)) on the n outputs with a reference and N without, held to [0, 1]. A judge that tells nothing gets the factor 0, and the
labelled outputs speak alone; so it is never much worse than no judge. For yes-or-no verdicts it is the efficient estimator.
Range [0, 1]. Undefined as `prevalence_ppi`. Source: Angelopoulos, Duchi and Zrnic 2023, arXiv:2311.01453.
"""

from __future__ import annotations

import numpy as np

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.measures._prevalence import parts, unlabelled
from judgeaudit.measures.prevalence_ppi import weighted
from judgeaudit.table import Floats


def factor(t: Floats) -> Floats:
    """(...,) the factor of (..., 8) tables, in [0, 1]; 0 where the judge said one thing only on the labelled outputs.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([70.0, 10, 5, 15, 0, 1, 700, 300])  # Cov .15 - .25 * .2 = .1; Var .16; n / N = .1: .1 / .176
    >>> round(float(factor(t)), 4)
    0.5682
    """
    p = parts(t)
    n, rest = t[..., :4].sum(axis=-1), t[..., 6:].sum(axis=-1)
    best = ratio(p.both - p.truth * p.said, (1 + ratio(n, rest)) * p.said * (1 - p.said))
    return np.asarray(np.where(np.isnan(best), 0.0, np.clip(best, 0.0, 1.0)))


def compute(t: Floats) -> Floats:
    """The share of (..., 8) tables.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([70.0, 10, 5, 15, 0, 1, 700, 300])  # .25 + .5682 (.3 - .2)
    >>> round(float(compute(t)), 4)
    0.3068
    """
    return weighted(t, factor(t))


MEASURE = Measure(name="prevalence_ppi_tuned", table="prevalence", compute=compute, reason=unlabelled)
