"""Scores: calibration on the whole, operating points, and what a recalibrator gains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from judgeaudit.audit import Options
from judgeaudit.audit._calibration import _brier, _scored, calibration
from judgeaudit.audit._context import make_context
from judgeaudit.audit._judges import _against, without_reference
from judgeaudit.errors import JudgeAuditError
from judgeaudit.findings._thin import Rare
from judgeaudit.findings.thin_evidence import rare_cases
from judgeaudit.judges._folds import spread
from judgeaudit.model import Estimate
from judgeaudit.recalibration._recalibrator import fit
from judgeaudit.recalibration._table import _labelled, recalibrate
from judgeaudit.table import AuditInput
from tests.bench.coverage._design import Design, Shown, one_set, score_chances

WAY = "platt"
GAIN = f"Brier score, after less before recalibration ({WAY})"


def calibrated(
    rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]
) -> Iterator[Shown]:
    """Calibration, risk and coverage, and operating points of one judge's scores."""
    context = make_context(one_set(rng, design, 1), options)
    rare = rare_cases(_against(context, "a", context.references["human"]))
    found = calibration(context)
    for e in found.estimates:
        if e.judge == "a" and e.measure in true and not e.measure.startswith(PARTS):
            yield Shown(e.measure, e, true[e.measure], rare)
    own = next(t for t in found.tables["operating_points"] if t["judge"] == "a")
    if own["reason"]:
        return
    for picked in own["picked"]:
        for name in POINTS:
            value = float(np.mean([point(design.prevalence, t)[name] for t in picked["chosen"]]))
            yield Shown(
                f"{name} at picked thresholds ({picked['rule']})", _told(name, picked[name], design), value, rare
            )


def parted(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """The parts of the Brier score."""
    context = make_context(one_set(rng, design, 1), options)
    reference, column = context.references["human"], context.judges["a"][0].scores
    rare = rare_cases([*_against(context, "a", reference), *without_reference(context)])
    assert column is not None
    for e in _brier(context, "a", reference, _scored(context, column, reference)):
        if e.measure in true:
            yield Shown(e.measure, e, true[e.measure], rare)


PARTS = "brier_"
POINTS = ("false_positive_rate", "false_negative_rate", "youden_j")


def point(prevalence: float, threshold: float) -> dict[str, float]:
    """True rates of calling scores at or above a threshold positive."""
    values, mass = score_chances(prevalence)
    no, yes = mass[values >= threshold].sum(axis=0) / mass.sum(axis=0)
    return dict(zip(POINTS, (float(no), float(1 - yes), float(yes - no)), strict=True))


def _told(measure: str, figures: Mapping[str, Any], design: Design) -> Estimate:
    return Estimate(
        measure=measure, rubric="r", reference="human", value=figures["value"], low=figures["low"], high=figures["high"],
        n=figures["n"] or 0.0, clusters=None if design.size == 1 else design.n // design.size, reason=figures["reason"],
    )  # fmt: skip


def gained(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """The change of the Brier score by a recalibrator, conditional on the fits of its folds as it says."""
    data = one_set(rng, design, 1)
    try:
        found = recalibrate(data, WAY, seed=options.seed)
    except JudgeAuditError as error:
        yield Shown(GAIN, Estimate(measure="brier_gain", rubric="r", reason=f"refused: {error}"), 0.0)
        return
    value, low, high = found.brier_difference
    why = None if low is not None else f"few_clusters: {found.groups} groups"
    e = Estimate(
        measure="brier_gain", rubric="r", value=value, low=low, high=high, n=found.n, clusters=found.groups, reason=why
    )  # fmt: skip
    positives = float(found.recalibrator.about["positives"])
    yield Shown(GAIN, e, _gain(data, design.prevalence, options.seed), Rare(labels=positives, answers=None))


def _gain(data: AuditInput, prevalence: float, seed: int) -> float:
    """The true gain of the very fits of the folds, each by the share of outputs that it was applied to."""
    values, mass = score_chances(prevalence)
    one = _labelled(data, "a", "auto")
    fold = spread(one.groups, one.y, 5, seed)
    gain = 0.0
    for k in np.unique(fold):
        rest = fold != k
        new = fit(WAY, one.p[rest], one.y[rest], one.weights[rest]).apply(values)
        by_class = np.stack([new**2 - values**2, (1 - new) ** 2 - (1 - values) ** 2], axis=1)
        gain += float((fold == k).mean() * (mass * by_class).sum())
    return gain
