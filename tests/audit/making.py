"""Audit inputs made in a line or two, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from judgeaudit.model import LabelKind, Level, Rubric
from judgeaudit.slices import codes_of
from judgeaudit.table import STATUS_CODES, AuditInput, Codes, Grouping, JudgeInfo, LabelSet, ModeColumns, Ratings


def coded(values: Sequence[str | None], rubric: Rubric) -> Codes:
    """Codes of values; None: not asked (a judge) or no label; a status by its word."""
    words = {str(s): c for s, c in STATUS_CODES.items()}
    return np.array(
        [-1 if v is None else words[v] if v in words else rubric.offered.index(v) for v in values], dtype=np.int32
    )


def made(
    judges: Mapping[str, Sequence[str | None]],
    humans: Mapping[str, Sequence[str | None]] | None = None,
    *,
    values: tuple[str, ...] = ("0", "1"),
    positive: tuple[str, ...] = ("1",),
    level: Level = "nominal",
    cannot_judge: str | None = None,
    labels: Mapping[LabelKind, LabelSet] | None = None,
    responses: Sequence[str] | None = None,
    prompts: Sequence[str] | None = None,
    models: Sequence[str] | None = None,
    coherence: Sequence[int] | None = None,
    modes: Mapping[str, Sequence[bool]] | None = None,
    info: Mapping[str, JudgeInfo] | None = None,
    scores: Mapping[str, Sequence[float]] | None = None,
    clusters: Sequence[int] | None = None,
    weights: Sequence[float] | None = None,
) -> AuditInput:
    """An input with judges "name" or trials "name#1", "name#2"."""
    rubric = Rubric(name="harm", values=values, positive=positive, level=level, cannot_judge=cannot_judge)
    trials: dict[str, list[Ratings]] = {}
    for name, verdicts in judges.items():
        given = (scores or {}).get(name)
        ratings = Ratings(
            name=name, codes=coded(verdicts, rubric), scores=None if given is None else np.array(given, dtype=float)
        )
        trials.setdefault(name.partition("#")[0], []).append(ratings)
    people = {h: Ratings(name=h, codes=coded(v, rubric)) for h, v in (humans or {}).items()}
    n = len(next(iter([*judges.values(), *(humans or {}).values()])))
    named = sorted(set(models)) if models else []
    return AuditInput(
        rubric=rubric,
        item_ids=[f"i{i}" for i in range(n)],
        prompts=prompts,
        responses=responses,
        models=Grouping(codes=np.array([named.index(m) for m in models], dtype=np.int32), names=named)
        if models
        else None,
        judges={j: tuple(r) for j, r in trials.items()},
        judge_info=info or {},
        labels=labels
        if labels is not None
        else ({"human": LabelSet(kind="human", annotators=people)} if people else {}),
        modes=None
        if coherence is None
        else ModeColumns(
            modes={m: np.array(v, dtype=bool) for m, v in (modes or {}).items()},
            coherence=np.array(coherence, dtype=np.int8),
        ),
        clusters=None if clusters is None else codes_of([str(c) for c in clusters]),
        weights=None if weights is None else np.array(weights, dtype=float),
    )


def repeat(*parts: tuple[int, str | None]) -> list[str | None]:
    """repeat((3, "1"), (2, None)) gives 1 1 1 None None."""
    return [value for count, value in parts for _ in range(count)]
