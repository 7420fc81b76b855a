"""Objects of the interchange form gathered column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from judgeaudit.errors import InputError
from judgeaudit.model import LabelKind, Rubric, finish_reason
from judgeaudit.readers import _entries
from judgeaudit.readers._codes import ABSENT, Cells, Column, Encoder
from judgeaudit.readers._columns import group_column
from judgeaudit.readers._declared import declared_rubrics
from judgeaudit.readers._items import check_ids
from judgeaudit.readers._lines import Lines
from judgeaudit.readers._paths import getter, known_paths
from judgeaudit.readers._request import CheckRequest
from judgeaudit.readers._table import missing_column, shown, to_floats, to_text
from judgeaudit.table import Floats

SELECTED_BY = "selected_by"
_CHUNK = 2048
_LabelKey = tuple[LabelKind, str | None, str | None]


@dataclass(slots=True)
class Answers:
    """One verdict key: cells, scores and rationales by trial."""

    cells: dict[int, Cells] = field(default_factory=dict)
    scores: dict[int, tuple[list[int], list[float]]] = field(default_factory=dict)
    rationales: dict[int, tuple[list[int], list[str]]] = field(default_factory=dict)


@dataclass(slots=True)
class Found:
    """What stands in a file, before it is known which rubric each verdict and label belongs to.

    Parameters
    ----------
    columns
        Columns by path: model, dataset, and what the request names.
    texts
        Columns of rationales by path.
    labels, references, weights, selected
        By kind, annotator (None: votes) and dimension; weights and how items were selected by their row.
    selected_in_meta
        ``meta.selected_by`` by row.
    scalar
        ``meta.human_reference`` where an item has no `reference`.
    declared
        Rubrics that the file describes itself.
    """

    where: str
    ids: list[str] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    responses: list[str] = field(default_factory=list)
    has_responses: bool = False
    finish_reasons: list[str | None] = field(default_factory=list)
    columns: dict[str, Encoder | Column] = field(default_factory=dict)
    numbers: dict[str, list[Floats]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    verdicts: dict[str, Answers] = field(default_factory=dict)
    labels: dict[_LabelKey, Cells] = field(default_factory=dict)
    references: dict[tuple[LabelKind, str | None], Cells] = field(default_factory=dict)
    scalar: Cells | None = None
    weights: dict[tuple[LabelKind, str | None], dict[int, float]] = field(default_factory=dict)
    selected: dict[tuple[LabelKind, str | None], dict[int, set[str]]] = field(default_factory=dict)
    selected_in_meta: dict[int, set[str]] = field(default_factory=dict)
    declared: dict[str, Rubric] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.ids)

    def column(self, name: str) -> Column:
        """A column by its path."""
        column = self.columns[name]
        if isinstance(column, Encoder):
            column = self.columns[name] = column.column()
        return column


def collect(lines: Lines, request: CheckRequest) -> Found:
    """Read all objects, keeping texts, and codes for everything else.

    Raises
    ------
    InputError
        Something is not of the form, a path that the request names leads nowhere, ids are not distinct.
    """
    found = Found(where=lines.name)
    paths = _paths(request)
    asked = {path for use, path in paths.items() if use not in ("model", "dataset")}
    asked |= {path for path in (request.id, request.prompt, request.response, request.model) if path is not None}
    getters = {path: getter(path) for path in dict.fromkeys(paths.values())}
    for path in getters:
        found.columns[path] = Encoder(f"{lines.name}, {path!r}")
    numeric = {c: getter(c) for c in (*(c for _, c in request.scores), *((request.weight,) if request.weight else ()))}
    found.numbers = {c: [] for c in numeric}
    written = {column: getter(column) for _, column in request.rationales}
    found.texts = {column: [] for column in written}
    asked |= {*numeric, *written}
    named = [request.id or "item_id", request.prompt or "prompt", request.response or "response"]
    texts = [getter(path) for path in named]
    first: list[dict[str, Any]] = []
    records = iter(lines)
    while chunk := list(islice(records, _CHUNK)):
        first = first or [record for _, record in chunk[:100]]
        at = [line for line, _ in chunk]
        asked = {path for path in asked if all(getter(path)(record) is ABSENT for _, record in chunk)}
        for path, get in getters.items():
            encoder = found.columns[path]
            assert isinstance(encoder, Encoder)
            encoder.add_any([get(record) for _, record in chunk], at)
        for path, get in numeric.items():
            raw = [None if (cell := get(record)) is ABSENT else cell for _, record in chunk]
            found.numbers[path].append(to_floats(raw, f"{lines.name}, {path!r}", found.n + 1))
        for path, get in written.items():
            found.texts[path] += [to_text(get(r), f"{lines.name}, {path!r}, line {line}") for line, r in chunk]
        for line, record in chunk:
            _add(found, record, f"{lines.name}, line {line}", texts)
        _flush(found)
    if not found.ids:
        raise InputError("the file has no rows", where=lines.name, expected="one JSON object a line")
    if asked:
        raise missing_column(lines.name, min(asked), known_paths(first))
    check_ids(found.ids, lines.name)
    left_out = {"blank_line": lines.blank} if lines.blank else {}
    found.source = {"name": lines.name, "sha256": lines.sha256, "rows": found.n, "left_out": left_out}
    return found


def _paths(request: CheckRequest) -> dict[str, str]:
    """Columns that are read as codes, by what they are for."""
    paths = {"model": request.model or "model", "dataset": "dataset"}
    paths |= {f"slice {name}": name for name in request.slices}
    paths |= {f"votes {name}": name for name, _ in request.votes}
    for use, column in (("group", group_column(request)), ("selected", request.selection_column)):
        paths |= {use: column} if column is not None else {}
    return paths | ({"reference": request.reference_column} if request.reference_column else {})


def _add(found: Found, record: dict[str, Any], where: str, texts: Sequence[Any]) -> None:
    row = len(found.ids)
    item, prompt, response = (get(record) for get in texts)
    found.ids.append(to_text(item, f"{where}, item_id"))
    found.prompts.append(to_text(prompt, f"{where}, prompt"))
    found.responses.append(to_text(response, f"{where}, response"))
    found.has_responses |= response is not ABSENT
    meta = record.get("meta")
    found.finish_reasons.append(finish_reason(meta))
    if type(meta) is dict and (how := meta.get(SELECTED_BY)) is not None:
        _add_selection(found.selected_in_meta, row, how, f"{where}, meta")
    verdicts = record.get("judge_verdicts")
    if verdicts is not None:
        if type(verdicts) is not dict:
            raise InputError("judge_verdicts must be an object", where=where, got=type(verdicts).__name__)
        for key, value in verdicts.items():
            _add_verdicts(found, row, key, value, where)
    for said in _entries.labels(record, where):
        key = (said.kind, said.annotator, said.dimension)
        (found.labels.get(key) or found.labels.setdefault(key, Cells(where))).add(row, said.value)
        _add_inclusion(found, row, said, where)
    told = False
    for said in _entries.references(record, where):
        place = (said.kind, said.dimension)
        (found.references.get(place) or found.references.setdefault(place, Cells(where))).add(row, said.value)
        _add_inclusion(found, row, said, where)
        told = True
    if not told and (scalar := _entries.human_reference(record)) is not None:
        found.scalar = found.scalar or Cells(where)
        found.scalar.add(row, scalar)
    if row == 0 and "rubrics" in record:
        found.declared = {r.name: r for r in declared_rubrics(record["rubrics"], where)}


def _add_verdicts(found: Found, row: int, key: str, value: Any, where: str) -> None:
    answers = found.verdicts.get(key)
    if answers is None:
        answers = found.verdicts[key] = Answers()
    if type(value) is not dict and type(value) is not list:
        cells = answers.cells.get(1)
        if cells is None:
            cells = answers.cells[1] = Cells(f"{found.where}, {key!r}")
        cells.add(row, value)
        return
    for verdict in _entries.verdicts(value, f"{where}, {shown(key)}"):
        cells = answers.cells.setdefault(verdict.trial, Cells(f"{found.where}, {key!r}"))
        cells.add(row, verdict.cell)
        if verdict.score is not None:
            rows, scores = answers.scores.setdefault(verdict.trial, ([], []))
            rows.append(row)
            scores.append(verdict.score)
        if (why := verdict.fields.get("rationale")) is not None:
            rows, texts = answers.rationales.setdefault(verdict.trial, ([], []))
            rows.append(row)
            texts.append(to_text(why, f"{where}, {shown(key)}, rationale"))


def _add_inclusion(found: Found, row: int, said: _entries.Said, where: str) -> None:
    if said.weight is not None:
        _add_weight(found, row, said, where)
    if (how := said.fields.get(SELECTED_BY)) is not None:
        _add_selection(found.selected.setdefault((said.kind, said.dimension), {}), row, how, where)


def _add_selection(words: dict[int, set[str]], row: int, how: Any, where: str) -> None:
    word = to_text(how, f"{where}, {SELECTED_BY}").strip()
    if word:
        words.setdefault(row, set()).add(word)


def _add_weight(found: Found, row: int, said: _entries.Said, where: str) -> None:
    weights = found.weights.setdefault((said.kind, said.dimension), {})
    assert said.weight is not None
    if weights.setdefault(row, said.weight) != said.weight:
        raise InputError(
            "one item's labels have two weights",
            where=where,
            got=f"{weights[row]:g} and {said.weight:g}",
            expected="one inclusion weight an item",
        )


def _flush(found: Found) -> None:
    every = [*found.labels.values(), *found.references.values()]
    every += [cells for answers in found.verdicts.values() for cells in answers.cells.values()]
    for cells in [*every, *([found.scalar] if found.scalar is not None else [])]:
        cells.flush()
