"""Logistic regression of the reference on one covariate, for many tables at once: what Cox's recalibration rests on."""

import numpy as np
import numpy.typing as npt

from judgeaudit.table import Floats

LEAST_SCORE = 1e-6
"""Scores nearer to 0 or 1 than this are taken as this: the log-odds of 0 and 1 are infinite."""
_STEPS = 40
_CLOSE = 1e-9


def log_odds(scores: Floats) -> Floats:
    """Log-odds of scores in [0, 1], those nearer to an end than `LEAST_SCORE` pulled in.

    Examples
    --------
    >>> import numpy as np
    >>> np.round(log_odds(np.array([0.5, 0.9])), 4).tolist()
    [0.0, 2.1972]
    """
    inside = np.clip(scores, LEAST_SCORE, 1 - LEAST_SCORE)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def fit(n: Floats, positive: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Intercept and slope of greatest likelihood; NaN where there is none.

    Parameters
    ----------
    n, positive, x
        (R, B) items, positives among them (weights may be fractional) and covariate by bin; x of an empty bin is ignored.

    Returns
    -------
    (R,) intercepts and (R,) slopes; NaN where one class is absent, all x are equal or the classes do not overlap in x.
    """
    total = n.sum(axis=1)
    safe = np.where(total > 0, total, 1.0)
    centre = (n * x).sum(axis=1) / safe
    spread = np.sqrt((n * (x - centre[:, None]) ** 2).sum(axis=1) / safe)
    usable = overlapping(n, positive, x) & (spread > _CLOSE)
    z = np.where(n > 0, (x - centre[:, None]) / np.where(spread > _CLOSE, spread, 1.0)[:, None], 0.0)
    share = np.clip(positive.sum(axis=1) / safe, 1e-12, 1 - 1e-12)
    a, b = np.log(share / (1 - share)), np.zeros(len(n))
    done = ~usable
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(a[:, None] + b[:, None] * z, -35.0, 35.0)))
        w, r = n * p * (1 - p), positive - n * p
        g0, g1 = r.sum(axis=1), (r * z).sum(axis=1)
        h0, h1, h2 = w.sum(axis=1), (w * z).sum(axis=1), (w * z * z).sum(axis=1)
        det = h0 * h2 - h1 * h1
        good = ~done & (det > 0)
        down = np.where(good, det, 1.0)
        # Long steps are cut: from the null model Newton's first step can overshoot where nearly all is separated.
        da = np.clip(np.where(good, (h2 * g0 - h1 * g1) / down, 0.0), -3.0, 3.0)
        db = np.clip(np.where(good, (h0 * g1 - h1 * g0) / down, 0.0), -3.0, 3.0)
        a, b = a + da, b + db
        done = done | (good & (np.maximum(np.abs(da), np.abs(db)) < _CLOSE))
        if done.all():
            break
    found = usable & done
    slope = np.where(found, b / np.where(spread > _CLOSE, spread, 1.0), np.nan)
    return np.where(found, a - slope * centre, np.nan), slope


def overlapping(n: Floats, positive: Floats, x: Floats) -> npt.NDArray[np.bool_]:
    """(R,) whether the classes overlap in x, without which the likelihood has no maximum."""
    negative = n - positive
    low_p, high_p = _ends(positive, x)
    low_n, high_n = _ends(negative, x)
    return np.asarray((low_p < high_n) & (low_n < high_p))


def _ends(mass: Floats, x: Floats) -> tuple[Floats, Floats]:
    there = mass > _CLOSE
    return np.where(there, x, np.inf).min(axis=1, initial=np.inf), np.where(there, x, -np.inf).max(
        axis=1, initial=-np.inf
    )


def of_sums(sums: Floats) -> tuple[Floats, Floats]:
    """Intercept and slope on the log-odds of the scores from (..., 3 * B) items, sums of scores, positives."""
    lead, bins = sums.shape[:-1], sums.shape[-1] // 3
    n, score, positive = (sums[..., i * bins : (i + 1) * bins].reshape(int(np.prod(lead)), bins) for i in range(3))
    mean = np.where(n > 0, score / np.where(n > 0, n, 1.0), 0.5)
    a, b = fit(n, positive, log_odds(mean))
    return a.reshape(lead), b.reshape(lead)


def reason(sums: Floats) -> str | None:
    """Why neither exists on one table."""
    bins = len(sums) // 3
    n, score, positive = sums[:bins], sums[bins : 2 * bins], sums[2 * bins :]
    if n.sum() <= 0:
        return "no_scores: no item has both a score and a reference"
    if positive.sum() <= 0 or (n - positive).sum() <= 0:
        return "one_class: the reference has one class only"
    used = n > 0
    mean = score[used] / n[used]
    if np.ptp(mean) <= _CLOSE:
        return "constant_score: all scores are equal"
    end = n[used][(mean <= LEAST_SCORE) | (mean >= 1 - LEAST_SCORE)].sum()
    if end > n.sum() / 2:
        return "scores_at_the_ends: over half of the scores are 0 or 1, which have no log-odds"
    if np.isnan(of_sums(sums)[1]):
        return "separated: the scores of positives and negatives do not overlap, so that every slope is too small"
    return None


def unless(sums: Floats, values: Floats) -> Floats:
    """Values of one table are NaN exactly where there is a reason; draws are taken as they are."""
    return np.asarray(np.nan) if sums.ndim == 1 and reason(sums) else values
