"""Intervals that rest on few rare cases or few clusters are too short; which, by simulation (docs/coverage.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from judgeaudit.findings._view import View
from judgeaudit.model import Estimate, Finding

CODE = "thin_evidence"

FEW_CLUSTERS = 20
SMALL_SAMPLE = {
    "aurc": 50, "brier": 50, "brier_reliability": 50, "error_correlation": 500, "latent_sensitivity": 200,
    "latent_specificity": 200,
}  # fmt: skip
"""Items below which the interval is too short, whatever the classes: errors that two judges share are rarer than any class."""
RARE_LABELS = {"auroc": 45, "calibration_error_squared_debiased": 5}
RARE_ANSWERS = {"cohen_kappa": 15, "scott_pi": 15, "fleiss_kappa": 6}
"""Items of the rarer class of the reference, or of the rarer answer, below which it is."""
BY_CLUSTER = frozenset(
    {
        "aurc", "auroc", "brier", "brier_reliability", "brier_resolution", "calibration_error_squared_debiased",
        "cohen_kappa", "error_correlation", "expected_calibration_error", "fleiss_kappa", "latent_prevalence",
        "prevalence_ppi_tuned", "scott_pi", "smooth_calibration_error",
    }
)  # fmt: skip
"""Too short with fewer than 20 clusters."""
BY_BOTH = frozenset({"accuracy", "brennan_prediger", "false_positive_rate", "gwet_ac1", "specificity"})
"""Too short with fewer than 20 clusters and fewer than 10 items of a class."""
BETWEEN_JUDGES = frozenset({"cohen_kappa", "gwet_ac1"})
"""Of these only between judges: against a reference kappa has no interval unless ten clusters hold each class."""
OF_PANELS = frozenset({"brennan_prediger", "gwet_ac1"})
"""Of these only of a panel: of two judges they cover well."""
FEW_LABELS = 10
FEW_LATENT = 12
"""Items of the rarer latent class: with fewer the fit of a share near 0 sees too little of it."""
RARE_IN_CLUSTERS = frozenset(
    {
        "cohen_kappa", "cox_intercept", "error_correlation", "latent_prevalence", "latent_sensitivity",
        "prevalence_ppi_tuned", "scott_pi",
    }
)  # fmt: skip
FEW_IN_CLUSTERS = 45
"""Labels of the rarer class below which these are too short on clustered items, however many clusters there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rare:
    """Items of the rarer class of the reference, and of the rarer answer of the judges; None: not known."""

    labels: float | None
    answers: float | None


def rare_cases(estimates: Iterable[Estimate]) -> Rare:
    """From the estimates of one judge, or of all judges of a panel, on one slice and against one reference: the fewest."""
    labels, answers = [], []
    for e in estimates:
        if e.scale != "binary" or e.against is not None or e.other is not None:
            continue
        if e.measure in ("false_positive_rate", "false_negative_rate"):
            labels.append(e.n)
        elif e.measure == "positive_rate" and e.k is not None:
            answers.append(min(e.k, e.n - e.k))
    return Rare(labels=min(labels, default=None), answers=min(answers, default=None))


def is_thin(e: Estimate, rare: Rare) -> bool:
    """Whether an interval was found too short in samples such as this one; False where none is shown.

    Examples
    --------
    >>> area = Estimate(measure="auroc", rubric="harm", value=0.9, low=0.8, high=1.0, n=100, clusters=100)
    >>> is_thin(area, Rare(labels=3, answers=12)), is_thin(area, Rare(labels=50, answers=48))
    (True, False)
    """
    if e.low is None or e.high is None or e.against is not None:
        return False
    if e.n < SMALL_SAMPLE.get(e.measure, 0):
        return True
    if _below(rare.labels, RARE_LABELS.get(e.measure, 0)):
        return True
    if e.measure == "latent_prevalence" and e.value is not None and min(e.value, 1 - e.value) * e.n < FEW_LATENT:
        return True
    without_reference = e.reference is None
    if without_reference and _below(rare.answers, RARE_ANSWERS.get(e.measure, 0)):
        return True
    if e.clusters is None or e.clusters >= e.n or (e.measure in BETWEEN_JUDGES and not without_reference):
        return False
    if e.measure in RARE_IN_CLUSTERS and _below(rare.labels, FEW_IN_CLUSTERS):
        return True
    if e.clusters >= FEW_CLUSTERS or (e.measure in OF_PANELS and e.panel is None):
        return False
    return e.measure in BY_CLUSTER or (e.measure in BY_BOTH and _below(rare.labels, FEW_LABELS))


def _below(count: float | None, least: int) -> bool:
    return count is not None and count < least


def find(view: View) -> Iterator[Finding]:
    """A warning for each judge, and a note for pairs and panels, that names the measures on all items with such intervals."""
    whole = [e for e in view.estimates if e.slice == "all" and e.reference in (None, view.default)]
    whole = [e for e in whole if e.scale in ("binary", None) or e.panel is not None]
    for judge in view.judges:
        alone = [e for e in whole if e.judge == judge and e.other is None]
        yield from _of(alone, rare_cases(alone), judge)
    together = [e for e in whole if e.panel == "judges" or (e.judge in view.judges and e.other in view.judges)]
    yield from _of(together, rare_cases([e for e in whole if e.judge in view.judges]), None)


def _of(estimates: list[Estimate], rare: Rare, judge: str | None) -> Iterator[Finding]:
    thin = list(dict.fromkeys(e.measure for e in estimates if is_thin(e, rare)))
    if not thin:
        return
    clusters = [e.clusters for e in estimates if e.measure in thin and e.clusters is not None and e.clusters < e.n]
    counts = [f"{rare.labels:g} labels of the rarer class"] if rare.labels is not None else []
    counts += [f"{rare.answers:g} of the rarer answer"] if rare.answers is not None else []
    counts += [f"{min(clusters)} clusters"] if clusters else []
    who = f"Intervals of {judge}" if judge is not None else "Intervals of judges with each other"
    text = (
        f"{who} rest on few rare cases ({', '.join(counts) or 'few items'}): in simulations of such samples the 95 % intervals "
        f"of {', '.join(thin)} held the true value in fewer than 92 % of them. Take them as too short."
    )
    yield Finding(code=CODE, severity="warning" if judge is not None else "note", judge=judge, text=text)
