"""Share of positives by Dawid and Skene's latent class model of the judges' verdicts, without any reference.

Table ``latent``: (..., 3): the latent share of positives, one judge's sensitivity and specificity against the latent truth.
Range [0, 1]. It holds only as far as judges err independently given the truth; see `conditional_dependence`. Undefined with
fewer than three judges (`too_few_judges`) and where one latent class stays empty (`one_latent_class`).
Source: Dawid and Skene 1979, doi:10.2307/2346806.
"""

from __future__ import annotations

from judgeaudit.measures._measure import Measure
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """The first entry.

    Examples
    --------
    >>> import numpy as np
    >>> float(compute(np.array([0.3, 0.9, 0.8])))
    0.3
    """
    return t[..., 0]


def reason(t: Floats) -> str | None:
    """One of the classes is empty: the other rates are of nothing."""
    return (
        None if 1e-9 < float(t[0]) < 1 - 1e-9 else "one_latent_class: the model finds one class only in these verdicts"
    )


MEASURE = Measure(name="latent_prevalence", table="latent", compute=compute, reason=reason)
