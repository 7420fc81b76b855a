"""Rates of positive verdicts by run and checkpoint, in the data and in resamples of the prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgeaudit.conclusions._study import NEGATIVE, NOT_ASKED, POSITIVE, Bools, Index, Judge, Study, Verdicts
from judgeaudit.measures import prevalence_corrected
from judgeaudit.sums.resample import generator
from judgeaudit.table import Floats

DROP, SAFE, HARMFUL, AS_JUDGED = "drop", "safe", "harmful", "as judged"
HANDLINGS = (DROP, SAFE, HARMFUL)
"""What becomes of degenerate outputs: left out, counted safe, counted harmful."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Weighted counts of one rater in one benchmark, by place (run and checkpoint).

    Parameters
    ----------
    positive, negative
        (1 + draws, G) outputs that are not degenerate, by their verdict; row 0 in the data.
    degenerate
        (1 + draws, G) degenerate outputs that the rater was asked about, whatever it said.
    scored, gibberish
        (G,) plain numbers of outputs behind these sums.
    prompts
        Number of prompts that are resampled.
    """

    positive: Floats
    negative: Floats
    degenerate: Floats
    scored: Index
    gibberish: Index
    prompts: int

    def rate(self, handling: str) -> Floats:
        """(1 + draws, G) share of positive outputs; NaN where there is none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self._harm(self.positive, handling) / self._all(handling))

    def true_share(self, labelled: Floats) -> Floats:
        """(1 + draws, G) share of positives among outputs that are not degenerate, corrected for the judge's errors.

        By `judgeaudit.measures.prevalence_corrected` (Rogan and Gladen 1978); NaN where it is undefined.

        Parameters
        ----------
        labelled
            (1 + draws, 4) labelled outputs by verdict and label, see `labelled_of`.
        """
        table = np.zeros((*self.positive.shape, 8))
        table[..., :4] = labelled[:, None, :]
        table[..., 4], table[..., 5] = self.negative, self.positive
        with np.errstate(invalid="ignore", divide="ignore"):
            return prevalence_corrected.compute(table)

    def corrected(self, handling: str, true: Floats) -> Floats:
        """The rate with the true share in the place of the judged one.

        What is done with degenerate outputs is a decision and no verdict: it is not corrected.
        """
        judged = self.positive + self.negative
        with np.errstate(invalid="ignore", divide="ignore"):
            harm = np.where(judged > 0, true * judged, 0.0)
            return np.asarray(self._harm(harm, handling) / self._all(handling))

    def n(self, handling: str) -> Index:
        """(G,) outputs in the denominator."""
        return self.scored if handling in (DROP, AS_JUDGED) else self.scored + self.gibberish

    def _harm(self, positive: Floats, handling: str) -> Floats:
        return positive + self.degenerate if handling == HARMFUL else positive

    def _all(self, handling: str) -> Floats:
        judged = self.positive + self.negative
        return judged if handling in (DROP, AS_JUDGED) else judged + self.degenerate


@dataclass(frozen=True, slots=True, kw_only=True)
class Resamples:
    """Prompts of each benchmark drawn with replacement: (1 + draws, prompts) counts, row 0 is the data."""

    prompts: Mapping[int, Index]
    counts: Mapping[int, Floats]


def places_of(study: Study) -> tuple[list[tuple[int, int]], Index]:
    """All (run, checkpoint) pairs with outputs, and for each output which one it is of."""
    keys = np.stack([study.run, study.checkpoint], axis=1)
    places, group = np.unique(keys, axis=0, return_inverse=True)
    return [(int(r), int(c)) for r, c in places], group.reshape(-1).astype(np.int64)


def resamples(study: Study, draws: int, seed: int) -> Resamples:
    """Draw the prompts of each benchmark; the same draws serve every run and judge, so that comparisons are paired."""
    prompts, counts = {}, {}
    for code, name in enumerate(study.benchmarks):
        own = np.unique(study.prompt[study.benchmark == code])
        drawn = np.ones((draws + 1, len(own)))
        share = np.full(len(own), 1 / len(own))
        drawn[1:] = generator(seed, f"prompts:{name}").multinomial(len(own), share, size=draws)
        prompts[code], counts[code] = own, drawn
    return Resamples(prompts=prompts, counts=counts)


def sums_of(
    study: Study,
    group: Index,
    drawn: Resamples,
    verdicts: Verdicts,
    weights: Floats | None,
    benchmarks: Sequence[int],
    *,
    handled: bool = True,
) -> Sums:
    """One rater's sums over some benchmarks.

    Parameters
    ----------
    benchmarks
        Of several, each place is left out that the rater was not asked about in all of them.
    handled
        False: degenerate outputs are taken by their verdicts as any other.
    """
    size = int(group.max()) + 1
    gibberish = study.degenerate if handled and study.degenerate is not None else np.zeros(study.n, dtype=np.bool_)
    inside = np.isin(study.benchmark, benchmarks)
    asked = inside & (verdicts != NOT_ASKED)
    if len(benchmarks) > 1:
        # A place without outputs of one benchmark is not compared on all: the difference would be one of the benchmarks.
        counted = [_count(group, asked & (study.benchmark == b), size) > 0 for b in benchmarks]
        asked &= np.all(counted, axis=0)[group]
    masks = {
        "positive": asked & ~gibberish & (verdicts == POSITIVE),
        "negative": asked & ~gibberish & (verdicts == NEGATIVE),
        "degenerate": asked & gibberish,
    }
    totals = {name: _drawn(study, group, size, drawn, mask, weights, benchmarks) for name, mask in masks.items()}
    return Sums(
        positive=totals["positive"],
        negative=totals["negative"],
        degenerate=totals["degenerate"],
        scored=_count(group, masks["positive"] | masks["negative"], size),
        gibberish=_count(group, masks["degenerate"], size),
        prompts=sum(len(drawn.prompts[b]) for b in benchmarks),
    )


def labelled_of(study: Study, drawn: Resamples, judge: Judge, benchmarks: Sequence[int]) -> Floats:
    """(1 + draws, 4) outputs that are not degenerate by verdict and label: (-, -), (-, +), (+, -), (+, +).

    Over all runs: the judge's errors are taken to be the same in each.
    """
    out = np.zeros((next(iter(drawn.counts.values())).shape[0], 4))
    if study.truth is None:
        return out
    gibberish = study.degenerate if study.degenerate is not None else np.zeros(study.n, dtype=np.bool_)
    none = np.zeros(study.n, dtype=np.int64)
    for cell, (said, true) in enumerate(
        ((NEGATIVE, NEGATIVE), (NEGATIVE, POSITIVE), (POSITIVE, NEGATIVE), (POSITIVE, POSITIVE))
    ):
        mask = ~gibberish & (judge.verdicts == said) & (study.truth == true)
        out[:, cell] = _drawn(study, none, 1, drawn, mask, judge.weights, benchmarks)[:, 0]
    return out


def _count(group: Index, mask: Bools, size: int) -> Index:
    return np.bincount(group[mask], minlength=size).astype(np.int64)


def _drawn(
    study: Study,
    group: Index,
    size: int,
    drawn: Resamples,
    mask: Bools,
    weights: Floats | None,
    benchmarks: Sequence[int],
) -> Floats:
    rows = next(iter(drawn.counts.values())).shape[0]
    out = np.zeros((rows, size))
    for code in benchmarks:
        own = np.flatnonzero(mask & (study.benchmark == code))
        prompts = drawn.prompts[code]
        cell = np.searchsorted(prompts, study.prompt[own]) * size + group[own]
        factor = None if weights is None else weights[own]
        table = np.bincount(cell, weights=factor, minlength=len(prompts) * size)
        out += drawn.counts[code] @ table.reshape(len(prompts), size).astype(np.float64)
    return out
