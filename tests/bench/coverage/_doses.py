"""Probes: the dose at which half of the verdicts have changed, and shares of changed verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from judgeaudit.audit import Options
from judgeaudit.model import Estimate
from judgeaudit.probing._curve import fit
from judgeaudit.probing._share import share
from tests.bench.coverage._design import MISSING, Design, Shown, correlated

DOSES = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
CENTRE, SLOPE, LAPSE = 0.47, 10.0, 0.1
"""The curve; the guess rate is the cell's prevalence, and the lapse rate is at least that, as the fit says."""


def doses(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """A base changes its verdict at a threshold of its own; with clusters each is asked twice at every dose."""
    guess, lapse = design.prevalence, max(LAPSE, design.prevalence)
    count = design.n // design.size
    own = rng.logistic(CENTRE, 1 / SLOPE, count)
    often = np.zeros((count, len(DOSES)), dtype=np.int64)
    if design.size == 1:
        often[np.arange(count), rng.integers(len(DOSES), size=count)] = 1
    else:
        often += design.size // len(DOSES)
    asked = rng.binomial(often, 1 - MISSING)
    changed = rng.binomial(asked, np.where(own[:, None] <= DOSES, 1 - lapse, guess))
    curve = fit(
        DOSES, changed.astype(float), asked.astype(float), floor=guess, draws=options.draws, seed=options.seed, name="s"
    )
    high = 2.0 if curve.high_open else curve.high  # an open end holds everything above dose 1
    why = curve.reason or (None if curve.low is not None else curve.note or "above dose 1")
    low = None if curve.reason else curve.low
    e = Estimate(measure="ed50", rubric="r", value=curve.ed50, low=low, high=high, n=float(asked.sum()), reason=why)
    yield Shown("ed50", e, ed50(guess, lapse))


def shares(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """The share of probes on which a verdict changed, clusters being the bases."""
    kept = rng.random(design.n) >= MISSING
    hits = correlated(rng, design.prevalence, design)[kept] == 1
    base = np.arange(design.n)[kept] // design.size
    found = share(hits.tolist(), [str(b) for b in base], [str(i) for i in range(len(base))])
    e = Estimate(
        measure="share_of_probes", rubric="r", value=found.value, low=found.low, high=found.high, n=found.n,
        clusters=found.clusters, reason=found.reason,
    )  # fmt: skip
    yield Shown("share of changed verdicts on probes", e, design.prevalence)


def ed50(guess: float, lapse: float) -> float:
    """Where guess + (1 - guess - lapse) / (1 + exp(-s (x - c))) is one half; thresholds that are logistic give that curve."""
    return CENTRE + float(np.log((0.5 - guess) / (0.5 - lapse))) / SLOPE
