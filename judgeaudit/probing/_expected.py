"""How wide the intervals of a stress test will be, before anything is judged."""

from __future__ import annotations

import numpy as np

from judgeaudit.engine.bases import Bases
from judgeaudit.probes._make import Design
from judgeaudit.probing._curve import fit
from judgeaudit.probing._share import expected_width

_SLOPE = 8.0


def expected(bases: Bases, design: Design) -> dict[str, float | None]:
    """Expected widths of the 95 % intervals, by what is estimated; None where there will be no interval.

    Shares: Wilson at 10 % and at 50 %, one probe a base, so the width where all variants of a base act alike. ED50: the
    curve fitted to simulated sound judges whose bases turn around dose 0.5 with a slope of 8, under this seed.
    """
    n = len(bases.chosen)
    least = min(bases.count(True), bases.count(False)) or n
    return {
        f"a share near 10 % of {n} texts": round(expected_width(0.1, n), 2),
        f"a share near 50 % of {n} texts": round(expected_width(0.5, n), 2),
        f"ED50 from {least} texts of one side": _ed50(least, design),
    }


def _ed50(n: int, design: Design) -> float | None:
    doses = np.array([0.0, *design.doses])
    rng = np.random.Generator(np.random.PCG64(design.seed))
    turns = 0.5 + rng.logistic(scale=1 / _SLOPE, size=n)
    changed = ((doses[None, :] >= turns[:, None]) & (doses[None, :] > 0)).astype(float)
    curve = fit(doses, changed, np.ones_like(changed), floor=0.0, draws=200, seed=design.seed, name="expected")
    if curve.low is None:
        return None
    return round((float(doses[-1]) if curve.high is None else curve.high) - curve.low, 2)
