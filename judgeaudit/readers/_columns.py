"""Wide tables: one row an item, one column a judge or annotator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from judgeaudit.errors import ConfigError, InputError, nearest
from judgeaudit.model import Rubric, number
from judgeaudit.readers._assemble import assemble
from judgeaudit.readers._codes import Column, recode
from judgeaudit.readers._items import (
    ALONE,
    by_column,
    by_prompt,
    check_ids,
    check_scores,
    grouping,
    row_numbers,
    slice_of,
)
from judgeaudit.readers._material import Labels, Material, Rater, Scale, VoteCounts
from judgeaudit.readers._request import DEFAULT_RUBRIC, CheckRequest
from judgeaudit.readers._sample import checked_selection
from judgeaudit.readers._table import Needs, Table, shown
from judgeaudit.table import NOT_ASKED, AuditInput, Codes, Floats, Grouping


def needs(request: CheckRequest) -> Needs:
    """The columns that a request asks for."""
    coded = [column for _, column in (*request.judges, *request.humans)]
    coded += [column for column, _ in request.votes]
    single = (request.reference_column, request.model, request.selection_column, group_column(request))
    coded += [c for c in single if c is not None]
    texts = [c for c in (request.id, request.prompt, request.response) if c is not None]
    return Needs(
        codes=tuple(dict.fromkeys((*coded, *request.slices))),
        texts=tuple(dict.fromkeys((*texts, *(column for _, column in request.rationales)))),
        numbers=tuple(dict.fromkeys((*(c for _, c in request.scores), *((request.weight,) if request.weight else ())))),
    )


def group_column(request: CheckRequest) -> str | None:
    """The column of ``--group COL``."""
    return None if request.group in (None, "none") else request.group


def build(table: Table, request: CheckRequest) -> AuditInput:
    """The input of one audit from a wide table.

    Raises
    ------
    InputError, ConfigError
        The table does not hold what the request asks for.
    """
    where = table.name
    item_ids = row_numbers(table.n) if request.id is None else table.texts[request.id]
    if request.id is not None:
        check_ids(item_ids, where)
    prompts = None if request.prompt is None else table.texts[request.prompt]
    empty = prompts is not None and not any(prompts)
    models = None if request.model is None else grouping(table.codes[request.model])
    maps = Maps(request)
    judges = [Rater(name=name, column=maps.apply(name, column, table.codes[column])) for name, column in request.judges]
    judges = with_scores(judges, request, {c: table.numbers[c] for _, c in request.scores}, where)
    judges = with_rationales(judges, request, table.texts)
    labels = _labels(table, request, maps)
    clusters, rule, notes = clusters_of(request.group, prompts, table.codes)
    selected_by, selection_notes = asked_selection(request, table.n, judges, table.codes, where)
    material = Material(
        where=where,
        item_ids=item_ids,
        prompts=None if empty else prompts,
        responses=None if request.response is None else table.texts[request.response],
        models=models if models is not None and len(models.names) else None,
        judges=by_trials(judges, request.trials),
        labels={"human": labels} if labels is not None else {},
        clusters=clusters,
        cluster_rule=rule,
        weights=None if request.weight is None else table.numbers[request.weight],
        weight_name=request.weight or "weight",
        weights_of=weights_of(request),
        selected_by=selected_by,
        slices={name: slice_of(table.codes[name], name, where) for name in request.slices},
        sources=[table.source],
        notes=[*table.notes, *(["all prompts are empty"] if empty else []), *notes, *selection_notes, *maps.notes()],
        reference=request.reference,
    )
    return assemble(material, scale_of(request, request.rubric if request.rubric not in (None, "all") else None))


def scale_of(request: CheckRequest, name: str | None, known: Rubric | None = None) -> Scale:
    """What a request asks of the scale; what it leaves open is taken from a rubric that the file declares."""
    rubric = known or Rubric(name=name or DEFAULT_RUBRIC)
    return Scale(
        rubric=rubric,
        values=request.values or rubric.values,
        positive=request.positive or rubric.positive,
        abstain=request.abstain or rubric.cannot_judge,
        level=request.level or rubric.level,
    )


def clusters_of(
    group: str | None, prompts: Sequence[str] | None, columns: Mapping[str, Column]
) -> tuple[Codes | None, str, list[str]]:
    """Clusters by a column, by nothing ("none"), or by the prompt where prompts repeat (None)."""
    if group == "none":
        return None, f"{ALONE} (as asked for)", []
    if group is not None:
        return by_column(columns[group], group)
    clusters, rule = by_prompt(prompts)
    return clusters, rule, []


class Maps:
    """The ``--map`` flags: which values of which column are called otherwise. Remembers which were of use."""

    def __init__(self, request: CheckRequest, known: Iterable[str] = ()) -> None:
        self._by_column: dict[str, dict[str, str]] = {}
        for column, before, after in request.maps:
            self._by_column.setdefault(column, {})[before] = after
        names = {n for pair in (*request.judges, *request.humans) for n in pair} | set(known)
        names |= {c for c, _ in request.votes} | {c for c in (request.reference_column,) if c}
        for column in self._by_column:
            if column not in names:
                raise ConfigError("--map names an unknown column", got=shown(column), next_step=nearest(column, names))
        self._unused = {(column, before) for column, before, _ in request.maps}

    def apply(self, name: str, column: str, cells: Column) -> Column:
        """The column with its values renamed; a map may name the column or the judge."""
        found = {**self._by_column.get(column, {}), **self._by_column.get(name, {})}
        self._unused -= {(key, value) for key in (name, column) for value in cells.values}
        return cells.renamed(found) if found else cells

    def notes(self) -> list[str]:
        """Maps whose value stands nowhere."""
        return [
            f"--map {column}:{before}=... changes nothing: no such value there"
            for column, before in sorted(self._unused)
        ]


def with_scores(judges: list[Rater], request: CheckRequest, columns: Mapping[str, Floats], where: str) -> list[Rater]:
    """Judges with their scores; a score's judge is named as it is, or as its trials are."""
    out = list(judges)
    for judge, column in request.scores:
        scores = check_scores(columns[column], column, where)
        place = _place(judge, out, request, "--score")
        out[place] = replace(out[place], scores=scores)
    return out


def with_rationales(judges: list[Rater], request: CheckRequest, columns: Mapping[str, Sequence[str]]) -> list[Rater]:
    """Judges with the reasons they gave; a rationale's judge is named as a score's is."""
    out = list(judges)
    for judge, column in request.rationales:
        place = _place(judge, out, request, "--rationale")
        out[place] = replace(out[place], rationales=columns[column])
    return out


def _place(judge: str, judges: Sequence[Rater], request: CheckRequest, flag: str) -> int:
    place = next(
        (i for i, r in enumerate(judges) if r.name == judge),
        next((i for i, r in enumerate(judges) if base_name(r.name, request.trials) == judge), None),
    )
    if place is None:
        known = [r.name for r in judges]
        raise ConfigError(
            f"{flag} names no judge",
            got=shown(judge),
            next_step=nearest(judge, known) if known else "name its verdicts with --judge",
        )
    return place


def weights_of(request: CheckRequest) -> Literal["outputs", "labels"]:
    """What ``--weight`` speaks of: where it is told how outputs were selected for a label, of labels."""
    return "outputs" if request.weight is None or request.selected_by is None else "labels"


def asked_selection(
    request: CheckRequest, n: int, judges: Iterable[Rater], columns: Mapping[str, Column], where: str
) -> tuple[Grouping | None, list[str]]:
    """How outputs were selected for a label as ``--selected-by`` says, and what a person should know of it."""
    if request.selected_by is None:
        return None, []
    names = {base_name(r.name, request.trials) for r in judges}
    column = request.selection_column
    if column is not None:
        return checked_selection(grouping(columns[column]), names)
    kind, _, name = request.selected_by.partition(":")
    if kind == "judge" and name not in names:
        raise ConfigError("--selected-by names no judge", where=where, got=shown(name), next_step=nearest(name, names))
    return Grouping(codes=np.zeros(n, dtype=np.int32), names=[request.selected_by]), []


def base_name(name: str, separator: str | None) -> str:
    """A judge's name without its trial.

    Examples
    --------
    >>> base_name("guard#2", "#"), base_name("guard#2", None), base_name("guard", "#")
    ('guard', 'guard#2', 'guard')
    """
    return name.rpartition(separator)[0] or name if separator and separator in name else name


def by_trials(judges: Iterable[Rater], separator: str | None) -> dict[str, list[Rater]]:
    """Judges with their trials in the order given."""
    found: dict[str, list[Rater]] = {}
    for rater in judges:
        found.setdefault(base_name(rater.name, separator), []).append(rater)
    return found


def _labels(table: Table, request: CheckRequest, maps: Maps) -> Labels | None:
    column = request.reference_column
    if not (request.humans or request.votes or column):
        return None
    return Labels(
        annotators=[Rater(name=n, column=maps.apply(n, c, table.codes[c])) for n, c in request.humans],
        counts=[vote_counts(maps.apply(c, c, table.codes[c]), c, of, table.name) for c, of in request.votes],
        adjudicated=None
        if column is None
        else Rater(name=column, column=maps.apply(column, column, table.codes[column])),
    )


def vote_counts(column: Column, name: str, of: int, where: str) -> VoteCounts:
    """A column of counts of positive votes.

    Raises
    ------
    InputError
        A cell is no whole number from 0 to N.
    """
    numbers = [number(v) for v in column.values]
    fits = [x is not None and x.is_integer() and 0 <= x <= of for x in numbers]
    lut = np.array([int(x or 0) if ok else -2 for x, ok in zip(numbers, fits, strict=True)], dtype=np.int32)
    positive = np.where(column.codes >= 0, recode(column.codes, lut), NOT_ASKED)
    wrong = np.flatnonzero(positive == -2)
    if len(wrong):
        row = int(wrong[0])
        raise InputError(
            "a count of votes is off the scale",
            where=f"{where}, column {shown(name)}, row {row + 1}",
            got=f"{shown(column.values[column.codes[row]])} ({len(wrong)} such rows)",
            expected=f"0 to {of}",
        )
    return VoteCounts(name=name, positive=positive.astype(np.int32), of=of)
