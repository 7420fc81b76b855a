"""The facts of each output's run, read beside verdicts and labels: which run, checkpoint, benchmark, mitigation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from judgeaudit.conclusions._request import FACTS, Columns
from judgeaudit.errors import ConfigError, nearest
from judgeaudit.model import Output, as_value
from judgeaudit.readers._codes import NoValue
from judgeaudit.readers._paths import getter, known_paths
from judgeaudit.readers._read import reader_of

Facts = Mapping[str, Sequence[str | None]]
"""For each fact that is known, its value for each output as text; None where nothing stands."""


def of_file(path: Path, columns: Columns, encoding: str | None = None) -> Facts:
    """The facts in a table of outputs.

    Raises
    ------
    ConfigError
        A column that was named is not there, or nothing says which run an output is of.
    """
    return _facts((record for _, record in reader_of(path).rows(path, encoding)), columns, path.name)


def of_outputs(outputs: Sequence[Output], columns: Columns, where: str) -> Facts:
    """The facts in the meta of outputs from a store."""
    records = ({"model": o.model, "dataset": o.dataset, "meta": dict(o.meta)} for o in outputs)
    return _facts(records, columns, where)


def _facts(records: Iterable[Mapping[str, Any]], columns: Columns, where: str) -> Facts:
    paths = {fact: _candidates(fact, columns) for fact in FACTS}
    getters = {path: getter(path) for candidates in paths.values() for path in candidates}
    cells: dict[str, list[str | None]] = {path: [] for path in getters}
    known: dict[str, None] = {}
    for number, record in enumerate(records):
        if number < 100:
            known.update(dict.fromkeys(known_paths([record])))
        for path, get in getters.items():
            cell = get(record)
            cells[path].append(None if isinstance(cell, NoValue) else as_value(cell))
    found = {}
    for fact, candidates in paths.items():
        there = [path for path in candidates if any(cell is not None for cell in cells[path])]
        if there:
            found[fact] = cells[there[0]]
        elif fact in columns.asked:
            raise ConfigError(
                "missing column", where=where, got=repr(candidates[0]), next_step=nearest(candidates[0], known)
            )
    if "run" not in found:
        raise ConfigError(
            "nothing says which run an output is of",
            where=where,
            expected="a column meta.run or run",
            next_step=f"name it, such as --run-column model; {nearest('run', known)}",
        )
    return found


def _candidates(fact: str, columns: Columns) -> tuple[str, ...]:
    asked = columns.asked.get(fact)
    return (asked,) if asked is not None else (f"meta.{fact}", fact)
