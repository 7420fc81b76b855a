"""Recalibrating a judge of a table: fitted on all labelled outputs, judged on folds that the fit has not seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from judgeaudit.errors import ConfigError, InputError, nearest
from judgeaudit.judges._folds import connected, spread
from judgeaudit.measures import auroc, brier, calibration_error_squared_debiased, expected_calibration_error
from judgeaudit.model import LABEL_KINDS, LabelKind
from judgeaudit.recalibration._recalibrator import Recalibrator, fit, method
from judgeaudit.references._reference import resolve
from judgeaudit.slices import codes_of
from judgeaudit.sums.intervals import expanded_tail, z_of
from judgeaudit.sums.patterns import Ints, Patterns
from judgeaudit.sums.resample import draw, generator
from judgeaudit.table import AuditInput, Floats

LEAST = 20
"""Fewer labelled outputs than this are no ground for any fit."""
MIN_GROUPS = 30
"""Fewer groups than this give no interval: in simulations it held the truth in 0.83 to 0.93 of the samples (docs/coverage.md)."""
DRAWS = 1000
_BINS = expected_calibration_error.BINS


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalibrated:
    """A recalibrator with how the scores do before and after, on outputs that its fit had not seen.

    `brier_difference` is (after - before, low, high) by resampling groups, conditional on the fits; below 0: better. With fewer
    than 30 groups both ends are None.
    `left_out` are the outputs without a score or a settled label. `reversed_scores`: the judge's scores are lower on positive
    outputs than on negative ones by more than chance, which no way of recalibrating mends.
    """

    recalibrator: Recalibrator
    before: Mapping[str, float | None]
    after: Mapping[str, float | None]
    brier_difference: tuple[float, float | None, float | None]
    n: int
    groups: int
    left_out: Mapping[str, int]
    reversed_scores: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labelled:
    judge: str
    kind: str
    rule: str
    p: Floats
    y: Ints
    weights: Floats
    groups: Ints
    left_out: Mapping[str, int]


def recalibrate(
    data: AuditInput, way: str, *, judge: str | None = None, reference: str = "auto", folds: int = 5, seed: int = 0
) -> Recalibrated:
    """Fit and judge a recalibrator of one judge.

    Parameters
    ----------
    way
        temperature, platt, isotonic or beta.
    judge
        Whose scores; None: the only judge with scores.
    folds
        Each output is judged by a fit on the other folds; clusters, equal prompts and equal texts stay together.

    Raises
    ------
    ConfigError
        Unknown method or judge, or several judges with scores.
    InputError
        No scores, no labels by people or by construction, fewer than 20 labelled outputs, or one class only.
    """
    method(way)
    one = _labelled(data, scored_judge(data, judge), reference)
    fold = spread(one.groups, one.y, folds, seed)
    after = np.full(len(one.p), np.nan)
    for k in np.unique(fold):
        rest = fold != k
        if len(set(one.y[rest].tolist())) < 2 or len(set(one.p[rest].tolist())) < 2:
            raise InputError(
                "a fold leaves one class or one score to learn from",
                got=f"{int(one.y.sum())} positive of {len(one.y)} outputs in {len(np.unique(one.groups))} groups",
                next_step="label more outputs of the rarer class, or take fewer folds",
            )
        after[fold == k] = fit(way, one.p[rest], one.y[rest], one.weights[rest]).apply(one.p[fold == k])
    figures = [_figures(p, one.y, one.weights) for p in (one.p, after)]
    difference = _difference(one, after, seed)
    info = data.judge_info.get(one.judge)
    about = {
        "judge": one.judge,
        "fingerprint": info.fingerprint if info else "",
        "rubric": data.rubric.name,
        "positive": list(data.rubric.positive),
        "reference": one.kind,
        "reference_rule": one.rule,
        "n": len(one.p),
        "positives": int(one.y.sum()),
        "left_out": dict(one.left_out),
        "groups": len(np.unique(one.groups)),
        "folds": len(np.unique(fold)),
        "seed": seed,
        "before": figures[0],
        "after": figures[1],
        "brier_difference": list(difference),
        "inputs": [{k: s[k] for k in ("name", "sha256") if k in s} for s in data.sources],
    }
    whole = replace(fit(way, one.p, one.y, one.weights), about=about)
    return Recalibrated(
        recalibrator=whole,
        before=figures[0],
        after=figures[1],
        brier_difference=difference,
        n=len(one.p),
        groups=len(np.unique(one.groups)),
        left_out=one.left_out,
        reversed_scores=_is_reversed(figures[0]["auroc"], one.y, len(np.unique(one.groups))),
    )


def _is_reversed(area: float | None, y: Ints, groups: int) -> bool:
    """Whether an AUROC is below one half by more than chance, by the normal law of the rank sum where scores tell nothing.

    A group of outputs is worth one output, which asks for more in place of less.

    Examples
    --------
    >>> y = np.array([0, 1] * 20)
    >>> _is_reversed(0.2, y, 40), _is_reversed(0.45, y, 40), _is_reversed(0.2, y, 4)
    (True, False, False)
    """
    share = float(y.mean()) if len(y) else 0.0
    if area is None or not 0 < share < 1:
        return False
    return (0.5 - area) > z_of(0.95) * math.sqrt((groups + 1) / (12 * share * (1 - share) * groups**2))


def rescored(data: AuditInput, recalibrator: Recalibrator, *, judge: str | None = None) -> list[dict[str, Any]]:
    """One object an output: item_id, score, recalibrated (None where the judge gave no score).

    Raises
    ------
    ConfigError
        The recalibrator was made for another fingerprint or positive value.
    """
    name = scored_judge(data, judge)
    made_for, info = str(recalibrator.about.get("fingerprint") or ""), data.judge_info.get(name)
    if made_for and info is not None and info.fingerprint and info.fingerprint != made_for:
        raise ConfigError("made for another judge", got=info.fingerprint, expected=f"the fingerprint {made_for}")
    positive = recalibrator.about.get("positive")
    if positive and data.rubric.positive and sorted(positive) != sorted(data.rubric.positive):
        raise ConfigError("made for another positive value", got=repr(data.rubric.positive), expected=repr(positive))
    scores = data.judges[name][0].scores
    assert scores is not None
    new = np.round(recalibrator.apply(scores), 12)
    rows = zip(data.item_ids, scores.tolist(), new.tolist(), strict=True)
    return [
        {"item_id": item, "score": None if old != old else old, "recalibrated": None if x != x else x}
        for item, old, x in rows
    ]


def scored_judge(data: AuditInput, judge: str | None) -> str:
    """The judge asked for, or the only one with scores."""
    known = [name for name, trials in data.judges.items() if trials[0].scores is not None]
    if judge is not None and judge not in known:
        raise ConfigError("no such judge with scores", got=repr(judge), next_step=nearest(judge, known))
    if not known:
        raise InputError("no judge has scores", next_step="name the column with --score JUDGE=COL")
    if judge is None and len(known) > 1:
        raise ConfigError("several judges have scores", got=", ".join(known), next_step="say which")
    return judge or known[0]


def _labelled(data: AuditInput, judge: str, rule: str) -> _Labelled:
    scores = data.judges[judge][0].scores
    assert scores is not None
    kind: LabelKind | None = next((k for k in LABEL_KINDS if k != "model" and k in data.labels), None)
    if kind is None:
        raise InputError("no labels by people or by construction", next_step="name them with --human")
    values, rubric = data.rubric.offered, data.rubric
    if not rubric.positive:
        raise ConfigError("no positive value", next_step="name it with --positive")
    reference = resolve(data.labels, kind, rule, rubric, data.n)
    truth = np.array([-1 if v == rubric.cannot_judge else int(v in rubric.positive) for v in values], dtype=np.int64)
    y = np.where(reference.codes >= 0, truth[np.maximum(reference.codes, 0)], -1)
    scored = ~np.isnan(scores)
    kept = (y >= 0) & scored
    left_out = {"no score": int((~scored).sum()), "no settled label": int((scored & (y < 0)).sum())}
    if kept.sum() < LEAST:
        raise InputError(
            "too few outputs with a score and a label",
            got=f"{int(kept.sum())} of {data.n}" + "".join(f", {n} with {why}" for why, n in left_out.items() if n),
            expected=f"at least {LEAST}",
        )
    columns = [data.clusters, *(None if t is None else codes_of(t) for t in (data.prompts, data.responses))]
    return _Labelled(
        judge=judge,
        kind=kind,
        rule=reference.rule,
        p=scores[kept],
        y=y[kept],
        weights=np.ones(int(kept.sum())) if data.weights is None else data.weights[kept],
        groups=connected([c[kept] for c in columns if c is not None], int(kept.sum())),
        left_out={why: n for why, n in left_out.items() if n},
    )


def _figures(p: Floats, y: Ints, weights: Floats) -> dict[str, float | None]:
    value, code = np.unique(p, return_inverse=True)
    n, positive = np.bincount(code, weights=weights), np.bincount(code, weights=weights * y)
    errors = positive * (1 - value) ** 2 + (n - positive) * value**2
    place = np.minimum((value * _BINS).astype(np.int64), _BINS - 1)
    ten = np.concatenate([np.bincount(place, weights=w, minlength=_BINS) for w in (n, n * value, positive)])
    found = {
        "brier": brier.compute(np.concatenate([n, positive, errors])),
        "auroc": auroc.compute(np.concatenate([n, positive, errors])),
        "expected_calibration_error": expected_calibration_error.compute(ten),
        "calibration_error_squared_debiased": calibration_error_squared_debiased.compute(ten),
    }
    return {name: None if np.isnan(x) else round(float(x), 12) for name, x in found.items()}


def _difference(one: _Labelled, after: Floats, seed: int) -> tuple[float, float | None, float | None]:
    """Brier score after less before, and its 95 % interval over groups of outputs, None where those are too few."""
    gain = one.weights * ((after - one.y) ** 2 - (one.p - one.y) ** 2)
    _, group = np.unique(one.groups, return_inverse=True)
    sums = np.stack([np.bincount(group, weights=x) for x in (gain, one.weights)], axis=1).astype(np.float64)
    value = round(float(gain.sum() / one.weights.sum()), 12)
    if len(sums) < MIN_GROUPS:
        return (value, None, None)
    drawn = draw(Patterns(sums, np.ones(len(sums), np.int64)), DRAWS, generator(seed, f"recalibration|{one.judge}"))
    tail = expanded_tail(len(sums), 0.95)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [tail, 1 - tail])
    return (value, round(float(low), 12), round(float(high), 12))
