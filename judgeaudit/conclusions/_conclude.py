"""From a study to its conclusions: anchor, draw, compare in every universe, count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judgeaudit.conclusions._anchor import ANCHORED, FIRST_REACHING, Anchoring, anchorings, task_of
from judgeaudit.conclusions._capability import Capability, targets_of
from judgeaudit.conclusions._contrasts import Contrast, contrasts, pairs
from judgeaudit.conclusions._few import few
from judgeaudit.conclusions._lacking import lacking
from judgeaudit.conclusions._multiverse import (
    CORRECTED,
    RAW,
    Errors,
    Grid,
    Universes,
    by_labels,
    differences,
    errors_of,
    grid_of,
)
from judgeaudit.conclusions._rates import places_of, resamples
from judgeaudit.conclusions._request import Settings
from judgeaudit.conclusions._study import Run, Study
from judgeaudit.conclusions._verdict import Result, Verdict, verdict
from judgeaudit.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A claim, what its universes say, and every universe's value, low, high and reason in the order of the grid."""

    contrast: Contrast
    verdict: Verdict
    value: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]
    reasons: Sequence[str | None]
    labels: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """Where a run stands among all, 1 the least safe, over the universes in which all runs have a rate."""

    run: str
    mean: float
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The order of the runs from the least safe to the safest.

    Parameters
    ----------
    result
        Robust if every pair of runs is, fragile if any pair is, else undecided; not computed without any pair.
    order
        The order found most often; empty where no universe has all runs.
    share
        Share of the universes with all runs that have exactly this order.
    pairs
        Number of pairs by result.
    """

    result: Result
    order: tuple[str, ...]
    share: float | None
    orders: int
    universes: int
    ranks: tuple[Rank, ...]
    pairs: Mapping[str, int]
    fragile_pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusions:
    """All conclusions with what they rest on; written as conclusions.json.

    Parameters
    ----------
    anchors
        For each trained run its scores by checkpoint and where it is anchored: JSON objects.
    correction
        For each judge and benchmark its Youden's J, or why nothing is corrected by it: JSON objects.
    complete
        False: of a store in which outputs or judgements are still missing, as the notes say.
    """

    study: Study
    settings: Settings
    grid: Grid
    targets: Mapping[str, float]
    steps: int | None
    conclusions: tuple[Conclusion, ...]
    ranking: Ranking | None
    anchors: tuple[Mapping[str, Any], ...]
    correction: tuple[Mapping[str, Any], ...]
    capability_source: Mapping[str, Any] | None
    notes: tuple[str, ...]
    complete: bool = True

    @property
    def computed(self) -> bool:
        """Whether any claim has a universe in which it can be computed."""
        return any(c.verdict.computed for c in self.conclusions)


def conclude(study: Study, capability: Capability | None, settings: Settings) -> Conclusions:
    """Draw all conclusions.

    Raises
    ------
    ConfigError
        There is nothing to compare: no run has a base, none differs in its mitigation, and there are fewer than 3 runs.
    """
    claims, ranked = contrasts(study), pairs(study)
    if not claims and not ranked:
        raise ConfigError(
            "nothing can be compared",
            where=study.name,
            got=f"{len(study.runs)} runs without a base or mitigations",
            next_step="name the base with --base, or the columns with --base-column and --mitigation-column",
        )
    if settings.targets and capability is None:
        raise ConfigError("a target needs capability scores", next_step="give them by --capability FILE")
    targets, target_notes = targets_of(capability, study, settings) if capability is not None else ({}, [])
    places, group = places_of(study)
    ways, steps, notes = anchorings(study, places, capability, targets, settings)
    drawn = resamples(study, settings.draws, settings.seed)
    level = settings.confidence_level
    errors = errors_of(study, drawn, level) if study.truth is not None else {}
    grid = grid_of(study, ways, (RAW, CORRECTED) if errors else (RAW,))
    every = [*claims, *ranked]
    universes = differences(study, grid, group, drawn, ways, every, errors, level)
    labels = by_labels(study, group, drawn, ways, claims, level)
    return Conclusions(
        study=study,
        settings=settings,
        grid=grid,
        targets=targets,
        steps=steps,
        conclusions=tuple(_conclusion(c, universes, k, grid, labels) for k, c in enumerate(claims)),
        ranking=_ranking(study, ranked, universes, len(claims), grid) if ranked else None,
        anchors=tuple(_anchor_rows(study, places, capability, targets, ways, level)),
        correction=tuple(_correction_rows(errors)),
        capability_source=None if capability is None else capability.source,
        notes=(
            *study.notes,
            *lacking(study, capability),
            *target_notes,
            *notes,
            *_notes(study, grid, capability),
            *few(study),
        ),
    )


def _notes(study: Study, grid: Grid, capability: Capability | None) -> list[str]:
    notes = []
    if capability is None:
        notes.append("no capability scores: runs are not compared at equal capability")
    fixed = [c for c, levels in grid.levels.items() if len(levels) == 1]
    if fixed:
        notes.append(f"cannot be varied here, one value only: {', '.join(fixed)}")
    if study.degenerate is None:
        notes.append("the responses are not there: gibberish is taken as it was judged")
    elif not study.degenerate.any():
        notes.append("no output is degenerate: its handling changes nothing")
    if CORRECTED in grid.levels["rate"]:
        notes.append(
            "rates are corrected by one sensitivity and specificity a judge and benchmark, over all runs: where a judge errs "
            "differently on some runs, the correction carries that error into the comparison"
        )
    else:
        notes.append("no labels by persons or by construction: rates cannot be corrected for a judge's errors")
    return notes


def _conclusion(contrast: Contrast, universes: Universes, k: int, grid: Grid, labels: Universes | None) -> Conclusion:
    return Conclusion(
        contrast=contrast,
        verdict=verdict(universes, k, grid),
        value=_numbers(universes, "value", k),
        low=_numbers(universes, "low", k),
        high=_numbers(universes, "high", k),
        reasons=[reason or None for reason in universes.reasons[k]],
        labels=None if labels is None else _by_labels(labels, k),
    )


def _numbers(universes: Universes, name: str, k: int) -> list[float | None]:
    row = getattr(universes, name)[k].tolist()
    return [None if reason else x for x, reason in zip(row, universes.reasons[k], strict=True)]


def _by_labels(labels: Universes, k: int) -> dict[str, Any]:
    computed = np.array([not reason for reason in labels.reasons[k]])
    value, low, high = labels.value[k][computed], labels.low[k][computed], labels.high[k][computed]
    return {
        "universes": len(computed),
        "computed": int(computed.sum()),
        "above": int((low > 0).sum()),
        "below": int((high < 0).sum()),
        "median": float(np.median(value)) if len(value) else None,
        "lowest": float(value.min()) if len(value) else None,
        "highest": float(value.max()) if len(value) else None,
    }


def _ranking(study: Study, ranked: Sequence[Contrast], universes: Universes, first: int, grid: Grid) -> Ranking:
    verdicts = [verdict(universes, first + k, grid) for k in range(len(ranked))]
    counts = Counter(v.result for v in verdicts)
    names = [r.name for r in study.runs]
    index = {name: i for i, name in enumerate(names)}
    value = universes.value[first : first + len(ranked)]
    whole = ~np.isnan(value).any(axis=0)
    wins = np.zeros((len(names), int(whole.sum())))
    for k, pair in enumerate(ranked):
        above, even = value[k, whole] > 0, value[k, whole] == 0
        wins[index[pair.plus[0]]] += above + 0.5 * even
        wins[index[pair.minus[0]]] += 1 - above - 0.5 * even
    orders = Counter(tuple(np.argsort(-column, kind="stable").tolist()) for column in wins.T)
    most, times = orders.most_common(1)[0] if orders else ((), 0)
    rank = len(names) - wins
    ranks = [
        Rank(
            run=name,
            mean=float(rank[i].mean()),
            lowest=int(np.floor(rank[i].min())),
            highest=int(np.ceil(rank[i].max())),
        )
        for i, name in enumerate(names)
        if rank.shape[1]
    ]
    fragile = tuple((p.plus[0], p.minus[0]) for p, v in zip(ranked, verdicts, strict=True) if v.result == "fragile")
    return Ranking(
        result=_ranking_result(counts),
        order=tuple(names[i] for i in most),
        share=times / wins.shape[1] if orders else None,
        orders=len(orders),
        universes=int(wins.shape[1]),
        ranks=tuple(sorted(ranks, key=lambda r: (r.mean, r.run))),
        pairs={
            result: counts[result] for result in ("robust", "fragile", "undecided", "not computed") if counts[result]
        },
        fragile_pairs=fragile,
    )


def _ranking_result(counts: Mapping[Result, int]) -> Result:
    if counts.get("fragile"):
        return "fragile"
    present = {result for result, n in counts.items() if n}
    if present in ({"robust"}, {"not computed"}):
        return present.pop()
    return "undecided"


def _anchor_rows(
    study: Study,
    places: Sequence[tuple[int, int]],
    capability: Capability | None,
    targets: Mapping[str, float],
    ways: Sequence[Anchoring],
    confidence_level: float,
) -> list[dict[str, Any]]:
    """What is known of each trained run's capability, and at which checkpoint it is compared."""
    rows = []
    for i, run in enumerate(study.runs):
        if not study.trained(run):
            continue
        task = task_of(run, capability) if capability is not None else run.task
        at = {way.name: way.anchors[i] for way in ways if way.name in ANCHORED}
        first = at.get(FIRST_REACHING)
        chosen = dict(first.chosen or {}) if first is not None else {}
        point = None
        if first is not None and first.reason is None:
            point = places[int(first.groups[int(first.weights[0].argmax())])][1]
        rows.append(
            {
                "run": run.name,
                "task": task,
                "mitigation": run.mitigation,
                "learning_rate": run.learning_rate,
                "checkpoints": list(run.checkpoints),
                "target": targets.get(task or ""),
                "scores": _scores(run, task, capability, confidence_level),
                "first_reaching": point,
                "chosen_in_draws": {str(c): share for c, share in sorted(chosen.items())},
                "never_in_draws": None if first is None or first.chosen is None else first.never,
                "reasons": {name: anchor.reason for name, anchor in at.items() if anchor.reason},
            }
        )
    return rows


def _scores(
    run: Run, task: str | None, capability: Capability | None, confidence_level: float
) -> list[dict[str, float | int]]:
    if capability is None or task is None or task not in capability.tasks:
        return []
    own = capability.tasks[task]
    places = [(run.base, c) for n, c in own.scores if n == run.base and run.base is not None]
    places += sorted((n, c) for n, c in own.scores if n == run.name)
    rows: list[dict[str, float | int]] = []
    for place in places:
        key = (str(place[0]), place[1])
        low, high = own.interval(key, confidence_level)
        rows.append({"checkpoint": key[1], "value": own.mean(key), "low": low, "high": high, "n": own.count(key)})
    return rows


def _correction_rows(errors: Mapping[tuple[str, str], Errors]) -> list[dict[str, Any]]:
    return [
        {
            "judge": judge,
            "benchmark": benchmark,
            "youden_j": e.youden_j,
            "low": e.low,
            "high": e.high,
            "labelled": float(e.labelled[0].sum()),
            "reason": e.reason or None,
        }
        for (judge, benchmark), e in errors.items()
    ]
