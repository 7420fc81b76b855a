"""Cohen's kappa, plain or weighted: agreement beyond what the two raters' own shares of each value would give by chance.

kappa = (po - pe) / (1 - pe), po the trace over n, pe the sum over values of the product of both shares. Range [-1, 1];
0: chance, 1: equal everywhere. It falls when one class is rare. Undefined (`one_class`) where the reference has one class
only; between two raters without a reference only where both give one and the same value. A judge that gives one value only,
against a reference of two, has kappa 0. Unweighted, unless `weights` says linear or quadratic: then near misses on an ordered
scale count in part, by the distance of the values' places on the scale.
Source: Cohen 1960, doi:10.1177/001316446002000104; weighted: Cohen 1968, doi:10.1037/h0026256.
"""

from collections.abc import Mapping

import numpy as np

from judgeaudit.measures._measure import Measure, no_items, one_class, ratio, undefined_where
from judgeaudit.measures._weights import WEIGHTINGS, Weighting, agreement_weights
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """Kappa of (..., V, V) tables; undefined where the columns (the reference) have one class only.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([[13.0, 0, 0], [0, 20, 7], [0, 4, 56]])
    >>> round(float(compute(t)), 3)  # literature value .796
    0.796
    """
    return undefined_where(between(t), (t.sum(axis=-2) > 0).sum(axis=-1) < 2)


def between(t: Floats) -> Floats:
    """Kappa of two raters neither of whom is the reference: the same from both sides.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([[5.0, 0.0], [3.0, 0.0]])  # the second rater gives one value only
    >>> float(between(t)), float(between(t.T))
    (0.0, 0.0)
    """
    n = t.sum(axis=(-2, -1))
    observed = np.trace(t, axis1=-2, axis2=-1) * n
    expected = (t.sum(axis=-1) * t.sum(axis=-2)).sum(axis=-1)
    return ratio(observed - expected, n * n - expected)


def weighted(t: Floats, weighting: Weighting) -> Floats:
    """Weighted kappa of two raters, (..., V, V) tables; the same from both sides.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([[40.0, 4, 4, 17], [6, 25, 2, 13], [4, 1, 21, 12], [15, 5, 9, 45]])
    >>> round(float(weighted(t, "quadratic")), 3), round(float(weighted(t, "linear")), 3)  # literature values .383, .407
    (0.383, 0.407)
    """
    distance = 1 - agreement_weights(t.shape[-1], weighting)
    expected = ((t.sum(axis=-1) @ distance) * t.sum(axis=-2)).sum(axis=-1)
    return 1 - ratio((t * distance).sum(axis=(-2, -1)) * t.sum(axis=(-2, -1)), expected)


def both_constant(t: Floats) -> str | None:
    """The reason where two raters give one and the same value everywhere."""
    if np.isnan(between(t)):
        return no_items(t) or "one_value: both raters give one and the same value everywhere"
    return None


MEASURE = Measure(name="cohen_kappa", table="confusion", scales=("binary", "full"), compute=compute, reason=one_class)
BETWEEN_RATERS = Measure(
    name="cohen_kappa", table="pair", scales=("binary", "full"), compute=between, reason=both_constant
)


def _weighted_measure(weighting: Weighting, *, reference: bool) -> Measure:
    def compute(t: Floats) -> Floats:
        value = weighted(t, weighting)
        return undefined_where(value, (t.sum(axis=-2) > 0).sum(axis=-1) < 2) if reference else value

    return Measure(
        name="cohen_kappa",
        table="two_raters",
        scales=("full",),
        compute=compute,
        reason=one_class if reference else both_constant,
        weights=weighting,
    )


WEIGHTED: Mapping[Weighting, Measure] = {w: _weighted_measure(w, reference=True) for w in WEIGHTINGS}
"""Against a reference."""
WEIGHTED_BETWEEN: Mapping[Weighting, Measure] = {w: _weighted_measure(w, reference=False) for w in WEIGHTINGS}
"""Between two raters."""
