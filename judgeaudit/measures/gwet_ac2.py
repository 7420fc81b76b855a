"""Gwet's AC2: AC1 where near misses count in part, steady where one value is rare.

AC2 = (po - pe) / (1 - pe), po the share of agreement under linear or quadratic weights w (`weights`), pe = sum of all w times
sum of p (1 - p) over V (V - 1), p the mean share of a value over the raters. Range up to 1, 1: equal everywhere. Without weights
it is AC1, under whose name (`gwet_ac1`) it stands. Undefined without items, and (`one_value`) on a scale of one value.
Source: Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, chapter 4; Gwet 2008, doi:10.1348/000711006X126600.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from judgeaudit.measures._group import beyond_chance, group_measure, mean_shares, observed_share
from judgeaudit.measures._measure import Measure, no_items
from judgeaudit.measures._weights import WEIGHTINGS, Weighting, agreement_weights
from judgeaudit.table import Floats


def weighted(t: Floats, weighting: Weighting | None) -> Floats:
    """AC2 of (..., V, V) tables.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([[13.0, 0, 0], [0, 20, 7], [0, 4, 56]])
    >>> round(float(weighted(t, "quadratic")), 3), round(float(weighted(t, None)), 3)  # literature values .940, .849
    (0.94, 0.849)
    """
    return beyond_chance(observed_share(t, weighting), _chance(mean_shares(t), weighting))


def _chance(share: Floats, weighting: Weighting | None) -> Floats:
    v = share.shape[-1]
    total = float(agreement_weights(v, weighting).sum())
    # A scale of one value leaves nothing to agree on.
    return (share * (1 - share)).sum(axis=-1) * total / (v * (v - 1)) if v > 1 else np.ones(share.shape[:-1])


def reason(t: Floats) -> str | None:
    """Why AC2 is undefined on one table."""
    return no_items(t) or ("one_value: the scale has one value only" if t.shape[-1] < 2 else None)


def _of_pair(weighting: Weighting) -> Measure:
    def compute(t: Floats) -> Floats:
        return weighted(t, weighting)

    return Measure(
        name="gwet_ac2", table="two_raters", scales=("full",), compute=compute, reason=reason, weights=weighting
    )


def _of_group(name: str, weighting: Weighting | None) -> Measure:
    def chance(share: Floats) -> Floats:
        return _chance(share, weighting)

    return replace(group_measure(name, chance), weights=weighting)


BY_WEIGHTS: Mapping[Weighting, Measure] = {w: _of_pair(w) for w in WEIGHTINGS}
OF_GROUP: Mapping[Weighting, Measure] = {w: _of_group("gwet_ac2", w) for w in WEIGHTINGS}
AC1_OF_GROUP = _of_group("gwet_ac1", None)
MEASURE = BY_WEIGHTS["quadratic"]
