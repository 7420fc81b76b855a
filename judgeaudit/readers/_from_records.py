"""Outputs, judgements and labels, as a store keeps them, to the input of an audit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from judgeaudit.errors import InputError
from judgeaudit.model import Judgement, Label, LabelKind, Output, Rubric, Status, as_value
from judgeaudit.readers._assemble import assemble
from judgeaudit.readers._codes import STATUS_CELLS, Cells, Column
from judgeaudit.readers._columns import clusters_of
from judgeaudit.readers._fields import Fields, encoded, selection_of_labels, weights_of_labels
from judgeaudit.readers._items import check_ids, grouping, slice_of
from judgeaudit.readers._material import Ballots, Labels, Material, Rater, Scale
from judgeaudit.readers._table import shown
from judgeaudit.table import AuditInput, Floats, JudgeInfo

_ORDER: tuple[LabelKind, ...] = ("human", "construction", "model")


def from_records(
    outputs: Sequence[Output],
    judgements: Iterable[Judgement],
    labels: Iterable[Label],
    rubric: Rubric,
    *,
    references: Iterable[Label] = (),
    slices: Sequence[str] = (),
    group: str = "auto",
    weight: str | None = None,
    selected_by: str | None = None,
    reference: str = "auto",
    judge_info: Mapping[str, JudgeInfo] | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
    where: str = "the store",
    notes: Sequence[str] = (),
) -> AuditInput:
    """The input of the audit of one rubric; judgements and labels of other rubrics are passed over.

    Parameters
    ----------
    references
        Labels that settle their item (adjudicated), at most one a kind and item.
    slices, weight
        Fields of an output: ``model``, ``dataset``, or a dotted path into its meta, with or without ``meta.`` before it.
    group
        Such a field, "none", or "auto": the prompt where prompts repeat.
    selected_by
        How outputs were selected for a label: random, all, judge:NAME, or column:FIELD; `weight` is then one of labels. None: as
        the labels say, else ``meta.selected_by``.
    reference
        The reference rule that the audit will use.
    judge_info
        What is known of judges; seconds, tokens and fingerprints are added up from the judgements where it is not told.

    Raises
    ------
    InputError
        Ids are not distinct, a judge has two verdicts in one trial, an annotator two labels on one item, or none of the
        labels belongs to an output.
    ConfigError
        A field is unknown, or has too many values to split by.

    Examples
    --------
    >>> outputs = [Output(item_id=i, prompt="p" + i, response="r") for i in "abc"]
    >>> said = [Judgement(item_id=i, judge="j", rubric="harm", verdict="no") for i in "ab"]
    >>> rubric = Rubric(name="harm", values=("no", "yes"), positive=("yes",))
    >>> from_records(outputs, said, [], rubric).judges["j"][0].codes.tolist()
    [0, 0, -1]
    """
    check_ids([o.item_id for o in outputs], where)
    place = {o.item_id: row for row, o in enumerate(outputs)}
    joins = _Joins()
    judges, info = _judges(place, judgements, rubric.name, joins, where)
    given = [x for x in labels if x.rubric == rubric.name]
    settled = [x for x in references if x.rubric == rubric.name]
    kinds = _labels(place, given, settled, joins, where)
    if (given or settled) and not kinds:
        raise InputError(
            "labels join nothing",
            where=where,
            got=f"{len(given) + len(settled)} labels of rubric {rubric.name}, none on one of {len(outputs)} outputs",
            expected="labels with the ids of the outputs",
        )
    fields = Fields(outputs, where)
    prompts = [o.prompt for o in outputs] if any(o.prompt for o in outputs) else None
    grouped = {group: fields.column(group)} if group not in ("auto", "none") else {}
    clusters, rule, more = clusters_of(None if group == "auto" else group, prompts, grouped)
    models = grouping(encoded([o.model for o in outputs], where))
    weights, weight_notes = weights_of_labels(place, [*given, *settled], kinds, fields, weight, where)
    selection, more_notes = selection_of_labels(place, [*given, *settled], kinds, fields, selected_by, judges)
    reasons = [o.finish_reason for o in outputs]
    material = Material(
        where=where,
        item_ids=list(place),
        prompts=prompts,
        responses=[o.response for o in outputs],
        finish_reasons=reasons if any(reasons) else None,
        models=models if len(models.names) else None,
        judges=judges,
        judge_info={**info, **(judge_info or {})},
        labels=kinds,
        clusters=clusters,
        cluster_rule=rule,
        weights=weights,
        weight_name=weight or "weight",
        weights_of="outputs" if weight is not None and selected_by is None else "labels",
        selected_by=selection,
        slices={name: slice_of(fields.column(name), name, where) for name in slices},
        sources=[*sources, _source(outputs, where), *joins.sources(where)],
        notes=[*notes, *joins.notes(), *more, *weight_notes, *more_notes],
        reference=reference,
    )
    return assemble(material, scale_of(rubric))


def scale_of(rubric: Rubric) -> Scale:
    """The rubric's own scale, its values spelled as cells are."""
    return Scale(
        rubric=rubric,
        values=tuple(as_value(v) or v for v in rubric.values),
        positive=tuple(as_value(v) or v for v in rubric.positive),
        abstain=as_value(rubric.cannot_judge),
        level=rubric.level,
    )


class _Joins:
    """How many judgements and labels belong to an output, and how many to none."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}
        self._lost: dict[str, int] = {}

    def row(self, place: Mapping[str, int], item_id: str, what: str) -> int | None:
        """The output's row, or None; counted either way."""
        row = place.get(item_id)
        counts = self._lost if row is None else self._used
        counts[what] = counts.get(what, 0) + 1
        return row

    def notes(self) -> list[str]:
        """What belongs to no output, in words."""
        return [f"{count} {what} belong to no output and are left out" for what, count in self._lost.items()]

    def sources(self, where: str) -> list[dict[str, Any]]:
        """For everything of which some belong to no output, how many do."""
        return [
            {"name": f"{where}, {what}", "rows": self._used.get(what, 0), "left_out": {"no_output": count}}
            for what, count in self._lost.items()
        ]


def _judges(
    place: Mapping[str, int], judgements: Iterable[Judgement], rubric: str, joins: _Joins, where: str
) -> tuple[dict[str, list[Rater]], dict[str, JudgeInfo]]:
    cells: dict[str, dict[int, Cells]] = {}
    scores: dict[tuple[str, int], Floats] = {}
    rationales: dict[tuple[str, int], list[str]] = {}
    kept: dict[str, list[Judgement]] = {}
    for one in judgements:
        if one.rubric != rubric:
            continue
        row = joins.row(place, one.item_id, "judgements")
        if row is None:
            continue
        trials = cells.setdefault(one.judge, {})
        cell = one.verdict if one.status is Status.OK else STATUS_CELLS[one.status]
        trials.setdefault(one.trial, Cells(where)).add(row, cell)
        if one.score is not None:
            column = scores.setdefault((one.judge, one.trial), np.full(len(place), np.nan))
            column[row] = one.score
        if one.rationale:
            rationales.setdefault((one.judge, one.trial), [""] * len(place))[row] = one.rationale
        kept.setdefault(one.judge, []).append(one)
    found = {
        judge: [
            Rater(
                name=judge,
                column=_column(trials[t], place, f"{where}, judge {shown(judge)}"),
                scores=scores.get((judge, t)),
                rationales=rationales.get((judge, t)),
            )
            for t in sorted(trials)
        ]
        for judge, trials in cells.items()
    }
    return found, {judge: _info(ones) for judge, ones in kept.items()}


def _column(cells: Cells, place: Mapping[str, int], where: str) -> Column:
    column, twice = cells.column(len(place))
    if twice is not None:
        raise InputError("one item has two values", where=where, got=f"item {shown(list(place)[twice])}")
    return column


def _info(judgements: Sequence[Judgement]) -> JudgeInfo:
    prints = {j.fingerprint for j in judgements if j.fingerprint}
    usages = [j.usage for j in judgements if j.usage is not None]
    return JudgeInfo(
        fingerprint=next(iter(prints)) if len(prints) == 1 else "",
        seconds=_total(j.seconds for j in judgements),
        input_tokens=_whole(_total(u.input_tokens for u in usages)),
        output_tokens=_whole(_total(u.output_tokens for u in usages)),
        requests=_whole(_total(u.requests for u in usages)),
    )


def _total(given: Iterable[float | None]) -> float | None:
    told = [x for x in given if x is not None]
    return sum(told) if told else None


def _whole(x: float | None) -> int | None:
    return None if x is None else int(x)


def _labels(
    place: Mapping[str, int], given: Sequence[Label], settled: Sequence[Label], joins: _Joins, where: str
) -> dict[LabelKind, Labels]:
    people: dict[LabelKind, dict[str, Cells]] = {}
    votes: dict[LabelKind, Cells] = {}
    final: dict[LabelKind, Cells] = {}
    for label in given:
        row = joins.row(place, label.item_id, "labels")
        if row is None:
            continue
        if label.annotator is None:
            votes.setdefault(label.kind, Cells(where)).add(row, label.value)
        else:
            people.setdefault(label.kind, {}).setdefault(label.annotator, Cells(where)).add(row, label.value)
    for label in settled:
        row = joins.row(place, label.item_id, "references")
        if row is not None:
            final.setdefault(label.kind, Cells(where)).add(row, label.value)
    return {
        kind: Labels(
            annotators=[
                Rater(name=name, column=_column(cells, place, f"{where}, annotator {shown(name)}"))
                for name, cells in people.get(kind, {}).items()
            ],
            ballots=_ballots(votes[kind]) if kind in votes else None,
            adjudicated=Rater(name="reference", column=_column(final[kind], place, f"{where}, reference"))
            if kind in final
            else None,
        )
        for kind in _ORDER
        if kind in people or kind in votes or kind in final
    }


def _ballots(cells: Cells) -> Ballots:
    rows, column = cells.sparse()
    kept = column.codes >= 0
    return Ballots(rows=rows[kept], codes=column.codes[kept], values=column.values)


def _source(outputs: Sequence[Output], where: str) -> dict[str, Any]:
    digest = hashlib.sha256()
    for line in sorted(f"{o.hash} {o.item_id!r}" for o in outputs):
        digest.update(line.encode("ascii", "backslashreplace"))
    return {"name": where, "outputs_sha256": digest.hexdigest(), "rows": len(outputs), "left_out": {}}
