"""The human ceiling: each person, and each judge, against the majority of the other people; and the judge's place in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from judgeaudit.audit._agreement_more import in_family
from judgeaudit.audit._context import ANNOTATOR, Context
from judgeaudit.audit._estimate import estimates_of
from judgeaudit.audit._judges import OTHERS, against_row, joints, measures_on
from judgeaudit.audit._rows import Row
from judgeaudit.measures import ceiling_difference
from judgeaudit.model import Estimate
from judgeaudit.references import majority, median
from judgeaudit.references._reference import Reference
from judgeaudit.sums.sign_flips import difference_exact
from judgeaudit.table import LabelSet

MIN_ANNOTATORS = 3
SHOWN = frozenset({"accuracy", "cohen_kappa"})


def ceiling(context: Context) -> list[Estimate]:
    """Accuracy and kappa of each annotator against the others, and of each judge against the very same references.

    Only with at least 3 identified people: with 2 the other one alone would be the reference.
    """
    people = context.data.labels.get("human")
    if people is None or len(people.annotators) < MIN_ANNOTATORS:
        return []
    out: list[Estimate] = []
    for scale in context.crossed:
        measures = [m for m in measures_on("confusion", scale) if m.name in SHOWN]
        out += estimates_of(list(_rows(context, people, scale)), measures, context.options)
    return [*out, *_places(context, out), *_differences(context, people)]


def _places(context: Context, found: Sequence[Estimate]) -> Iterator[Estimate]:
    """For each judge how many people it equals or beats in accuracy against the other people."""
    scale = context.crossed[0]
    accuracy = {(e.reference_rule, e.judge): e.value for e in found if e.measure == "accuracy" and e.scale == scale}
    for judge in context.own:
        pairs = [
            (accuracy.get((rule, judge)), value)
            for (rule, rater), value in accuracy.items()
            if rater == f"{ANNOTATOR}{str(rule).removeprefix(OTHERS)}" and value is not None
        ]
        met = [(own, value) for own, value in pairs if own is not None]
        k, n = float(sum(own >= value for own, value in met)), float(len(met))
        yield Estimate(
            measure="ceiling_place",
            rubric=context.rubric.name,
            judge=judge,
            reference="human",
            scale=scale,
            value=k / n if n else None,
            n=n,
            k=k if n else None,
            method="people whose accuracy against the other people is not above the judge's, same references"
            if n
            else "",
            reason="fixed_annotators: people are taken as fixed, so their share has no interval"
            if n
            else "no_items: no person and judge were both held against the other people",
        )


def _differences(context: Context, people: LabelSet) -> list[Estimate]:
    """Each judge's accuracy less each person's, both against the majority of the other people: paired, Holm over all."""
    scale, part = context.crossed[0], context.slices[0]
    size, rows = context.size(scale), []
    for name, ratings in people.annotators.items():
        reference = _others(context, people, name)
        truth, person = context.on_scale(reference.codes, scale), context.on_scale(ratings.codes, scale)
        for judge in context.own:
            own = context.padded[scale, judge]
            there = (truth < size) & (person < size) & (own < size)
            right, met = (np.where(there, c == truth, 2).astype(np.int8) for c in (own, person))
            patterns = context.two_way(part, right, met, 2)
            left = context.left(part, patterns[0])
            rows.append(
                Row(
                    key={
                        "rubric": context.rubric.name,
                        "judge": judge,
                        "other": f"{ANNOTATOR}{name}",
                        "reference_rule": reference.rule,
                        "scale": scale,
                        "slice": "all",
                    },
                    name=f"{context.rubric.name}|{judge}|{reference.rule}|ceiling|{scale}",
                    patterns=patterns,
                    shape=(2, 2),
                    left_out={"not_both": left} if left else {},
                    distinct=None if context.texts is None else {"": context.distinct(part, there) or 0},
                )
            )
    found = estimates_of(rows, [ceiling_difference.MEASURE], context.options)
    tested = [
        replace(e, p_value=max(difference_exact(p.sums[:, 2] - p.sums[:, 1], p.multiplicity) for p in row.patterns))
        if e.value is not None
        else e
        for row, e in zip(rows, found, strict=True)
    ]
    return in_family(tested, "judges against people in the ceiling (Holm)")


def _others(context: Context, people: LabelSet, name: str) -> Reference:
    others = replace(people, annotators={k: v for k, v in people.annotators.items() if k != name})
    rule = majority if context.rubric.level == "nominal" else median
    return Reference(
        kind="human", rule=f"{OTHERS}{name}", codes=rule.resolve(others, context.rubric, context.data.n, "")
    )


def _rows(context: Context, people: LabelSet, scale: str) -> Iterator[Row]:
    own = {judge: context.judges[judge][0] for judge in context.own}
    for name, ratings in people.annotators.items():
        reference = _others(context, people, name)
        truth = context.on_scale(reference.codes, scale)
        for rater, given in {f"{ANNOTATOR}{name}": ratings, **own}.items():
            padded = context.padded[scale, rater] if rater in own else context.on_scale(given.codes, scale)
            joint = next(joints(context, given, reference, context.slices[:1]))
            yield against_row(context, rater, padded, reference, truth, scale, joint)
