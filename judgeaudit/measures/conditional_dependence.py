"""How far judges go together beyond what one latent truth explains: the check of Dawid-Skene's main assumption.

Root mean square over pairs of judges of (share both call positive - share that the fitted model expects) over the root of the
product of their variances. Range [0, 1]; 0: given the latent truth the judges err independently; larger: pairs share errors
that the model took for truth, or one another's. It is never exactly 0, so it comes with the 95 % end of what independent
judges with the fitted rates give, and the share of these that give as much. A small value is no proof: errors that all
judges share alike pass for truth. Table ``joint``: joint shares, observed then expected, (..., 2, K, K). Undefined with fewer
than four judges (`too_few_judges`: three are explained by the model whatever they say), and where fewer than two judges give
both verdicts (`constant_judge`).
Source: residual correlations as Qu, Tan and Kutner 1996, doi:10.2307/2533043.
"""

from __future__ import annotations

import numpy as np

from judgeaudit.measures._measure import Measure
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """The root mean square of (..., 2, K, K) joint shares, observed then expected; single shares on the diagonal.

    Examples
    --------
    >>> seen, expected = np.array([[0.5, 0.4], [0.4, 0.5]]), np.array([[0.5, 0.25], [0.25, 0.5]])
    >>> round(float(compute(np.stack([seen, expected]))), 4)  # .15 / .25
    0.6
    """
    seen, expected = t[..., 0, :, :], t[..., 1, :, :]
    share = np.diagonal(seen, axis1=-2, axis2=-1)
    deviation = np.sqrt(np.maximum(share * (1 - share), 0.0))
    first, second = np.triu_indices(seen.shape[-1], 1)
    scale = deviation[..., first] * deviation[..., second]
    there = scale > 1e-9
    residual = (seen - expected)[..., first, second] / np.where(there, scale, 1.0)
    count = there.sum(axis=-1)
    total = np.where(there, residual**2, 0.0).sum(axis=-1)
    return np.asarray(np.where(count > 0, np.sqrt(total / np.maximum(count, 1)), np.nan))


def reason(t: Floats) -> str | None:
    """Fewer than two judges give both verdicts."""
    return "constant_judge: fewer than two judges give both verdicts" if np.isnan(compute(t)) else None


MEASURE = Measure(name="conditional_dependence", table="joint", compute=compute, reason=reason)
