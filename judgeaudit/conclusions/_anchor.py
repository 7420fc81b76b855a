"""Anchoring: at which checkpoint a run is compared, in the data and anew in every resample of the capability items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgeaudit.conclusions._capability import Capability, drawn, reaching
from judgeaudit.conclusions._request import Settings
from judgeaudit.conclusions._study import Bools, Index, Run, Study
from judgeaudit.table import Floats

FIRST_REACHING = "first checkpoint at target"
EQUAL_CAPABILITY = "interpolated at target"
LAST = "last checkpoint"
FIXED = "fixed steps"
AS_GIVEN = "as given"
"""The one anchoring of runs with one checkpoint each and no capability score."""
ANCHORED = (FIRST_REACHING, EQUAL_CAPABILITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where one run stands under one anchoring.

    Parameters
    ----------
    groups
        (K,) places of outputs, as indices into all pairs of a run and a checkpoint.
    weights
        (1 + draws, K) weight of each place, row 0 in the data; rows sum to 1, or to 0 where the run has no place.
    reason
        Why there is no place in the data; None: there is one.
    chosen
        For each checkpoint the share of draws that chose it, where it depends on the draw.
    """

    groups: Index
    weights: Floats
    reason: str | None = None
    chosen: Mapping[int, float] | None = None
    never: float = 0.0

    @property
    def undefined(self) -> Bools:
        """(1 + draws,) whether the run has no place."""
        return np.asarray(self.weights.sum(axis=1) == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchoring:
    """One way of anchoring, with an anchor for each run."""

    name: str
    anchors: Sequence[Anchor]


def anchorings(
    study: Study,
    places: Sequence[tuple[int, int]],
    capability: Capability | None,
    targets: Mapping[str, float],
    settings: Settings,
) -> tuple[list[Anchoring], int | None, list[str]]:
    """All ways of anchoring that these runs allow, the fixed number of steps, and notes.

    Parameters
    ----------
    places
        (run, checkpoint) pairs that have outputs.
    targets
        By task; empty where there is no capability.
    """
    builder = _Builder(study, places, settings)
    if not any(len(r.checkpoints) > 1 for r in study.runs) and capability is None:
        return [Anchoring(name=AS_GIVEN, anchors=[builder.last(r) for r in study.runs])], None, []
    made, notes = [], []
    if capability is not None and targets:
        at = _Capable(builder, capability, targets, settings)
        made += [Anchoring(name=FIRST_REACHING, anchors=[at.first(r) for r in study.runs])]
        made += [Anchoring(name=EQUAL_CAPABILITY, anchors=[at.interpolated(r) for r in study.runs])]
    made.append(Anchoring(name=LAST, anchors=[builder.last(r) for r in study.runs]))
    fixed = settings.steps if settings.steps is not None else _half_way(study)
    if fixed is None:
        notes.append("no checkpoint but the last is shared by all runs: a fixed number of steps is not compared")
    else:
        made.append(Anchoring(name=FIXED, anchors=[builder.fixed(r, fixed) for r in study.runs]))
    return made, fixed, notes


def _half_way(study: Study) -> int | None:
    """The shared checkpoint nearest to half of the longest training; None where that is every run's last."""
    trained = [set(r.checkpoints) for r in study.runs if study.trained(r)]
    shared = sorted(c for c in set.intersection(*trained) if c > 0) if trained else []
    if not shared:
        return None
    last = max(max(c) for c in trained)
    nearest = min(shared, key=lambda c: (abs(c - last / 2), c))
    return None if all(nearest == max(c) for c in trained) else nearest


class _Builder:
    """Anchors that depend on no capability."""

    def __init__(self, study: Study, places: Sequence[tuple[int, int]], settings: Settings) -> None:
        self.study, self.rows = study, settings.draws + 1
        self.place = {place: i for i, place in enumerate(places)}

    def group(self, run: str, checkpoint: int) -> int:
        return self.place[self.study.index(run), checkpoint]

    def at(self, run: Run, checkpoint: int) -> Anchor:
        groups = np.array([self.group(run.name, checkpoint)])
        return Anchor(groups=groups, weights=np.ones((self.rows, 1)))

    def nowhere(self, run: Run, reason: str) -> Anchor:
        groups = np.array([self.group(run.name, run.checkpoints[-1])])
        return Anchor(groups=groups, weights=np.zeros((self.rows, 1)), reason=reason)

    def last(self, run: Run) -> Anchor:
        return self.at(run, run.checkpoints[-1])

    def fixed(self, run: Run, steps: int) -> Anchor:
        if not self.study.trained(run):
            return self.last(run)
        return self.at(run, steps) if steps in run.checkpoints else self.nowhere(run, "no_such_checkpoint")


class _Capable:
    """Anchors at the target."""

    def __init__(
        self, builder: _Builder, capability: Capability, targets: Mapping[str, float], settings: Settings
    ) -> None:
        self.build, self.targets, self.settings = builder, targets, settings
        self.capability = capability
        self.sums = {name: drawn(task, settings.draws, settings.seed) for name, task in capability.tasks.items()}

    def first(self, run: Run) -> Anchor:
        """The first checkpoint that reaches the target; a base, which was not trained, stands where it is."""
        if not self.build.study.trained(run):
            return self.build.last(run)
        task = task_of(run, self.capability)
        steps = [c for c in run.checkpoints if c > 0 and task and (run.name, c) in self.sums[task]]
        if not steps or task is None or task not in self.targets:
            return self.build.nowhere(run, "no_capability")
        held = [reaching(*self.sums[task][run.name, c], self.settings) for c in steps]
        reached = np.stack(held, axis=1) >= self.targets[task] - 1e-12
        chosen, any_reached = reached.argmax(axis=1), np.asarray(reached.any(axis=1), dtype=np.bool_)
        weights = np.zeros((self.build.rows, len(steps)))
        weights[np.flatnonzero(any_reached), chosen[any_reached]] = 1.0
        shares = weights[1:].mean(axis=0)
        return Anchor(
            groups=np.array([self.build.group(run.name, c) for c in steps]),
            weights=weights,
            reason=None if any_reached[0] else "never_reaches_target",
            chosen={c: float(s) for c, s in zip(steps, shares, strict=True) if s > 0},
            never=float(1 - any_reached[1:].mean()),
        )

    def interpolated(self, run: Run) -> Anchor:
        """Between the last checkpoint below the target and the first that reaches it; the base is the first of all."""
        if not self.build.study.trained(run):
            return self.build.last(run)
        task = task_of(run, self.capability)
        if task is None or task not in self.targets:
            return self.build.nowhere(run, "no_capability")
        sums = self.sums[task]
        bases = [r for r in self.build.study.runs if r.name == run.base]
        start = [(r.name, c) for r in bases for c in r.checkpoints[-1:] if (r.name, c) in sums]
        points = [*start, *((run.name, c) for c in run.checkpoints if c > 0 and (run.name, c) in sums)]
        if len(points) < 2:
            return self.build.nowhere(run, "no_capability")
        score = np.stack([sums[p][0] / np.maximum(sums[p][1], 1e-300) for p in points], axis=1)
        weights, reached = _between(score, self.targets[task])
        reason = None
        if weights[0].sum() == 0:
            reason = "never_reaches_target" if not reached[0] else "starts_at_target" if start else "no_earlier_score"
        groups = np.array([self.build.group(*p) for p in points])
        return Anchor(groups=groups, weights=weights, reason=reason, never=float(1 - reached[1:].mean()))


def _between(score: Floats, target: float) -> tuple[Floats, Bools]:
    """Weights of the two points around the target's first crossing from below, and whether the target is reached at all."""
    reached = score >= target - 1e-12
    after, any_reached = reached.argmax(axis=1), np.asarray(reached.any(axis=1), dtype=np.bool_)
    rows = np.flatnonzero(any_reached & (after > 0))
    up, down = score[rows, after[rows]], score[rows, after[rows] - 1]
    share = np.clip((target - down) / (up - down), 0.0, 1.0)
    weights = np.zeros_like(score)
    weights[rows, after[rows]] = share
    weights[rows, after[rows] - 1] = 1 - share
    return weights, any_reached


def task_of(run: Run, capability: Capability) -> str | None:
    """The task that a run's capability is of: the one its facts name, else the one it was measured on."""
    measured = capability.of_run(run.name)
    if run.task is not None:
        return run.task if run.task in measured else None
    return measured[0] if len(measured) == 1 else None
