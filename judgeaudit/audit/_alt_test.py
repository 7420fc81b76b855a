"""The alternative annotator test of every judge: may it take a person's place?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from judgeaudit.audit._context import ANNOTATOR, MAX_CROSSED, Context
from judgeaudit.audit._estimate import from_draws
from judgeaudit.audit._rows import Row, draws_of
from judgeaudit.measures import alt_test_advantage_probability, alt_test_winning_rate
from judgeaudit.measures._alt_test import (
    EPSILON_OF,
    LEVEL,
    MIN_ANNOTATORS,
    MIN_ITEMS,
    STRICTEST,
    AnnotatorKind,
    OneAnnotator,
    Remaining,
    adjusted,
    better,
    of_annotator,
    remaining,
)
from judgeaudit.model import Estimate, number
from judgeaudit.references._reference import label_counts
from judgeaudit.sums.patterns import Ints, Patterns
from judgeaudit.table import Codes, Floats, LabelSet

WINNING = alt_test_winning_rate.MEASURE
ADVANTAGE = alt_test_advantage_probability.MEASURE
MAX_ANNOTATORS = 20
NAMED: Mapping[AnnotatorKind, str] = {"crowd": "crowd workers", "skilled": "skilled annotators", "expert": "experts"}
FIXED = "fixed_annotators: people are taken as fixed, so their share has no interval"
_ABSENT = 3
_ADDS = np.array([[0.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
"""By who is better (the person, neither, the judge, not all there): judge no worse, person no worse, items."""


def alt_test(context: Context) -> list[Estimate]:
    """Winning rate and advantage probability of every judge against the identified people, on the whole."""
    people = context.data.labels.get("human")
    if people is None:
        return []
    reason = _impossible(context, people)
    if reason:
        return [
            Estimate(measure=m.name, **_key(context, judge), reason=reason)
            for judge in context.own
            for m in (WINNING, ADVANTAGE)
        ]
    named = LabelSet(kind="human", annotators=people.annotators)
    counts = label_counts(named, len(context.offered), context.data.n)
    x = _numbers(context)
    others = {n: remaining(counts - _given(r.codes, counts.shape[1]), x) for n, r in people.annotators.items()}
    met = {n: (left, left.score(people.annotators[n].codes)) for n, left in others.items()}
    return [e for judge in context.own for e in _of_judge(context, judge, met)]


def _impossible(context: Context, people: LabelSet) -> str | None:
    count = len(people.annotators)
    if count < MIN_ANNOTATORS:
        votes = "; anonymous votes cannot be left out one person at a time" if people.votes is not None else ""
        return f"few_annotators: {count} identified annotators, fewer than {MIN_ANNOTATORS}{votes}"
    if count > MAX_ANNOTATORS:
        return f"many_annotators: {count} identified annotators, more than {MAX_ANNOTATORS}"
    if len(context.offered) > MAX_CROSSED:
        return f"too_many_values: the scale has {len(context.offered)} values, more than {MAX_CROSSED}"
    return None


def _key(context: Context, judge: str) -> dict[str, Any]:
    return {"rubric": context.rubric.name, "judge": judge, "reference": "human", "scale": "full", "slice": "all"}


def _given(codes: Codes, values: int) -> Codes:
    """(n, values) 1 where a person gave that value."""
    return np.asarray(codes[:, None] == np.arange(values), dtype=np.int32)


def _numbers(context: Context) -> Floats | None:
    """The values as numbers on an ordered scale (places where they are words), NaN for "cannot be judged"."""
    if context.rubric.level == "nominal":
        return None
    spelled = [None if v == context.rubric.cannot_judge else number(v) for v in context.offered]
    judged = [v != context.rubric.cannot_judge for v in context.offered]
    if any(x is None and on for x, on in zip(spelled, judged, strict=True)):
        spelled = [float(i) if on else None for i, on in enumerate(judged)]
    return np.array([np.nan if x is None else x for x in spelled])


def _of_judge(context: Context, judge: str, people: Mapping[str, tuple[Remaining, Floats]]) -> Iterator[Estimate]:
    """`people`: for each person those who are left without it, and its own score against them."""
    codes = context.judges[judge][0].codes
    kept: list[str] = []
    states = np.zeros(context.data.n, dtype=np.int64)
    for name, (left_over, own) in people.items():
        found = better(left_over.score(codes), own)
        if int((found != _ABSENT).sum()) >= MIN_ITEMS:
            states += found.astype(np.int64) << 2 * len(kept)
            kept.append(name)
    if not kept:
        reason = f"few_items: no annotator shares {MIN_ITEMS} items with the judge and another person"
        for measure in (WINNING, ADVANTAGE):
            yield Estimate(measure=measure.name, **_key(context, judge), reason=reason)
        return
    left = {"few_items": float(len(people) - len(kept))} if len(kept) < len(people) else {}
    row = _row(context, judge, states, kept)
    yield from _winning(context, judge, row, len(kept), left)
    yield from _advantage(context, judge, row, kept, left)


def _row(context: Context, judge: str, states: Ints, names: list[str]) -> Row:
    present, place = _numbered(states, 4 ** len(names))
    digits = present[:, None] // 4 ** np.arange(len(names)) % 4
    used = np.asarray((digits != _ABSENT).any(axis=1))[place]
    patterns = context.row_pools(
        context.slices[0], np.where(used, place, -1), _ADDS[digits].reshape(len(present), 3 * len(names))
    )
    return Row(
        key=_key(context, judge),
        name=f"{context.rubric.name}|{judge}|alt_test",
        patterns=patterns,
        shape=(3 * len(names),),
        distinct=None if context.texts is None else {"": context.distinct(context.slices[0], used) or 0},
    )


def _numbered(states: Ints, size: int) -> tuple[Ints, Ints]:
    """The states that occur and each item's place among them; without sorting where a table of all states is small."""
    if size > 1_000_000:
        present, place = np.unique(states, return_inverse=True)
        return present, place.astype(np.int64)
    there = np.bincount(states, minlength=size) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[states]


def _tests(row: Row, count: int) -> list[tuple[OneAnnotator, ...]]:
    return [
        tuple(of_annotator(Patterns(p.sums[:, 3 * h : 3 * h + 3], p.multiplicity)) for p in row.patterns)
        for h in range(count)
    ]


def _taken(context: Context) -> tuple[AnnotatorKind, float]:
    """The kind of annotator whose epsilon stands as the figure, and that epsilon."""
    kind = context.options.annotators or STRICTEST
    return kind, EPSILON_OF[kind]


def _why(context: Context, kind: AnnotatorKind) -> str:
    """Why an epsilon is tried."""
    if context.options.annotators is None and kind == STRICTEST:
        return "the default, of crowd workers and the strictest: it is not stated who the people are"
    return f"of {NAMED[kind]}{', as stated' if kind == context.options.annotators else ''}"


def _winning(context: Context, judge: str, row: Row, count: int, left: dict[str, float]) -> Iterator[Estimate]:
    found = _tests(row, count)
    own, _ = _taken(context)
    for kind, epsilon in EPSILON_OF.items():
        _, corrected = adjusted(found, epsilon)
        won = float(sum(p < LEVEL for p in corrected))
        yield Estimate(
            measure=WINNING.name,
            **_key(context, judge),
            against=None if kind == own else f"epsilon:{epsilon}",
            value=won / count,
            k=won,
            n=float(count),
            clusters=row.patterns[0].clusters,
            left_out=left,
            method=f"one-sided t-tests at epsilon {epsilon} ({_why(context, kind)}), Benjamini-Yekutieli over annotators at "
            f"{LEVEL}",
            reason=FIXED,
        )


def _advantage(context: Context, judge: str, row: Row, names: list[str], left: dict[str, float]) -> Iterator[Estimate]:
    """Of the judge over all people, then of each person with the test's p at the epsilon that is taken."""
    _, epsilon = _taken(context)
    table, drawn = (t.reshape(*t.shape[:-1], -1, 3) for t in (row.table, draws_of(row, context.options)))
    each, point = ADVANTAGE.compute(drawn), ADVANTAGE.compute(table)
    method = f"percentile bootstrap, {context.options.draws} draws of items or clusters, people fixed"
    e = from_draws(row, ADVANTAGE, float(point.mean()), each.mean(axis=-1), context.options, method=method)
    items = table[:, 2]
    yield replace(e, n=float(items.sum()), left_out=left)
    raw, corrected = adjusted(_tests(row, len(names)), epsilon)
    for h, name in enumerate(names):
        one = from_draws(row, ADVANTAGE, float(point[h]), each[..., h], context.options, method=method)
        yield replace(
            one,
            other=f"{ANNOTATOR}{name}",
            reference=None,
            n=float(items[h]),
            p_value=raw[h],
            p_adjusted=corrected[h],
            family=f"alt-test of {judge} at epsilon {epsilon}, all annotators (Benjamini-Yekutieli)",
        )
