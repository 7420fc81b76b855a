"""Capability scores by run and checkpoint: read, resampled by item, and the target to be reached."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from judgeaudit.conclusions._read import steps
from judgeaudit.conclusions._request import CapabilityColumns, Settings
from judgeaudit.conclusions._study import Study
from judgeaudit.errors import ConfigError, InputError, nearest
from judgeaudit.model import number
from judgeaudit.readers._codes import Column
from judgeaudit.readers._read import reader_of
from judgeaudit.readers._table import Needs
from judgeaudit.sums.intervals import Interval, wilson, z_of
from judgeaudit.sums.resample import generator
from judgeaudit.table import Floats

STEP = 0.05
"""Targets that are not stated are whole multiples of this."""
Place = tuple[str, int]
"""A run and a checkpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The scores of one task's runs on the same items.

    Parameters
    ----------
    items
        Ids of the items.
    scores
        For each run and checkpoint (items,) scores in [0, 1], NaN where an item was not measured.
    """

    name: str
    items: Sequence[str]
    scores: Mapping[Place, Floats]

    def mean(self, place: Place) -> float:
        """Share of the measured items that were right."""
        return float(np.nanmean(self.scores[place]))

    def count(self, place: Place) -> int:
        """Number of measured items."""
        return int((~np.isnan(self.scores[place])).sum())

    def interval(self, place: Place, confidence_level: float) -> Interval:
        """Two-sided Wilson interval of the score."""
        n = self.count(place)
        return wilson(self.mean(place) * n, n, z_of(confidence_level))


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """All tasks, and where they were read from."""

    tasks: Mapping[str, Task]
    source: Mapping[str, object]

    def of_run(self, run: str) -> list[str]:
        """The tasks that a run was measured on."""
        return [name for name, task in self.tasks.items() if any(r == run for r, _ in task.scores)]


def read_capability(path: Path, columns: CapabilityColumns, study: Study) -> Capability:
    """Read the scores, one row an item, run and checkpoint.

    Raises
    ------
    InputError
        A score is outside [0, 1], one item is there twice, a cell is empty, or no run is one of the outputs'.
    """
    names = (columns.run, columns.task, columns.checkpoint, columns.item, columns.correct)
    table = reader_of(path).read(path, Needs(codes=names))
    run, task, checkpoint, item, correct = (_cells(table.codes[c], c, table.name) for c in names)
    known = {r.name for r in study.runs}
    if not known & set(run):
        raise InputError(
            "no run of the outputs has a capability score",
            where=table.name,
            got=repr(run[0]),
            next_step=nearest(run[0], known),
        )
    found: dict[str, dict[Place, dict[str, float]]] = {}
    for row in range(table.n):
        where = f"{table.name}, row {row + 1}"
        place = (run[row], steps(checkpoint[row], where))
        score = number(correct[row])
        if score is None or not 0 <= score <= 1:
            expected = "0 for wrong, 1 for right, or a share between; 50 % is written 0.5"
            raise InputError("a score must lie in [0, 1]", where=where, got=repr(correct[row]), expected=expected)
        cell = found.setdefault(task[row], {}).setdefault(place, {})
        if item[row] in cell:
            raise InputError(
                "one item was scored twice", where=where, got=f"{item[row]!r} of {place[0]!r} at {place[1]}"
            )
        cell[item[row]] = score
    strangers = sorted(set(run) - known)
    source = dict(table.source)
    if strangers:
        source["runs_without_outputs"] = strangers
    return Capability(tasks={name: _task(name, places) for name, places in sorted(found.items())}, source=source)


def _cells(column: Column, name: str, where: str) -> list[str]:
    empty = np.flatnonzero(column.codes < 0)
    if len(empty):
        raise InputError("an empty cell", where=f"{where}, column {name!r}, row {empty[0] + 1}", expected="a value")
    return [column.values[code] for code in column.codes.tolist()]


def _task(name: str, places: Mapping[Place, Mapping[str, float]]) -> Task:
    items = sorted({item for scores in places.values() for item in scores})
    return Task(
        name=name,
        items=items,
        scores={place: np.array([scores.get(i, math.nan) for i in items]) for place, scores in places.items()},
    )


def drawn(task: Task, draws: int, seed: int) -> Mapping[Place, tuple[Floats, Floats]]:
    """Sums of scores and numbers of items in the data (row 0) and in `draws` resamples of the task's items.

    All runs and checkpoints of a task share the resamples: they were measured on the same items.

    Returns
    -------
    For each run and checkpoint two arrays of shape (1 + draws,).
    """
    n = len(task.items)
    weights = np.ones((draws + 1, n))
    weights[1:] = generator(seed, f"capability:{task.name}").multinomial(n, np.full(n, 1 / n), size=draws)
    places = list(task.scores)
    scores = np.stack([task.scores[place] for place in places], axis=1)
    measured = ~np.isnan(scores)
    right, counts = weights @ np.where(measured, scores, 0.0), weights @ measured
    return {place: (right[:, i], counts[:, i]) for i, place in enumerate(places)}


def reaching(right: Floats, counts: Floats, settings: Settings) -> Floats:
    """What is held against the target: the score, or the lower end of its interval; NaN without items."""
    with np.errstate(invalid="ignore", divide="ignore"):
        p = right / counts
        if settings.reach == "value":
            return np.asarray(p)
        z = z_of(settings.confidence_level)
        centre = (p + z * z / (2 * counts)) / (1 + z * z / counts)
        half = z / (1 + z * z / counts) * np.sqrt(p * (1 - p) / counts + z * z / (4 * counts * counts))
        return np.asarray(np.maximum(centre - half, 0.0))


def targets_of(capability: Capability, study: Study, settings: Settings) -> tuple[dict[str, float], list[str]]:
    """The target of each task, and notes on those that were not stated.

    Raises
    ------
    ConfigError
        A target names a task that is not there.
    """
    for asked in settings.targets:
        if asked and asked not in capability.tasks:
            raise ConfigError("no task of that name", got=repr(asked), next_step=nearest(asked, capability.tasks))
    targets, notes = {}, []
    for name, task in capability.tasks.items():
        stated = settings.targets.get(name, settings.targets.get(""))
        if stated is not None:
            targets[name] = stated
            continue
        highest = _highest_common(task, {r.name for r in study.runs if study.trained(r)}, settings)
        if highest is None:
            notes.append(f"task {name}: no target was stated, and no level is reached by every run")
            continue
        targets[name] = highest
        notes.append(
            f"task {name}: no target was stated; {highest:.2f} is the highest multiple of {STEP} that every run reaches"
        )
    return targets, notes


def _highest_common(task: Task, trained: set[str], settings: Settings) -> float | None:
    best: dict[str, float] = {}
    for (run, _), scores in task.scores.items():
        if run in trained:
            counts = np.array([float((~np.isnan(scores)).sum())])
            reached = float(reaching(np.array([float(np.nansum(scores))]), counts, settings)[0])
            best[run] = max(best.get(run, 0.0), reached)
    level = math.floor(min(best.values(), default=0.0) / STEP + 1e-9) * STEP
    return round(level, 9) or None
