"""What stands in the way of comparing like with like: runs without scores or a base, and mixes of benchmarks that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from judgeaudit.conclusions._capability import Capability
from judgeaudit.conclusions._study import Study

UNEVEN = 0.1
"""Shares of a benchmark that differ more than this between runs are told."""
_MOST = 4


def lacking(study: Study, capability: Capability | None) -> list[str]:
    """What is missing in the data, in words, one note each."""
    notes = [*_bases(study), *_mixes(study)]
    return notes if capability is None else [*notes, *_scores(study, capability)]


def _bases(study: Study) -> Iterator[str]:
    if not study.bases:
        yield "no run has a base: nothing is compared with where it started; --base names one for all runs"
    for run in study.runs:
        if run.name in study.bases and not study.trained(run) and len(run.checkpoints) > 1:
            yield f"{run.name}, a base, has outputs at {_steps(run.checkpoints)} steps; it stands at the last of them"


def _mixes(study: Study) -> Iterator[str]:
    """Rates over all benchmarks pool outputs: where runs have unlike mixes, their difference is partly one of the mix."""
    if len(study.benchmarks) < 2:
        return
    counts = np.zeros((len(study.runs), len(study.benchmarks)))
    np.add.at(counts, (study.run, study.benchmark), 1)
    whole = counts[(counts > 0).all(axis=1)]
    absent = [run.name for run, row in zip(study.runs, counts, strict=True) if not row.all()]
    if absent:
        yield f"no outputs of one of the benchmarks, so not compared on all together: {_listed(absent)}"
    shares = whole / whole.sum(axis=1, keepdims=True)
    if len(whole) and np.ptp(shares, axis=0).max() > UNEVEN:
        yield "runs have the benchmarks in unlike shares: over all benchmarks their difference is partly one of the mix"


def _scores(study: Study, capability: Capability) -> Iterator[str]:
    """Trained runs that cannot be anchored, by what is missing."""
    nothing, other, elsewhere = [], [], []
    for run in study.runs:
        measured = capability.of_run(run.name)
        if not study.trained(run):
            continue
        if not measured:
            nothing.append(run.name)
        elif run.task is not None and run.task not in measured:
            other.append(f"{run.name}, of task {run.task}, on {', '.join(measured)}")
        else:
            at = sorted({c for task in capability.tasks.values() for name, c in task.scores if name == run.name})
            if not set(at) & set(run.checkpoints):
                elsewhere.append(f"{run.name} (scores at {_steps(at)}, outputs at {_steps(run.checkpoints)})")
    if nothing:
        yield f"no capability score, so not compared at equal capability: {_listed(nothing)}"
    if other:
        yield f"capability was measured on another task than a run's own, and is not used: {_listed(other)}"
    if elsewhere:
        yield f"no checkpoint with outputs has a capability score: {_listed(elsewhere)}"


def _steps(checkpoints: Sequence[int]) -> str:
    shown = [str(c) for c in checkpoints]
    return ", ".join(shown if len(shown) <= 2 * _MOST else [*shown[:_MOST], "...", shown[-1]])


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return "; ".join(names) if more <= 1 else f"{'; '.join(names[:_MOST])}; and {more} more"
