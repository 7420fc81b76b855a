"""Pattern counts: of a file chunk by chunk, and from counts, wherever they were made, to the input of an audit.

Figures without texts, scores, clusters and weights are functions of how many items have each pattern of verdicts and labels.
Counts add over chunks, files and databases, so all ways of counting one set of items lead to one input and one audit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from judgeaudit.errors import ConfigError
from judgeaudit.model import LabelKind, Rubric, Status, as_value
from judgeaudit.readers._assemble import assemble
from judgeaudit.readers._codes import STATUS_CELLS, Column, Encoder
from judgeaudit.readers._from_records import scale_of
from judgeaudit.readers._material import Labels, Material, Rater
from judgeaudit.readers._read import reader_of
from judgeaudit.readers._table import missing_column
from judgeaudit.table import AuditInput, Cell, PatternCounts

CHUNK = 10_000
_OK, _MISSING, _SKIPPED = str(Status.OK), str(Status.MISSING), str(Status.SKIPPED)


def count_file(
    path: Path,
    *,
    judges: Mapping[str, str],
    annotators: Mapping[str, str] | None = None,
    encoding: str | None = None,
    chunk: int = CHUNK,
) -> PatternCounts:
    """Count the patterns of a table's columns; never more than `chunk` rows are in memory.

    Parameters
    ----------
    judges, annotators
        Name of the rater to its column.

    Raises
    ------
    InputError
        The file cannot be read, or a column is missing.
    """
    people = annotators or {}
    if chunk < 1:
        raise ConfigError("wrong chunk", got=str(chunk), expected="at least 1 row")
    columns = [*judges.values(), *people.values()]
    whole = PatternCounts(judges=tuple(judges), annotators=tuple(people), counts={})
    seen: set[str] = set()
    rows = (row for _, row in reader_of(path).rows(path, encoding))
    while part := list(islice(rows, chunk)):
        seen.update(*part)
        cells = Counter(tuple(_cell(row, column, i < len(judges)) for i, column in enumerate(columns)) for row in part)
        whole += PatternCounts(judges=whole.judges, annotators=whole.annotators, counts=cells)
    for column in columns:
        if column not in seen:
            raise missing_column(path.name, column, seen)
    return whole


def _cell(row: Mapping[str, Any], column: str, judge: bool) -> Cell:
    """An empty cell is a judge that was asked and gave nothing, or a person who gave no label."""
    if column not in row:
        return _SKIPPED, None
    value = as_value(row[column])
    if value is None:
        return (_MISSING if judge else _SKIPPED), None
    return _OK, value


def counted_input(
    counted: PatternCounts, rubric: Rubric, *, kind: LabelKind = "human", sources: Sequence[Mapping[str, Any]] = ()
) -> AuditInput:
    """The input of an audit, its items in the order of their patterns and named by number.

    Equal counts give equal inputs, whatever was counted first.

    Raises
    ------
    InputError, ConfigError
        A label is off the rubric's scale, a judge shares no value with it, or nothing was counted.

    Examples
    --------
    >>> rubric = Rubric(name="harm", values=("no", "yes"), positive=("yes",))
    >>> counts = {(("ok", "yes"), ("ok", "no")): 2, (("missing", None), ("ok", "yes")): 1}
    >>> data = counted_input(PatternCounts(judges=("j",), annotators=("h",), counts=counts), rubric)
    >>> data.judges["j"][0].codes.tolist(), data.labels["human"].annotators["h"].codes.tolist()
    ([-2, 1, 1], [1, 0, 0])
    """
    patterns = sorted(
        (p for p, n in counted.counts.items() if n), key=lambda p: [(s, v is not None, v or "") for s, v in p]
    )
    times = np.array([counted.counts[p] for p in patterns], dtype=np.int64)
    columns = dict(_columns(patterns, times, [*counted.judges, *counted.annotators]))
    split = len(counted.judges)
    raters = [Rater(name=name, column=columns[i]) for i, name in enumerate([*counted.judges, *counted.annotators])]
    material = Material(
        where="pattern counts",
        item_ids=[str(i) for i in range(1, int(times.sum()) + 1)],
        judges={r.name: [r] for r in raters[:split]},
        labels={kind: Labels(annotators=raters[split:])} if raters[split:] else {},
        sources=sources,
        notes=["items were counted by their patterns of verdicts and labels; their ids are numbers in that order"],
    )
    return assemble(material, scale_of(rubric))


def _columns(patterns: Sequence[tuple[Cell, ...]], times: Any, names: Sequence[str]) -> Iterator[tuple[int, Column]]:
    for i, name in enumerate(names):
        encoder = Encoder(f"pattern counts, {name!r}")
        encoder.add_any(
            [v if status == _OK else STATUS_CELLS[Status(status)] for status, v in (p[i] for p in patterns)]
        )
        column = encoder.column()
        yield i, Column(np.repeat(column.codes, times).astype(np.int32), column.values)
