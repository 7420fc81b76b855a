"""The parts of the Brier score, from sums by bin: brier = reliability - resolution + uncertainty + within bins.

Sums: (..., 5 * B) items, scores, positives, squared scores, scores of positives by bin of equal width.
Source: Murphy 1973, doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2; for the terms within bins Stephenson, Coelho and
Jolliffe 2008, doi:10.1175/2007WAF2006116.1.
"""

from typing import NamedTuple

import numpy as np

from judgeaudit.measures._measure import ratio
from judgeaudit.table import Floats

BINS = 10


class Parts(NamedTuple):
    """Each part on tables of the leading shape; NaN without items."""

    reliability: Floats
    resolution: Floats
    uncertainty: Floats
    within_bins: Floats


def parts(sums: Floats) -> Parts:
    """All parts.

    Examples
    --------
    >>> import numpy as np
    >>> # one bin: scores .2 and .4, the second positive; brier (.04 + .36) / 2 = .2
    >>> [round(float(x), 4) for x in parts(np.array([2.0, 0.6, 1.0, 0.2, 0.4]))]
    [0.04, 0.0, 0.25, -0.09]
    """
    bins = sums.shape[-1] // 5
    n, score, positive, square, joint = (sums[..., i * bins : (i + 1) * bins] for i in range(5))
    safe = np.where(n > 0, n, 1.0)
    mean, share = score / safe, positive / safe
    total = n.sum(axis=-1)
    base = ratio(positive.sum(axis=-1), total)
    within = (square - n * mean**2) - 2 * (joint - n * mean * share)
    return Parts(
        reliability=ratio((n * (mean - share) ** 2).sum(axis=-1), total),
        resolution=ratio((n * (share - base[..., None]) ** 2).sum(axis=-1), total),
        uncertainty=np.asarray(base * (1 - base)),
        within_bins=ratio(within.sum(axis=-1), total),
    )


def reason(sums: Floats) -> str | None:
    """Why no part is defined on one table."""
    empty = sums[: len(sums) // 5].sum() <= 0
    return "no_scores: no item has both a score and a reference" if empty else None
