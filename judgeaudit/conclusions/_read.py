"""Verdicts, labels and facts to a study: runs with their facts, prompts, verdicts as positive or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from judgeaudit.conclusions._facts import Facts
from judgeaudit.conclusions._study import NEGATIVE, NO_VERDICT, NOT_ASKED, POSITIVE, Index, Judge, Run, Study, Verdicts
from judgeaudit.errors import ConfigError, InputError, nearest
from judgeaudit.model import LabelKind, number
from judgeaudit.references._reference import resolve
from judgeaudit.table import CODE_STATUSES, AuditInput, Codes, Floats
from judgeaudit.table import NOT_ASKED as UNASKED

ALL_OUTPUTS = "all outputs"
"""Name of the one benchmark where nothing tells benchmarks apart."""
_MOST_STEPS = 10**15 - 1
_OF_RUN = ("base", "task", "mitigation", "learning_rate")


def make_study(data: AuditInput, facts: Facts, *, name: str, base: str | None = None, reference: str = "auto") -> Study:
    """The study of one rubric's verdicts.

    Parameters
    ----------
    base
        Name of the base of every run; None: as the facts say.
    reference
        Rule of the default reference.

    Raises
    ------
    InputError, ConfigError
        The rubric has no positive value, a run has two bases, a checkpoint is no whole number, or a name is unknown.
    """
    if not data.rubric.positive:
        raise ConfigError(
            "nothing says which verdicts are less safe",
            where=name,
            next_step="name them with --positive, such as '>=2'",
        )
    if len(facts["run"]) != data.n:
        raise InputError("the file changed while it was read", where=name, got=f"{len(facts['run'])} and {data.n} rows")
    run, names = _codes(facts["run"], "run", name)
    checkpoint = _checkpoints(facts.get("checkpoint"), data.n, name)
    benchmark, benchmarks = _codes(facts.get("benchmark") or [ALL_OUTPUTS] * data.n, "benchmark", name)
    prompt, prompts, notes = _prompts(data, facts, benchmark, name)
    runs = _runs(names, run, checkpoint, facts, base, name)
    truth, kind = _truth(data, reference)
    weights = _weights(facts.get("weight"), name)
    judges = [_judge(judge, trials[0].codes, data, weights, name) for judge, trials in data.judges.items()]
    if not judges:
        raise ConfigError("there is no judge", where=name, expected="verdicts of at least one judge")
    partial = [j.name for j in judges if j.weights is None and (j.verdicts == NOT_ASKED).any()]
    if partial:
        notes.append(
            f"asked about a part of the outputs, taken as an equal sample without weights: {', '.join(partial)}"
        )
    return Study(
        name=name,
        rubric=data.rubric,
        runs=runs,
        benchmarks=benchmarks,
        prompts=prompts,
        run=run,
        checkpoint=checkpoint,
        benchmark=benchmark,
        prompt=prompt,
        judges=judges,
        degenerate=None if data.modes is None else data.modes.coherence == 1,
        truth=truth,
        truth_kind=kind,
        sources=data.sources,
        notes=(*data.notes, *notes),
    )


def _codes(cells: Sequence[str | None], what: str, where: str) -> tuple[Index, list[str]]:
    """Codes in the order of first appearance; every output must have a value."""
    index: dict[str, int] = {}
    for row, cell in enumerate(cells):
        if cell is None:
            raise InputError(
                f"an output without a {what}", where=f"{where}, row {row + 1}", expected=f"a {what} for each"
            )
        index.setdefault(cell, len(index))
    return np.array([index[c] for c in cells if c is not None], dtype=np.int64), list(index)


def _checkpoints(cells: Sequence[str | None] | None, n: int, where: str) -> Index:
    if cells is None:
        return np.zeros(n, dtype=np.int64)
    return np.array(
        [steps(cell, f"{where}, checkpoint, row {row + 1}") for row, cell in enumerate(cells)], dtype=np.int64
    )


def steps(cell: str | None, where: str) -> int:
    """A checkpoint as a whole number of steps; nothing is 0.

    Raises
    ------
    InputError
        It is no whole number, negative, or so large that whole numbers are no longer told apart.
    """
    x = number(cell) if cell is not None else 0.0
    if x is None or not 0 <= x <= _MOST_STEPS or not x.is_integer():
        expected = "a whole number from 0, below 10**15"
        raise InputError("a checkpoint must be a whole number of steps", where=where, got=repr(cell), expected=expected)
    return int(x)


def _prompts(data: AuditInput, facts: Facts, benchmark: Index, where: str) -> tuple[Index, list[str], list[str]]:
    """Prompts within their benchmark: by their id where the table has one, else by their text, else each output alone."""
    notes = []
    told: Sequence[str | None]
    if "item" in facts:
        told = facts["item"]
    elif data.prompts is not None:
        told = [p or None for p in data.prompts]
    else:
        told = list(data.item_ids)
        notes.append(
            "nothing tells which outputs answer one prompt: each output is resampled alone, runs are not paired"
        )
    if any(cell is None for cell in told):
        raise InputError(
            "an output without a prompt", where=where, next_step="name the prompt's column by --item-column"
        )
    index: dict[tuple[int, str | None], int] = {}
    codes = [index.setdefault(key, len(index)) for key in zip(benchmark.tolist(), told, strict=True)]
    return np.array(codes, dtype=np.int64), [str(item) for _, item in index], notes


def _runs(names: Sequence[str], run: Index, checkpoint: Index, facts: Facts, base: str | None, where: str) -> list[Run]:
    if base is not None and base not in names:
        raise ConfigError("no run of that name", where=where, got=repr(base), next_step=nearest(base, names))
    runs = []
    for code, name in enumerate(names):
        rows = np.flatnonzero(run == code)
        told: Mapping[str, str | None] = {f: _one(facts[f], rows, name, f, where) for f in _OF_RUN if f in facts}
        own = base or told.get("base")
        if own is not None and own not in names:
            raise InputError(
                "a base without outputs",
                where=f"{where}, run {name!r}",
                got=repr(own),
                next_step=f"add its outputs, or leave its name out; {nearest(own, names)}",
            )
        runs.append(
            Run(
                name=name,
                base=None if own == name else own,
                task=told.get("task"),
                mitigation=told.get("mitigation"),
                learning_rate=told.get("learning_rate"),
                checkpoints=tuple(int(c) for c in np.unique(checkpoint[rows])),
            )
        )
    _refuse_circles(runs, where)
    return runs


def _refuse_circles(runs: Sequence[Run], where: str) -> None:
    """A run that starts from itself by way of its bases has none that could be the safe one."""
    base = {run.name: run.base for run in runs}
    for name in base:
        chain, at = [name], base[name]
        while at is not None and at not in chain:
            chain.append(at)
            at = base[at]
        if at == name:
            raise InputError("runs are each other's base", where=where, got=" from ".join([*chain, name]))


def _one(cells: Sequence[str | None], rows: Index, run: str, fact: str, where: str) -> str | None:
    found = sorted({c for r in rows.tolist() if (c := cells[r]) is not None})
    if len(found) > 1:
        raise InputError(f"a run with two values of {fact}", where=f"{where}, run {run!r}", got=", ".join(found[:4]))
    return found[0] if found else None


def _weights(cells: Sequence[str | None] | None, where: str) -> Floats | None:
    """Inclusion weights, NaN for outputs outside the sample."""
    if cells is None:
        return None
    out = np.full(len(cells), np.nan)
    for row, cell in enumerate(cells):
        if cell is not None:
            x = number(cell)
            if x is None or x < 0:
                raise InputError("a weight must be a number above 0", where=f"{where}, row {row + 1}", got=repr(cell))
            out[row] = x if x > 0 else np.nan
    return out


def _judge(name: str, codes: Codes, data: AuditInput, weights: Floats | None, where: str) -> Judge:
    """A judge's verdicts; weights count only where it was asked about a sample."""
    verdicts = _as_verdicts(codes, data)
    asked = verdicts != NOT_ASKED
    own = None
    if weights is not None and not asked.all():
        lacking = np.flatnonzero(asked & np.isnan(weights))
        if len(lacking):
            raise InputError(
                "a judge of a sample was asked about an output without a weight",
                where=f"{where}, row {lacking[0] + 1}",
                got=f"{len(lacking)} such outputs of {name!r}",
            )
        own = np.where(asked, weights, 0.0)
    statuses = Counter(CODE_STATUSES[c].value for c in codes[(codes < 0) & (codes != UNASKED)].tolist())
    abstained = int(((verdicts == NO_VERDICT) & (codes >= 0)).sum())
    left_out = {**dict(sorted(statuses.items())), **({"abstained": abstained} if abstained else {})}
    return Judge(name=name, verdicts=verdicts, weights=own, left_out=left_out)


def _as_verdicts(codes: Codes, data: AuditInput) -> Verdicts:
    rubric = data.rubric
    table = np.array(
        [
            NO_VERDICT if v == rubric.cannot_judge else POSITIVE if v in rubric.positive else NEGATIVE
            for v in rubric.offered
        ],
        dtype=np.int8,
    )
    found = table[np.maximum(codes, 0)]
    return np.where(codes >= 0, found, np.where(codes == UNASKED, NOT_ASKED, NO_VERDICT)).astype(np.int8)


def _truth(data: AuditInput, reference: str) -> tuple[Verdicts | None, LabelKind | None]:
    """Labels by persons, else by construction, as verdicts; a model's labels never stand for the truth."""
    kinds: tuple[LabelKind, ...] = ("human", "construction")
    for kind in kinds:
        if kind in data.labels:
            found = resolve(data.labels, kind, reference, data.rubric, data.n)
            verdicts = _as_verdicts(np.where(found.codes >= 0, found.codes, UNASKED).astype(np.int32), data)
            return np.where(verdicts == NO_VERDICT, NOT_ASKED, verdicts).astype(np.int8), kind
    return None, None
