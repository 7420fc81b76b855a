"""Cells of the simulation, one data set of each, and the values that its measures estimate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import NamedTuple, Protocol

import numpy as np

from judgeaudit.audit import Options
from judgeaudit.findings._thin import Rare
from judgeaudit.model import Estimate, Rubric
from judgeaudit.sums.patterns import Ints
from judgeaudit.table import NOT_ASKED, AuditInput, Codes, Floats, LabelSet, Ratings

SENSITIVITY, SPECIFICITY, MISSING, CORRELATION, FLIPS = 0.85, 0.90, 0.10, 0.3, 0.1
LEVELS = {1: ((0.65, 0.95), (0.5, 0.5), (0.2, 0.8)), 0: ((0.05, 0.35), (0.5, 0.5), (0.8, 0.2))}
"""For each verdict its two scores, and how often each is given on a negative and on a positive."""
LARGE = 400_000
RUBRIC = Rubric(name="r", values=("0", "1"), positive=("1",))
NOTHING_RARE = Rare(labels=None, answers=None)


class Design(NamedTuple):
    """What a cell simulates."""

    n: int
    prevalence: float
    size: int

    @property
    def text(self) -> str:
        """In words."""
        return f"{self.n}, {self.prevalence:g}, {self.size}"

    @property
    def clusters(self) -> Codes | None:
        """(n,) which cluster each item is of; None where each is its own."""
        if self.size == 1:
            return None
        return np.repeat(np.arange(self.n // self.size), self.size).astype(np.int32)


DESIGNS = tuple(Design(*d) for d in product((30, 100, 1000), (0.03, 0.3), (1, 10)))


class Shown(NamedTuple):
    """One interval of one data set under the name of its row, with what it should hold."""

    name: str
    estimate: Estimate
    truth: float
    rare: Rare = NOTHING_RARE


class Sets(Protocol):
    """A group of rows: what is simulated together."""

    def __call__(
        self, rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]
    ) -> Iterator[Shown]:
        """All intervals of one data set."""


def correlated(rng: np.random.Generator, rate: float | Floats, design: Design) -> Ints:
    """(n,) 0 or 1 with mean `rate`, correlated within clusters where they hold more than one item (beta-binomial)."""
    strength, count = (1 - CORRELATION) / CORRELATION, design.n // design.size
    given = np.broadcast_to(np.asarray(rate, dtype=np.float64), count)
    own = rng.beta(given * strength, (1 - given) * strength) if design.size > 1 else given
    return (rng.random(design.n) < np.repeat(own, design.size)).astype(np.int64)


def judged(rng: np.random.Generator, truth: Ints, design: Design, sensitivity: float, specificity: float) -> Ints:
    """(n,) verdicts with errors that are correlated within clusters."""
    missed, alarm = (correlated(rng, 1 - rate, design) for rate in (sensitivity, specificity))
    return np.where(truth == 1, 1 - missed, alarm)


def ratings(rng: np.random.Generator, name: str, verdict: Ints, scored: Floats | None = None) -> Ratings:
    """A rater's verdicts, a tenth of them missing."""
    missing = rng.random(len(verdict)) < MISSING
    codes = np.where(missing, -2, verdict).astype(np.int32)
    return Ratings(name=name, codes=codes, scores=None if scored is None else np.where(missing, np.nan, scored))


def named(name: str, codes: Ints) -> Ratings:
    """A rater's values as they are."""
    return Ratings(name=name, codes=codes.astype(np.int32))


def ids(design: Design) -> list[str]:
    """Names of the items."""
    return [str(i) for i in range(design.n)]


def scores(rng: np.random.Generator, verdict: Ints, truth: Ints) -> Floats:
    """(n,) a score for each verdict, by `LEVELS`."""
    upper = rng.random(len(truth)) < np.choose(
        verdict * 2 + truth, [LEVELS[v][1 + t][1] for v in (0, 1) for t in (0, 1)]
    )
    return np.where(upper, np.choose(verdict, [0.35, 0.95]), np.choose(verdict, [0.05, 0.65]))


def one_set(rng: np.random.Generator, design: Design, judges: int) -> AuditInput:
    """One data set: the first judge gives scores and, twice asked, contradicts itself on a tenth."""
    truth = correlated(rng, design.prevalence, design)
    made: dict[str, tuple[Ratings, ...]] = {}
    for name in "abc"[:judges]:
        verdict = judged(rng, truth, design, SENSITIVITY, SPECIFICITY)
        if made:
            made[name] = (ratings(rng, name, verdict),)
            continue
        again = np.where(rng.random(design.n) < FLIPS, 1 - verdict, verdict)
        made[name] = (ratings(rng, name, verdict, scores(rng, verdict, truth)), ratings(rng, name, again))
    return AuditInput(
        rubric=RUBRIC,
        item_ids=ids(design),
        judges=made,
        labels={"human": LabelSet(kind="human", annotators={"h": named("h", truth)})},
        clusters=design.clusters,
    )


def labelled_where(data: AuditInput, kept: Floats | Ints) -> AuditInput:
    """The same with labels only where `kept` is not 0."""
    person = data.labels["human"].annotators["h"]
    codes = np.where(kept, person.codes, NOT_ASKED).astype(np.int32)
    return replace(data, labels={"human": LabelSet(kind="human", annotators={"h": replace(person, codes=codes)})})


def joints(prevalence: float) -> tuple[Floats, Floats]:
    """Joint chances of a judge with the truth, and of two judges with each other."""
    given = np.array([[SPECIFICITY, 1 - SENSITIVITY], [1 - SPECIFICITY, SENSITIVITY]])
    prior = np.array([1 - prevalence, prevalence])
    return given * prior, (given * prior) @ given.T


def score_chances(prevalence: float) -> tuple[Floats, Floats]:
    """The four scores, rising, and (4, 2) their joint chances with the truth."""
    judge, _ = joints(prevalence)
    values = np.array([s for v in (0, 1) for s in LEVELS[v][0]])
    mass = np.array([[judge[v, t] * LEVELS[v][1 + t][i] for t in (0, 1)] for v in (0, 1) for i in (0, 1)])
    order = np.argsort(values)
    return values[order], mass[order]


def of_large(sets: Sets, prevalence: float, seed: int) -> dict[str, float]:
    """What the rows of a group come to on 400,000 independent items; their error is small beside any interval here."""
    rng = np.random.default_rng([seed, int(prevalence * 100)])
    options = Options(draws=100, verify=False)
    everything = sets(rng, Design(LARGE, prevalence, 1), options, _Anything())
    return {s.name: s.estimate.value for s in everything if s.estimate.value is not None}


class _Anything(dict[str, float]):
    """A truth for every name, where the truth is what is asked for."""

    def __missing__(self, key: str) -> float:
        return float("nan")

    def __contains__(self, key: object) -> bool:
        return True
