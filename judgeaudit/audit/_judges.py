"""Judges held against references, and what each judge says without one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from judgeaudit import kinds
from judgeaudit.audit._agreement_more import against_reference
from judgeaudit.audit._context import MAX_CROSSED, Context, Small
from judgeaudit.audit._estimate import estimates_of
from judgeaudit.audit._rows import Row
from judgeaudit.measures._measure import ANSWER_ABSTAINED, ANSWER_POSITIVE, Measure, TableKind
from judgeaudit.model import LABEL_KINDS, Estimate
from judgeaudit.references._reference import Reference
from judgeaudit.slices import Slice
from judgeaudit.sums.patterns import Ints, counted
from judgeaudit.table import CODE_STATUSES, NOT_ASKED, Floats, Ratings

_STATUSES = len(CODE_STATUSES)
ON_MODES = frozenset({"accuracy", "false_positive_rate", "false_negative_rate"})
"""What a judge gets on single modes: shares in closed form. Kappa and the like of some 30 modes say little and are drawn."""
OTHERS = "others_than:"
"""The rule of a reference that is the majority (of ordered scales the median) of all people but one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Counts of one judge against one reference on one slice.

    Parameters
    ----------
    counts
        (statuses + values, 2 + values): rows are the judge's statuses (code -8 first) then values; columns unresolved, no
        label, then the reference's values. Of very many values there are three: negative, positive, outside both.
    binary
        (values,) 0, 1 or -1 for each of the table's values; None: no binary measures.
    """

    part: Slice
    counts: Floats
    binary: npt.NDArray[np.int8] | None

    @property
    def confusion(self) -> Floats:
        """(values, values) items with both."""
        return self.counts[_STATUSES:, 2:]

    @property
    def unscored(self) -> Floats:
        """(values,) items that the judge was asked about without a verdict, by reference value."""
        return np.asarray(self.counts[: _STATUSES + NOT_ASKED, 2:].sum(axis=0))

    def left_out(self) -> dict[str, float]:
        """Items of the slice that are not in the confusion table, by the first reason that holds."""
        reasons = {str(CODE_STATUSES[row - _STATUSES]): float(self.counts[row].sum()) for row in range(_STATUSES)}
        reasons["reference_unresolved"] = float(self.counts[_STATUSES:, 0].sum())
        reasons["no_label"] = float(self.counts[_STATUSES:, 1].sum())
        return {reason: count for reason, count in reasons.items() if count > 0}


@cache
def measures_on(table: TableKind, scale: str | None = None) -> tuple[Measure, ...]:
    """All measures of a table kind (and scale), each from its own file."""
    found = [module.MEASURE for module in kinds.load_all("judgeaudit.measures")]
    return tuple(m for m in found if m.table == table and (scale is None or scale in m.scales))


def joints(context: Context, ratings: Ratings, reference: Reference, slices: Sequence[Slice]) -> Iterator[Joint]:
    """Counts of a judge against a reference on each of the slices."""
    values, binary = len(context.offered), context.binary
    given, truth = ratings.codes, reference.codes
    if values > MAX_CROSSED:
        to = np.full(values, -1, dtype=np.int8) if binary is None else binary
        given, truth = (np.where(c >= 0, to[np.maximum(c, 0)] % 3, c) for c in (given, truth))
        values, binary = 3, None if binary is None else np.array([0, 1, -1], dtype=np.int8)
    width = values + 2
    cell = (given + _STATUSES) * width + (truth + 2)
    weights = context.data.weights
    size = (values + _STATUSES) * width
    for part in slices:
        inside = cell if part.name == "all" else cell[part.items]
        own = None if weights is None else weights[part.items]
        yield Joint(part=part, counts=counted(inside, size, own).reshape(-1, width), binary=binary)


def against_references(context: Context) -> list[Estimate]:
    """Every judge on every slice and scale, for each kind of reference."""
    out: list[Estimate] = []
    for kind in (k for k in LABEL_KINDS if k in context.references):
        for judge in context.judges:
            out.extend(_against(context, judge, context.references[kind]))
    return out


def _against(context: Context, judge: str, reference: Reference) -> Iterator[Estimate]:
    ratings = context.judges[judge][0]
    found = [j for j in joints(context, ratings, reference, context.slices) if _shown(context, judge, j)]
    for scale in (s for s in context.scales if s not in context.crossed):
        yield from _too_many(context, judge, reference, scale)
    for scale in context.crossed:
        truth = context.on_scale(reference.codes, scale)
        own = context.padded[scale, judge]
        rows = [against_row(context, judge, own, reference, truth, scale, joint) for joint in found]
        measures = measures_on("confusion", scale)
        yield from estimates_of([r for r in rows if not _single(r)], measures, context.options)
        on_modes = [m for m in measures if m.name in ON_MODES]
        yield from estimates_of([r for r in rows if _single(r)], on_modes, context.options)
        yield from against_reference(context, rows, scale)


def _single(row: Row) -> bool:
    return str(row.key["slice"]).startswith("mode=")


def _too_many(context: Context, judge: str, reference: Reference, scale: str) -> Iterator[Estimate]:
    reason = f"too_many_values: the scale has {len(context.offered)} values, more than {MAX_CROSSED}"
    for measure in measures_on("confusion", scale):
        yield Estimate(
            measure=measure.name,
            **_judge_key(context, judge),
            reference=reference.kind,
            reference_rule=reference.rule,
            scale=scale,
            reason=reason,
        )


def _shown(context: Context, judge: str, joint: Joint) -> bool:
    """Baselines stand on the whole, on coherence, and nowhere else; a judge stands wherever it was asked."""
    if context.info[judge].baseline:
        return joint.part.name == "all" or (joint.part.name.startswith("coherence=") and "&" not in joint.part.name)
    return bool(joint.counts[: _STATUSES + NOT_ASKED].sum() + joint.counts[_STATUSES:].sum() > 0)


def against_row(
    context: Context, judge: str, own: Small, reference: Reference, truth: Small, scale: str, joint: Joint
) -> Row:
    """The table of a rater's padded codes against a reference's on one slice and scale, with what is left out and why."""
    part, size = joint.part, context.size(scale)
    suffix = f"|{reference.rule}" if reference.rule.startswith(OTHERS) else ""
    left_out, unscored = joint.left_out(), None
    if scale == "binary":
        assert joint.binary is not None
        kept = joint.binary >= 0
        abstained = float(joint.confusion[~kept].sum())
        outside = float(joint.confusion[kept][:, ~kept].sum())
        left_out |= {k: v for k, v in (("abstained", abstained), ("reference_abstained", outside)) if v > 0}
        unscored = (float(joint.unscored[joint.binary == 0].sum()), float(joint.unscored[joint.binary == 1].sum()))
    patterns = context.two_way(part, own, truth, size)
    return Row(
        key={
            **_judge_key(context, judge),
            "reference": reference.kind,
            "reference_rule": reference.rule,
            "scale": scale,
            "slice": part.name,
        },
        name=f"{context.rubric.name}|{judge}|{reference.kind}{suffix}|{scale}|{part.name}",
        patterns=patterns,
        shape=(size, size),
        left_out=left_out,
        unscored=unscored,
        distinct=_distinct(context, part, own, truth, scale),
        circular=context.is_circular(judge, part),
    )


def _judge_key(context: Context, judge: str) -> Mapping[str, Any]:
    return {"rubric": context.rubric.name, "judge": judge}


def _distinct(context: Context, part: Slice, own: Small, truth: Small, scale: str) -> dict[str, int] | None:
    """Distinct texts among the items used, and among those in the denominator of each rate."""
    if context.texts is None:
        return None
    size = context.size(scale)
    first, second = part.take(own), part.take(truth)
    used = (first < size) & (second < size)
    masks = {"": used}
    if scale == "binary":
        negative, positive = used & (second == 0), used & (second == 1)
        masks |= {"false_positive_rate": negative, "false_negative_rate": positive, "precision": used & (first == 1)}
    counts = {measure: context.distinct(part, mask) or 0 for measure, mask in masks.items()}
    same = {"specificity": "false_positive_rate", "sensitivity": "false_negative_rate"}
    return counts | {twin: counts[measure] for twin, measure in same.items() if measure in counts}


def without_reference(context: Context) -> list[Estimate]:
    """Positive, abstention and unscored rates of every judge on every slice."""
    rows = [
        row for judge in context.own for part in context.slices if (row := _answers(context, judge, part)) is not None
    ]
    chosen = [m for m in measures_on("answers") if context.binary is not None or m.name != "positive_rate"]
    scale_of = {m.name: m.scales[0] for m in chosen}
    found = estimates_of(rows, chosen, context.options)
    abstained = {(row.key["judge"], row.key["slice"]): float(row.table[ANSWER_ABSTAINED]) for row in rows}
    return [_told(e, scale_of[e.measure], abstained[e.judge, e.slice]) for e in found]


def _told(estimate: Estimate, scale: str, abstained: float) -> Estimate:
    """With its scale, and what alone stands outside a rate of positives: the abstentions."""
    left_out = dict(estimate.left_out)
    if estimate.measure == "positive_rate" and abstained > 0:
        left_out["abstained"] = abstained
    return replace(estimate, scale=scale, left_out=left_out)


def _answers(context: Context, judge: str, part: Slice) -> Row | None:
    codes = part.take(context.judges[judge][0].codes)
    own = None if context.data.weights is None else part.take(context.data.weights)
    counts = counted(codes + _STATUSES, _STATUSES + len(context.offered), own)
    statuses = {str(CODE_STATUSES[i - _STATUSES]): float(counts[i]) for i in range(_STATUSES) if counts[i]}
    unscored = float(counts[: _STATUSES + NOT_ASKED].sum())
    if unscored + counts[_STATUSES:].sum() == 0:
        return None
    kinds_of = _answer_kinds(context)
    given = kinds_of[codes + _STATUSES]
    return Row(
        key={**_judge_key(context, judge), "slice": part.name},
        name=f"{context.rubric.name}|{judge}|answers|{part.name}",
        patterns=context.pools(part, given, 4),
        shape=(4,),
        left_out=statuses,
        unscored=(unscored, unscored),
        distinct=None
        if context.texts is None
        else {
            "": context.distinct(part, given >= 0) or 0,
            "abstention_rate": context.distinct(part, (given >= 0) & (given <= ANSWER_ABSTAINED)) or 0,
            "positive_rate": context.distinct(part, (given >= 0) & (given <= ANSWER_POSITIVE)) or 0,
        },
    )


def answer_kinds_of(context: Context, judge: str) -> Ints:
    """(n,) the kind of a judge's answer on each item: 0 negative, 1 positive, 2 abstained, 3 unscored, -1 not asked."""
    return _answer_kinds(context)[context.judges[judge][0].codes + _STATUSES]


def _answer_kinds(context: Context) -> Ints:
    """For each status and value: 0 negative, 1 positive, 2 abstained, 3 unscored, -1 not asked."""
    found = np.full(_STATUSES + len(context.offered), 3, dtype=np.int64)
    found[_STATUSES + NOT_ASKED] = -1
    for code, value in enumerate(context.offered):
        place = 0 if context.binary is None else int(context.binary[code])
        found[_STATUSES + code] = 2 if place < 0 or value == context.rubric.cannot_judge else place
    return found
