"""How nearly two values agree: weights of 1 on the diagonal that fall with the distance of the values' places.

Source: Cohen 1968, doi:10.1037/h0026256 (as agreement instead of disagreement).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from judgeaudit.table import Floats

Weighting = Literal["linear", "quadratic"]
WEIGHTINGS: tuple[Weighting, ...] = ("linear", "quadratic")


def agreement_weights(values: int, weighting: Weighting | None) -> Floats:
    """(V, V) weights: 1 - |i - j| / (V - 1), or that distance squared; None: the identity.

    Places on the scale are compared, not the numbers that its values spell.

    Examples
    --------
    >>> agreement_weights(3, "linear").tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    >>> agreement_weights(3, "quadratic")[0].tolist(), agreement_weights(2, None)[0].tolist()
    ([1.0, 0.75, 0.0], [1.0, 0.0])
    """
    if weighting is None or values < 2:
        return np.eye(values)
    place = np.arange(values, dtype=np.float64)
    distance = np.abs(place[:, None] - place[None, :]) / (values - 1)
    return np.asarray(1 - (distance if weighting == "linear" else distance**2))
