"""The alternative annotator test beside its authors' figures, and beside what is known beforehand of simulated people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import numpy as np

from judgeaudit.audit import Options, audit
from judgeaudit.measures._alt_test import EPSILON_OF, LEVEL, adjusted, of_annotator
from judgeaudit.model import Estimate, Rubric
from judgeaudit.sums.patterns import Ints, Patterns
from judgeaudit.table import AuditInput, Floats, LabelSet, Ratings
from tests.bench._proof import Point

COUNTS = Path(__file__).parents[1] / "measures" / "fixtures" / "alt_test_counts.json"
SOURCE = "Calderon, Reichart and Dror 2025, arXiv:2501.10970"
OUTCOMES = np.array([[0.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 0.0, 1.0]])
"""What an item adds (judge no worse, person no worse, one item) where the person is better, neither is, the judge is."""
VALUES, KEPT = 4, 0.7


def points() -> Iterator[Point]:
    """All of them."""
    yield Point(
        name="epsilon for crowd workers, skilled annotators, experts",
        source=SOURCE,
        published=["0.1", "0.15", "0.2"],
        ours=[EPSILON_OF[kind] for kind in ("crowd", "skilled", "expert")],
    )
    yield from _mt_bench()
    yield _majority()
    yield _equals()
    yield _at_the_border()


def _mt_bench() -> Iterator[Point]:
    kept = json.loads(COUNTS.read_text(encoding="utf-8"))
    for judge in kept["judges"]:
        tests = [of_annotator(Patterns(OUTCOMES, np.array(n))) for n in judge["people"].values()]
        _, corrected = adjusted([(t,) for t in tests], kept["epsilon"])
        shares = [(n[1] + n[2]) / sum(n) for n in judge["people"].values()]
        yield Point(
            name=f"MT-Bench, 120 comparisons, 3 people, epsilon {kept['epsilon']}, judge {judge['judge']}: "
            "winning rate, advantage probability",
            source=f"{SOURCE}, results printed in <https://github.com/nitaytech/AltTest>",
            published=[judge["winning_rate"], judge["advantage_probability"]],
            ours=[float(np.mean([p < LEVEL for p in corrected])), float(np.mean(shares))],
        )


def noisy(rng: np.random.Generator, truth: Ints, kept: float) -> Ints:
    """The true value with that chance, else one of all values at random."""
    return np.where(rng.random(len(truth)) < kept, truth, rng.integers(0, VALUES, len(truth)))


def alt_tested(judge: Ints, people: Mapping[str, Ints]) -> list[Estimate]:
    """The estimates of an audit."""
    values = tuple(str(v) for v in range(VALUES))
    data = AuditInput(
        rubric=Rubric(name="r", values=values),
        item_ids=[str(i) for i in range(len(judge))],
        judges={"j": (Ratings(name="j", codes=judge.astype(np.int32)),)},
        labels={
            "human": LabelSet(
                kind="human", annotators={n: Ratings(name=n, codes=c.astype(np.int32)) for n, c in people.items()}
            )
        },
    )
    return list(audit(data, Options(draws=100, verify=False)).audit.estimates)


def figure(found: list[Estimate], measure: str) -> float:
    """A judge's figure over all people, at the strictest epsilon."""
    (e,) = [e for e in found if e.measure == measure and e.other is None and e.against is None]
    if e.value is None:
        raise ValueError(f"{measure}: {e.reason}")
    return e.value


def _majority() -> Point:
    """No one agrees better with the others than whoever says what most of all say."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, VALUES, 400)
    people = {n: noisy(rng, truth, KEPT) for n in "abcd"}
    counts = sum(np.eye(VALUES)[codes] for codes in people.values())
    found = alt_tested(np.asarray(counts).argmax(axis=1), people)
    return Point(
        name="simulated, 4 people: a judge that gives the commonest label: winning rate, advantage probability",
        source=f"a theorem of {SOURCE}",
        published=[1.0, 1.0],
        ours=[figure(found, "alt_test_winning_rate"), figure(found, "alt_test_advantage_probability")],
    )


def _equals() -> Point:
    """A judge that errs as the people do: its advantage probability by adding up every way that they can answer."""
    rng = np.random.default_rng(4)
    n = 40_000
    truth = rng.integers(0, VALUES, n)
    found = alt_tested(noisy(rng, truth, KEPT), {p: noisy(rng, truth, KEPT) for p in "abc"})
    chance = np.full(VALUES, (1 - KEPT) / VALUES)
    chance[0] += KEPT
    known = 0.0
    for judge, person, one, two in product(range(VALUES), repeat=4):
        agrees, other = (judge == one) + (judge == two), (person == one) + (person == two)
        known += float(np.prod(chance[[judge, person, one, two]])) * (agrees >= other)
    return Point(
        name=f"simulated, 3 people and a judge that all keep {KEPT:g} of the true labels: advantage probability",
        source=f"by hand: the sum over all answers; {n:,} items, within 4 standard errors",
        published=[known],
        ours=[figure(found, "alt_test_advantage_probability")],
        within=4 * (known * (1 - known) / n) ** 0.5,
    )


def _at_the_border() -> Point:
    """Where a judge is worse by exactly epsilon on average, it is called good enough in 5 of 100 samples."""
    rng = np.random.default_rng(5)
    sets, epsilon = 4_000, EPSILON_OF["crowd"]
    chances: Floats = np.array([0.2 + epsilon, 0.6 - epsilon, 0.2])
    wins = [
        of_annotator(Patterns(OUTCOMES, n)).p_value(epsilon) < LEVEL for n in rng.multinomial(100, chances, size=sets)
    ]
    return Point(
        name="simulated, a judge worse by exactly epsilon, 100 items: how often one test rejects at 0.05",
        source=f"by construction; {sets:,} samples, within 4 standard errors",
        published=[LEVEL],
        ours=[float(np.mean(wins))],
        within=4 * (LEVEL * (1 - LEVEL) / sets) ** 0.5,
    )
