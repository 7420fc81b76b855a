"""Smooth calibration error (smECE) of the judge's scores: no bins to choose, and it moves little where the scores move little.

smECE_s is the integral over t of |mean of K_s(t, p) (y - p)|, K_s a Gaussian of width s reflected at 0 and 1; smECE is the one
s for which smECE_s = s. Range [0, 1]; like every plug-in it is above 0 for a perfect judge: see its null band in the audit's
table ``calibration``. Undefined (`no_scores`) without scores. Table ``calibration``: (..., 3 * B) items, sums of scores,
positives by bin in rising order of score. The reflected Gaussian is the kernel of heat that no end lets out, so a cosine
transform smooths.
Source: Blasiok and Nakkiran 2023, arXiv:2309.12236.
"""

import numpy as np

from judgeaudit.measures._measure import Measure
from judgeaudit.table import Floats

FINE, ROUGH = 1024, 128
"""Cells of [0, 1] on which the residuals are smoothed: of one table, and of many (draws)."""
_EXACT, _FAST = 40, 14
"""Halvings of the interval for s: to 1e-12, and to 1e-4 for draws."""


def compute(sums: Floats) -> Floats:
    """Smooth error from sums by bin, one table finely, many tables roughly.

    Examples
    --------
    >>> import numpy as np
    >>> constant = np.array([10.0, 9.0, 3.0])  # ten scores of .9, three positives: s = |.3 - .9| whatever the width
    >>> round(float(compute(constant)), 6)
    0.6
    """
    many = sums.ndim > 1
    return on_grid(sums, cells=ROUGH if many else FINE, halvings=_FAST if many else _EXACT)


def on_grid(sums: Floats, *, cells: int, halvings: int) -> Floats:
    """The same on a grid of so many cells; NaN where there are no items."""
    from scipy.fft import dct, idct

    lead = sums.shape[:-1]
    count, mass = _residuals(sums.reshape(int(np.prod(lead)), sums.shape[-1]), cells)
    waves = dct(mass, axis=-1, norm="ortho")
    decay = -0.5 * (np.pi * np.arange(cells)) ** 2
    low, high = np.zeros(len(mass)), np.ones(len(mass))
    for _ in range(halvings):
        width = (low + high) / 2
        smoothed = idct(waves * np.exp(decay * width[:, None] ** 2), axis=-1, norm="ortho")
        above = np.abs(smoothed).sum(axis=-1) > width
        low, high = np.where(above, width, low), np.where(above, high, width)
    return np.asarray(np.where(count > 0, (low + high) / 2, np.nan).reshape(lead))


def _residuals(sums: Floats, cells: int) -> tuple[Floats, Floats]:
    """(R,) items, and (R, cells) mean residual in each cell, shared among the two cells whose centres are nearest."""
    bins = sums.shape[1] // 3
    n, score, positive = (sums[:, i * bins : (i + 1) * bins] for i in range(3))
    count = n.sum(axis=1)
    residual = (positive - score) / np.where(count > 0, count, 1.0)[:, None]
    place = np.clip(score / np.where(n > 0, n, 1.0) * cells - 0.5, 0.0, cells - 1.0)
    left = np.minimum(place.astype(np.int64), cells - 2)
    share = place - left
    row = np.arange(len(sums))[:, None] * cells
    size = len(sums) * cells
    mass = np.bincount((row + left).ravel(), weights=(residual * (1 - share)).ravel(), minlength=size)
    mass += np.bincount((row + left + 1).ravel(), weights=(residual * share).ravel(), minlength=size)
    return count, np.asarray(mass.reshape(len(sums), cells), dtype=np.float64)


def reason(sums: Floats) -> str | None:
    """Why the error is undefined on one table."""
    empty = sums[: len(sums) // 3].sum() <= 0
    return "no_scores: no item has both a score and a reference" if empty else None


MEASURE = Measure(name="smooth_calibration_error", table="calibration", compute=compute, reason=reason)
