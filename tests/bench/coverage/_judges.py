"""Judges against labels, with each other and by themselves, corrected shares of positives, and shared errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from judgeaudit import kinds
from judgeaudit.audit import Options
from judgeaudit.audit._context import make_context
from judgeaudit.audit._differences import _judge_pairs
from judgeaudit.audit._judges import _against, measures_on, without_reference
from judgeaudit.audit._latent import latent_truth, votes
from judgeaudit.audit._pairs import pairs
from judgeaudit.audit._panels import panels
from judgeaudit.audit._prevalence import prevalence as corrected
from judgeaudit.audit._scores import scores
from judgeaudit.audit._trials import trials
from judgeaudit.findings.thin_evidence import rare_cases
from judgeaudit.model import Estimate
from judgeaudit.table import Floats, Grouping
from tests.bench.coverage._design import (
    FLIPS,
    MISSING,
    SENSITIVITY,
    SPECIFICITY,
    Design,
    Shown,
    joints,
    labelled_where,
    one_set,
    score_chances,
)

LABELLED_NEGATIVES = 0.3
"""Of the outputs that the judge calls negative this share is labelled, of those that it calls positive all are."""


def sums(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """Everything that an audit of two judges gives in closed form or from draws of small tables."""
    data = one_set(rng, design, 2)
    context = make_context(data, options)
    half = make_context(labelled_where(data, rng.random(data.n) < 0.5), options)
    reference = context.references["human"]
    # Without the people: pairs and panels are asked about judges alone.
    alone = replace(context, data=replace(context.data, labels={}))
    found: list[tuple[str, Estimate]] = []
    found += [(e.measure, e) for e in _against(context, "a", reference)]
    found += [(e.measure, e) for e in without_reference(context) if e.judge == "a"]
    found += [(f"{e.measure}, two judges", e) for e in pairs(alone) if e.weights is None]
    found += [(f"{e.measure}, panel", e) for e in panels(alone) if e.panel == "judges" and e.level in (None, "nominal")]
    rest = [*scores(context)[0], *trials(context), *corrected(half), *votes(context)]
    found += [(e.measure, e) for e in rest if e.judge in ("a", None)]
    found += [(f"{e.measure}, judge minus judge", e) for e in _judge_pairs(context, ["a", "b"], reference)]
    rare = rare_cases(e for _, e in found)
    both = rare_cases([*(e for _, e in found), *without_reference(context)])
    for name, e in found:
        if name in true:
            yield Shown(name, e, true[name], rare if e.judge == "a" and e.other is None else both)


def latent(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """Dawid and Skene's latent truth of three judges, without labels."""
    context = make_context(replace(one_set(rng, design, 3), labels={}), options)
    rare = rare_cases(without_reference(context))
    for e in latent_truth(context):
        if e.judge in ("a", None) and e.measure in true:
            yield Shown(e.measure, e, true[e.measure], rare)


def selected(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """Rates where the judge's own verdict decided what was labelled."""
    data = one_set(rng, design, 1)
    said = data.judges["a"][0].codes == 1
    data = labelled_where(data, said | (rng.random(data.n) < LABELLED_NEGATIVES))
    how = Grouping(codes=np.zeros(data.n, dtype=np.int32), names=("judge:a",))
    context = make_context(replace(data, selected_by=how), options)
    rare = rare_cases(_against(context, "a", context.references["human"]))
    for e in corrected(context):
        name = f"{e.measure}, labelled by verdict"
        if name in true:
            yield Shown(name, e, true[name], rare)


def truths(prevalence: float) -> dict[str, float]:
    """What the rows of `sums` estimate, from the joint chances."""
    judge, both = joints(prevalence)
    found = {m.name: float(m.compute(judge)) for m in measures_on("confusion", "binary")}
    for module in kinds.load_all("judgeaudit.measures"):
        if module.MEASURE.table in ("pair", "two_raters") or module.MEASURE.name in ("cohen_kappa", "gwet_ac1"):
            found[f"{module.MEASURE.name}, two judges"] = float(module.MEASURE.compute(both))
    share, equal = float(judge[1].sum()), float(np.trace(both))
    chance = share**2 + (1 - share) ** 2
    found |= {f"{m}, panel": (equal - chance) / (1 - chance) for m in ("krippendorff_alpha", "fleiss_kappa")}
    found |= {"percent_agreement, panel": equal, "brennan_prediger, panel": 2 * equal - 1}
    found |= {"gwet_ac1, panel": (equal - (1 - chance)) / chance}
    found |= {"positive_rate": share, "unscored_rate": MISSING, "abstention_rate": 0.0}
    found |= {"flip_rate": FLIPS, "test_retest_agreement": 1 - FLIPS, "error_correlation": 0.0, "effective_votes": 2.0}
    found |= dict.fromkeys(("prevalence_corrected", "prevalence_ppi", "prevalence_ppi_tuned"), prevalence)
    found |= {f"{m}, judge minus judge": 0.0 for m in ("accuracy", "false_positive_rate", "false_negative_rate")}
    return found | _of_scores(*score_chances(prevalence))


def _of_scores(values: Floats, mass: Floats) -> dict[str, float]:
    """AUROC, Brier and squared calibration error of the four scores, by their definitions."""
    no, yes = mass[:, 0] / mass[:, 0].sum(), mass[:, 1] / mass[:, 1].sum()
    auroc = sum(yes[i] * (no[:i].sum() + no[i] / 2) for i in range(len(values)))
    brier = float((mass[:, 0] * values**2 + mass[:, 1] * (1 - values) ** 2).sum())
    total = mass.sum(axis=1)
    error = float((total * (values - mass[:, 1] / total) ** 2).sum())
    return {"auroc": float(auroc), "brier": brier, "calibration_error_squared_debiased": error}


def latent_truths(prevalence: float) -> dict[str, float]:
    """What the rows of `latent` estimate."""
    return {
        "latent_prevalence": prevalence,
        "latent_sensitivity": SENSITIVITY,
        "latent_specificity": SPECIFICITY,
    }


def selected_truths(prevalence: float) -> dict[str, float]:
    """What the rows of `selected` estimate."""
    shares = dict.fromkeys(("prevalence_corrected", "prevalence_ppi", "prevalence_ppi_tuned"), prevalence)
    rates = {"sensitivity_begg_greenes": SENSITIVITY, "specificity_begg_greenes": SPECIFICITY}
    return {f"{name}, labelled by verdict": value for name, value in (shares | rates).items()}
