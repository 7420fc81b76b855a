"""Share of the latent class model's negatives that the judge calls negative: its specificity without any reference.

Table ``latent`` as in `latent_prevalence`. Range [0, 1]. Judges that share errors are held to be right together, so this
flatters a panel of like judges; it is no specificity against people. Undefined as `latent_prevalence`.
Source: Dawid and Skene 1979, doi:10.2307/2346806.
"""

from __future__ import annotations

from judgeaudit.measures._measure import Measure
from judgeaudit.measures.latent_prevalence import reason
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """The judge's specificity.

    Examples
    --------
    >>> import numpy as np
    >>> float(compute(np.array([0.3, 0.9, 0.8])))
    0.8
    """
    return t[..., 2]


MEASURE = Measure(name="latent_specificity", table="latent", compute=compute, reason=reason)
