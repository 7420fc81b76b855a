"""The interchange form read straight into columns, for audits of files with many outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from judgeaudit.errors import ConfigError, InputError, nearest
from judgeaudit.model import LabelKind
from judgeaudit.readers import _entries
from judgeaudit.readers._assemble import assemble
from judgeaudit.readers._codes import ABSENT, Cells
from judgeaudit.readers._collect import Found, collect
from judgeaudit.readers._columns import (
    Maps,
    by_trials,
    clusters_of,
    scale_of,
    vote_counts,
    weights_of,
    with_rationales,
    with_scores,
)
from judgeaudit.readers._found import inclusion_weights, mine, selection
from judgeaudit.readers._items import MAX_SLICES, grouping, slice_of, texts_of
from judgeaudit.readers._lines import open_lines
from judgeaudit.readers._material import Ballots, Labels, Material, Rater
from judgeaudit.readers._paths import getter
from judgeaudit.readers._request import DEFAULT_RUBRIC, CheckRequest
from judgeaudit.readers._table import shown
from judgeaudit.table import AuditInput, Floats, Grouping

_PEEKED = 20


def is_interchange(record: Mapping[str, Any]) -> bool:
    """Whether an object has at least two marks of the interchange form, verdicts or labels among them."""
    inside = isinstance(record.get("judge_verdicts"), dict) + isinstance(record.get("human_labels"), list)
    return bool(inside) and inside + ("item_id" in record) + ("response" in record) >= 2


def read_interchange(path: Path, request: CheckRequest) -> Sequence[AuditInput] | None:
    """The inputs of a file in the interchange form, one a rubric; None where the file is another JSON Lines table.

    ``--judge`` and ``--human`` choose judges and annotators by their names in the file; where they name paths to columns
    instead, the file is read as a plain table.

    Raises
    ------
    InputError, ConfigError
        The file cannot be used, has several rubrics and none is asked for, or lacks what is asked for.
    """
    with open_lines(path, request.encoding) as lines:
        first = [record for _, record in islice(iter(lines), _PEEKED)]
    if not any(is_interchange(record) for record in first):
        return None
    with open_lines(path, request.encoding) as lines:
        found = collect(lines, request)
    if request.names_columns and not _chosen_by_name(found, request, first):
        return None
    rubrics = _entries.Rubrics(
        list(found.verdicts),
        [d for _, _, d in found.labels] + [d for _, d in found.references],
        list(found.declared),
        None if request.rubric == "all" else request.rubric,
    )
    names, notes = _selected(rubrics, found, request)
    return [_input(found, rubrics, name, request, [*notes, *found.notes], alone=len(names) == 1) for name in names]


def _chosen_by_name(found: Found, request: CheckRequest, first: Sequence[Mapping[str, Any]]) -> bool:
    """Whether ``--judge`` and ``--human`` name judges and annotators; False: they are paths to columns."""
    judges, people = set(found.verdicts), {a for _, a, _ in found.labels if a is not None}
    judges |= {key.rpartition("/")[0] for key in found.verdicts if "/" in key}
    named = [*((c, judges) for _, c in request.judges), *((c, people) for _, c in request.humans)]
    if all(_plain(column) in known for column, known in named):
        return True
    for column, known in named:
        if _plain(column) not in known and all(getter(column)(record) is ABSENT for record in first):
            raise ConfigError(
                "no judge, annotator or column of that name",
                where=found.where,
                got=shown(column),
                next_step=nearest(column, known),
            )
    return False


def _plain(column: str) -> str:
    return column.removeprefix("judge_verdicts.")


def _selected(rubrics: _entries.Rubrics, found: Found, request: CheckRequest) -> tuple[list[str], list[str]]:
    """The rubrics to audit, and notes."""
    named, asked = rubrics.named, request.rubric
    if asked == "all":
        if len(named) > 1 and rubrics.unnamed:
            lost = [k for k, (_, r) in rubrics.of_key.items() if r is None]
            what = f"verdicts of {', '.join(lost)}" if lost else "labels without a dimension"
            return named, [f"left out, since they belong to no rubric: {what}"]
        return named or [DEFAULT_RUBRIC], []
    if asked is not None:
        if asked not in named and named and not rubrics.unnamed:
            raise ConfigError("unknown rubric", where=found.where, got=shown(asked), next_step=nearest(asked, named))
        notes = [f"verdicts and labels without a rubric are taken as of {asked}"] if named and rubrics.unnamed else []
        return [asked], notes
    if len(named) > 1:
        raise ConfigError(
            "several rubrics and none is asked for",
            where=found.where,
            got=", ".join(shown(r) for r in named),
            next_step="choose with --rubric NAME, or --rubric all",
        )
    return named or [DEFAULT_RUBRIC], []


def _input(
    found: Found, rubrics: _entries.Rubrics, rubric: str, request: CheckRequest, notes: list[str], *, alone: bool
) -> AuditInput:
    maps = Maps(request, _known_names(found, rubrics))
    judges = _judges(found, rubrics, rubric, request, maps, alone)
    scores = {c: np.concatenate(parts) for c, parts in found.numbers.items()}
    judges = with_rationales(with_scores(judges, request, scores, found.where), request, found.texts)
    labels, adjudicated = _labels(found, rubric, request, maps, alone)
    prompts = found.prompts if any(found.prompts) else None
    clusters, rule, more = clusters_of(request.group, prompts, {c: found.column(c) for c in found.columns})
    models = grouping(found.column(request.model or "model"))
    weights, weight_notes = inclusion_weights(found, rubric, request, labels, alone)
    selected_by, selection_notes = selection(found, rubric, request, labels, judges, alone)
    material = Material(
        where=found.where,
        item_ids=found.ids,
        prompts=prompts,
        responses=found.responses if found.has_responses else None,
        finish_reasons=found.finish_reasons if any(found.finish_reasons) else None,
        models=models if len(models.names) else None,
        judges=by_trials(judges, request.trials),
        labels=labels,
        clusters=clusters,
        cluster_rule=rule,
        weights=weights,
        weight_name=request.weight or "weight",
        weights_of="labels" if request.weight is None else weights_of(request),
        selected_by=selected_by,
        slices=_slices(found, request),
        sources=[found.source],
        notes=[*notes, *adjudicated, *more, *weight_notes, *selection_notes, *maps.notes()],
        reference=request.reference,
    )
    return assemble(material, scale_of(request, rubric, found.declared.get(rubric)))


def _known_names(found: Found, rubrics: _entries.Rubrics) -> list[str]:
    names = [*found.verdicts, *(judge for judge, _ in rubrics.of_key.values())]
    return [*names, *(a for _, a, _ in found.labels if a is not None), "anonymous", "reference", "meta.human_reference"]


def _judges(
    found: Found, rubrics: _entries.Rubrics, rubric: str, request: CheckRequest, maps: Maps, alone: bool
) -> list[Rater]:
    keys: dict[str, str] = {}
    for key, (judge, own) in rubrics.of_key.items():
        if mine(own, rubric, alone):
            if judge in keys:
                raise InputError(
                    "two verdict keys are one judge", where=found.where, got=f"{shown(keys[judge])} and {shown(key)}"
                )
            keys[judge] = key
    if request.judges:
        by_key = {key: key for key in keys.values()} | keys
        wanted = [(name, by_key[_plain(c)]) for name, c in request.judges if _plain(c) in by_key]
        lacking = [c for _, c in request.judges if _plain(c) not in by_key]
        if lacking:
            raise ConfigError(
                f"no verdicts of that judge on rubric {rubric}",
                where=found.where,
                got=shown(lacking[0]),
                next_step=nearest(lacking[0], keys),
            )
        judge_of = {key: judge for judge, key in keys.items()}
        return [r for n, k in wanted for r in _raters(found, k, judge_of[k] if _plain(n) == k else n, maps)]
    return [rater for judge, key in keys.items() for rater in _raters(found, key, judge, maps)]


def _raters(found: Found, key: str, judge: str, maps: Maps) -> list[Rater]:
    """A judge's trials; they keep one name, which makes them trials of one judge."""
    out = []
    answers = found.verdicts[key]
    for trial in sorted(answers.cells):
        column, twice = answers.cells[trial].column(found.n)
        if twice is not None:
            raise InputError(
                "one trial has two verdicts",
                where=f"{found.where}, {shown(key)}",
                got=f"trial {trial} of item {shown(found.ids[twice])}",
            )
        scores: Floats | None = None
        if trial in answers.scores:
            rows, values = answers.scores[trial]
            scores = np.full(found.n, np.nan)
            scores[rows] = values
        said = answers.rationales.get(trial)
        rationales = None if said is None else texts_of(*said, found.n)
        out.append(Rater(name=judge, column=maps.apply(judge, key, column), scores=scores, rationales=rationales))
    return out


def _labels(
    found: Found, rubric: str, request: CheckRequest, maps: Maps, alone: bool
) -> tuple[dict[LabelKind, Labels], list[str]]:
    kinds: dict[LabelKind, Labels] = {}
    known = {a for kind, a, d in found.labels if a is not None and kind == "human" and mine(d, rubric, alone)}
    for _, person in request.humans:
        if person not in known:
            raise ConfigError(
                f"no labels of that annotator on rubric {rubric}",
                where=found.where,
                got=shown(person),
                next_step=nearest(person, known),
            )
    renamed = {column: name for name, column in request.humans}
    people: dict[LabelKind, list[Rater]] = {}
    ballots: dict[LabelKind, list[Ballots]] = {}
    for (kind, annotator, dimension), cells in found.labels.items():
        if not mine(dimension, rubric, alone):
            continue
        if annotator is None and request.humans and kind == "human":
            continue
        if annotator is None:
            rows, column = cells.sparse()
            column = maps.apply("anonymous", "anonymous", column)
            kept = column.codes >= 0
            ballots.setdefault(kind, []).append(
                Ballots(rows=rows[kept], codes=column.codes[kept], values=column.values)
            )
        elif not request.humans or kind != "human" or annotator in renamed:
            people.setdefault(kind, []).append(_annotator(found, annotator, cells, renamed, maps))
    for kind in dict.fromkeys((*people, *ballots)):
        own = ballots.get(kind)
        kinds[kind] = Labels(annotators=people.get(kind, []), ballots=own[0] if own else None)
    counts = [vote_counts(maps.apply(c, c, found.column(c)), c, of, found.where) for c, of in request.votes]
    if counts:
        kinds["human"] = replace(kinds.get("human", Labels()), counts=counts)
    return _with_references(found, rubric, request, maps, alone, kinds)


def _annotator(found: Found, annotator: str, cells: Cells, renamed: Mapping[str, str], maps: Maps) -> Rater:
    column, twice = cells.column(found.n)
    if twice is not None:
        raise InputError(
            "one annotator labelled one item twice",
            where=found.where,
            got=f"{shown(annotator)} on item {shown(found.ids[twice])}",
            expected="one label, or annotator null for votes",
        )
    name = renamed.get(annotator, annotator)
    return Rater(name=name, column=maps.apply(name, annotator, column))


def _with_references(
    found: Found, rubric: str, request: CheckRequest, maps: Maps, alone: bool, kinds: dict[LabelKind, Labels]
) -> tuple[dict[LabelKind, Labels], list[str]]:
    """Labels with the reference that settles them: a column asked for, else `reference`, else `meta.human_reference`."""
    column = request.reference_column
    if column is not None:
        rater = Rater(name=column, column=maps.apply(column, column, found.column(column)))
        return {**kinds, "human": replace(kinds.get("human", Labels()), adjudicated=rater)}, []
    out, notes = dict(kinds), []
    for (kind, dimension), cells in found.references.items():
        if mine(dimension, rubric, alone):
            out[kind] = replace(out.get(kind, Labels()), adjudicated=_reference(found, "reference", cells, maps))
    told = any(mine(d, rubric, alone) for _, d in found.references)
    if found.scalar is not None and alone and not told:
        name = "meta.human_reference"
        out["human"] = replace(out.get("human", Labels()), adjudicated=_reference(found, name, found.scalar, maps))
        notes.append(f"{name} is the adjudicated reference of {rubric}")
    return out, notes


def _reference(found: Found, name: str, cells: Cells, maps: Maps) -> Rater:
    column, twice = cells.column(found.n)
    if twice is not None:
        raise InputError("one item has two references", where=found.where, got=f"item {shown(found.ids[twice])}")
    return Rater(name=name, column=maps.apply(name, name, column))


def _slices(found: Found, request: CheckRequest) -> dict[str, Grouping]:
    slices = {name: slice_of(found.column(name), name, found.where) for name in request.slices}
    dataset = found.column("dataset")
    if "dataset" not in slices and 2 <= len(dataset.used) <= MAX_SLICES:
        slices["dataset"] = grouping(dataset)
    return slices
