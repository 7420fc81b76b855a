"""The table behind every corrected share of positives, and what it is read for.

Table ``prevalence``: (..., 8). Cells 0 to 3: outputs with a verdict and a reference, by (verdict, reference): (negative,
negative), (negative, positive), (positive, negative), (positive, positive), weighted by how they were selected for a label.
Cells 4 and 5: all outputs with a negative and with a positive verdict. Cells 6 and 7: the same over the outputs for which a
prediction stands in: those without a reference; all of them where the labels are weighted.
"""

from __future__ import annotations

from typing import NamedTuple

from judgeaudit.measures._measure import ratio
from judgeaudit.table import Floats

SIZE = 8
NO_VERDICTS = "no_verdicts: the judge gave no positive or negative verdict"
NO_LABELS = "no_labelled_verdicts: no output has both a verdict and a reference"
ALL_LABELLED = "all_labelled: every judged output has a reference, so the reference's own share needs no correction"


class Parts(NamedTuple):
    """What a corrected share is made of: each (...,), NaN where its denominator is 0.

    Parameters
    ----------
    rate, apart
        Share of positive verdicts over all judged outputs, and over those for which the prediction stands in.
    sensitivity, specificity
        On the outputs with a reference.
    truth, said
        Share of positives by the reference and by the judge on the outputs with a reference.
    both
        Share of outputs with a reference that are positive by both.
    """

    rate: Floats
    apart: Floats
    sensitivity: Floats
    specificity: Floats
    truth: Floats
    said: Floats
    both: Floats


def parts(t: Floats) -> Parts:
    """The shares of a table.

    Examples
    --------
    >>> import numpy as np
    >>> p = parts(np.array([40.0, 10, 10, 40, 60, 40, 0, 0]))
    >>> float(p.rate), float(p.sensitivity), float(p.specificity)
    (0.4, 0.8, 0.8)
    """
    tn, fn, fp, tp = (t[..., i] for i in range(4))
    n = tn + fn + fp + tp
    return Parts(
        rate=ratio(t[..., 5], t[..., 4] + t[..., 5]),
        apart=ratio(t[..., 7], t[..., 6] + t[..., 7]),
        sensitivity=ratio(tp, tp + fn),
        specificity=ratio(tn, tn + fp),
        truth=ratio(tp + fn, n),
        said=ratio(tp + fp, n),
        both=ratio(tp, n),
    )


def unlabelled(t: Floats) -> str | None:
    """The reason where the verdicts, the labels or the outputs without one are lacking."""
    if t[4:6].sum() <= 0:
        return NO_VERDICTS
    if t[:4].sum() <= 0:
        return NO_LABELS
    return ALL_LABELLED if t[6:].sum() <= 0 else None
