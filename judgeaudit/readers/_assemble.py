"""Material and a scale to the input of an audit: values become codes, what cannot be used is refused or counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.model import LabelKind, Rubric, Status
from judgeaudit.readers._codes import Column, recode
from judgeaudit.readers._material import Ballots, Labels, Material, Rater, Scale, VoteCounts
from judgeaudit.readers._sample import sampled
from judgeaudit.readers._scale import decide, in_order, label_values
from judgeaudit.readers._table import shown
from judgeaudit.table import NOT_ASKED, STATUS_CODES, AuditInput, Codes, LabelSet, Ratings

_OUT_OF_RANGE = STATUS_CODES[Status.OUT_OF_RANGE]
_SHOWN = 5


def assemble(material: Material, scale: Scale) -> AuditInput:
    """The input of one audit.

    Raises
    ------
    InputError
        Labels are off the scale or all missing, or a judge shares no value with them.
    ConfigError
        The scale asked for does not fit.
    """
    material = sampled(material)
    _check_labels(material)
    rubric, notes = decide(material, scale)
    _check_shared(material, scale, rubric)
    judges = {
        name: tuple(
            Ratings(name=r.name, codes=_verdicts(r.column, rubric), scores=r.scores, rationales=r.rationales)
            for r in trials
        )
        for name, trials in material.judges.items()
    }
    return AuditInput(
        rubric=rubric,
        item_ids=material.item_ids,
        prompts=material.prompts,
        responses=material.responses,
        finish_reasons=material.finish_reasons,
        models=material.models,
        judges=judges,
        judge_info=material.judge_info,
        labels=_label_sets(material, rubric),
        clusters=material.clusters,
        cluster_rule=material.cluster_rule,
        weights=material.weights,
        weights_of=material.weights_of,
        selected_by=material.selected_by,
        slices=material.slices,
        sources=material.sources,
        notes=(*material.notes, *notes, *_off_scale(material, rubric)),
    )


def _check_labels(material: Material) -> None:
    if not material.judges and not material.labels:
        raise ConfigError(
            "there is nothing to audit",
            where=material.where,
            got="no judge and no label",
            next_step="name columns with --judge and --human",
        )
    if material.labels and not any(_has_labels(labels) for labels in material.labels.values()):
        columns = [r.name for labels in material.labels.values() for r in labels.columns]
        columns += [c.name for labels in material.labels.values() for c in labels.counts]
        raise InputError(
            "all labels are missing",
            where=material.where,
            got=f"{material.n} items without a label",
            expected="labels in " + (", ".join(shown(c) for c in columns) or "human_labels"),
            next_step="leave the labels out to audit agreement among judges alone",
        )
    rule, _, name = material.reference.partition(":")
    for labels in material.labels.values():
        for rater in labels.columns:
            chosen = (rule == "annotator" and rater.name == name) or (rule == "column" and rater is labels.adjudicated)
            if chosen and not (rater.column.codes >= 0).any():
                raise InputError("all labels of the reference are missing", where=material.where, got=shown(rater.name))


def _has_labels(labels: Labels) -> bool:
    return (
        any((r.column.codes >= 0).any() for r in labels.columns)
        or (labels.ballots is not None and len(labels.ballots.rows) > 0)
        or any((c.positive >= 0).any() for c in labels.counts)
    )


def _check_shared(material: Material, scale: Scale, rubric: Rubric) -> None:
    """A judge that never says a value that labels have speaks another language, which no figure should hide."""
    if not material.labels:
        return
    common = label_values(material) - {scale.abstain}
    by_name = bool(scale.values) or set(rubric.values) == {"0", "1"} or not common
    expected = set(rubric.values) if by_name else common
    for name, trials in material.judges.items():
        said: set[str] = set().union(*(r.column.used for r in trials)) - {scale.abstain}
        if said and not said & expected:
            raise InputError(
                "a judge shares no value with the labels",
                where=f"{material.where}, judge {shown(name)}",
                got=_listed(in_order(said)),
                expected=_listed(in_order(expected)),
                next_step=f"translate with --map, such as --map {name}:{shown(min(said))[1:-1]}={min(expected)}"
                + ("" if scale.values else ", or give the whole scale with --values"),
            )


def _verdicts(column: Column, rubric: Rubric) -> Codes:
    return recode(column.codes, _lut(column.values, rubric, _OUT_OF_RANGE))


def _lut(values: Sequence[str], rubric: Rubric, other: int) -> Codes:
    index = {v: i for i, v in enumerate(rubric.offered)}
    return np.array([index.get(v, other) for v in values], dtype=np.int32)


def _label_sets(material: Material, rubric: Rubric) -> dict[LabelKind, LabelSet]:
    kinds: tuple[LabelKind, ...] = ("human", "construction", "model")
    return {k: _label_set(material, k, material.labels[k], rubric) for k in kinds if k in material.labels}


def _label_set(material: Material, kind: LabelKind, labels: Labels, rubric: Rubric) -> LabelSet:
    adjudicated = labels.adjudicated
    return LabelSet(
        kind=kind,
        annotators={r.name: Ratings(name=r.name, codes=_given(material, r, rubric)) for r in labels.annotators},
        votes=_votes(material, labels, rubric),
        adjudicated=None
        if adjudicated is None
        else Ratings(name=adjudicated.name, codes=_given(material, adjudicated, rubric)),
        adjudicated_name="" if adjudicated is None else adjudicated.name,
    )


def _given(material: Material, rater: Rater, rubric: Rubric) -> Codes:
    """An annotator's codes; an empty cell of a person is an item that they did not label."""
    codes = recode(rater.column.codes, _lut(rater.column.values, rubric, _OUT_OF_RANGE))
    _on_scale(material, rater.name, codes, rater.column.codes, rater.column.values, rubric)
    return np.where(codes >= 0, codes, NOT_ASKED).astype(np.int32)


def _on_scale(
    material: Material,
    name: str,
    codes: Codes,
    raw: Codes,
    values: Sequence[str],
    rubric: Rubric,
    rows: npt.NDArray[np.int64] | None = None,
) -> None:
    wrong = np.flatnonzero(codes == _OUT_OF_RANGE)
    if len(wrong):
        row = int(wrong[0]) if rows is None else int(rows[wrong[0]])
        raise InputError(
            "a label is off the scale",
            where=f"{material.where}, {shown(name)}, row {row + 1} (item {shown(material.item_ids[row])})",
            got=f"{shown(values[raw[wrong[0]]])} ({len(wrong)} such labels)",
            expected="one of " + _listed(rubric.offered),
            next_step=f"add it to --values or translate it with --map {name}:FROM=TO",
        )


def _votes(material: Material, labels: Labels, rubric: Rubric) -> Codes | None:
    if labels.ballots is None and not labels.counts:
        return None
    votes = np.zeros((material.n, len(rubric.offered)), dtype=np.int32)
    if labels.ballots is not None:
        _cast(material, votes, labels.ballots, rubric)
    for counts in labels.counts:
        positive, negative = _sides(material, counts, rubric)
        asked = counts.positive >= 0
        votes[asked, positive] += counts.positive[asked]
        votes[asked, negative] += counts.of - counts.positive[asked]
    return votes


def _cast(material: Material, votes: Codes, ballots: Ballots, rubric: Rubric) -> None:
    codes = recode(ballots.codes, _lut(ballots.values, rubric, _OUT_OF_RANGE))
    _on_scale(material, "anonymous labels", codes, ballots.codes, ballots.values, rubric, ballots.rows)
    np.add.at(votes, (ballots.rows, codes), 1)


def _sides(material: Material, counts: VoteCounts, rubric: Rubric) -> tuple[int, int]:
    sides = [v for v in rubric.values if v != rubric.cannot_judge]
    positive = [v for v in sides if v in rubric.positive]
    if len(sides) != 2 or len(positive) != 1:
        raise ConfigError(
            "counts of positive votes need a scale of one positive and one negative value",
            where=f"{material.where}, {shown(counts.name)}",
            got=_listed(sides) + (f" with {_listed(positive)} positive" if positive else " with none positive"),
            expected="--values NEGATIVE,POSITIVE --positive POSITIVE",
        )
    negative = next(v for v in sides if v != positive[0])
    return rubric.offered.index(positive[0]), rubric.offered.index(negative)


def _off_scale(material: Material, rubric: Rubric) -> list[str]:
    """For each judge what it said that is not on the scale."""
    notes = []
    for name, trials in material.judges.items():
        counts: dict[str, int] = {}
        for rater in (r for r in trials if not r.column.used <= set(rubric.offered)):
            for value, k in rater.column.counts().items():
                if value not in rubric.offered:
                    counts[value] = counts.get(value, 0) + k
        if counts:
            first = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
            named = ", ".join(f"{shown(v)} ({k})" for v, k in first) + (", ..." if len(counts) > 3 else "")
            notes.append(f"judge {name}: {sum(counts.values())} verdicts off the scale are out_of_range: {named}")
    return notes


def _listed(values: Sequence[str]) -> str:
    return ", ".join(shown(v, 30) for v in values[:_SHOWN]) + (", ..." if len(values) > _SHOWN else "")
