"""Sensitivity where the verdict decided which outputs were labelled (Begg and Greenes).

P(J+) P(D+ | J+) / [P(J+) P(D+ | J+) + P(J-) P(D+ | J-)]: the shares of verdicts come from all judged outputs, the truth given
the verdict from the labelled ones. Right if, given the verdict, it was chance which outputs were labelled. Range [0, 1].
Undefined where one verdict has no labelled output (`labels_of_one_verdict`: then only bounds exist), or without positives.
Source: Begg and Greenes 1983, doi:10.2307/2530820.
"""

from __future__ import annotations

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.measures._prevalence import NO_LABELS, NO_VERDICTS
from judgeaudit.table import Floats


def spread(t: Floats) -> Floats:
    """(..., 4) the labelled cells of (..., 8) tables with each verdict's labels standing for all outputs with that verdict.

    Examples
    --------
    >>> import numpy as np
    >>> spread(np.array([54.0, 27, 32, 231, 221, 429, 140, 166])).round(1).tolist()
    [147.3, 73.7, 52.2, 376.8]
    """
    out = t[..., :4].copy()
    for verdict, cells in ((4, slice(0, 2)), (5, slice(2, 4))):
        out[..., cells] *= ratio(t[..., verdict], t[..., cells].sum(axis=-1))[..., None]
    return out


def compute(t: Floats) -> Floats:
    """Sensitivity of (..., 8) tables.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([54.0, 27, 32, 231, 221, 429, 140, 166])  # liver scans, Drum and Christacopoulos 1972: .84
    >>> round(float(compute(t)), 4)
    0.8365
    """
    cells = spread(t)
    return ratio(cells[..., 3], cells[..., 1] + cells[..., 3])


def reason(t: Floats) -> str | None:
    """Why the rate of positives cannot be told."""
    return lacking(t) or ("no_positives: no positives in the reference here" if t[1] + t[3] <= 0 else None)


def lacking(t: Floats) -> str | None:
    """Why the labels cannot be spread over all verdicts."""
    if t[4:6].sum() <= 0:
        return NO_VERDICTS
    if t[:4].sum() <= 0:
        return NO_LABELS
    for side, verdict, labelled in (("negative", t[4], t[:2].sum()), ("positive", t[5], t[2:4].sum())):
        if labelled <= 0:
            return f"labels_of_one_verdict: {verdict:g} {side} verdicts, and no label on any of those outputs"
    return None


MEASURE = Measure(name="sensitivity_begg_greenes", table="prevalence", compute=compute, reason=reason)
