"""In which samples the 95 % intervals of which measures are too short: rules read off docs/coverage.md."""

from __future__ import annotations

from dataclasses import dataclass

from judgeaudit.model import Estimate

INFINITE = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rare:
    """Items of the rarer class of the reference, and of the rarer answer of the judges (None: not known); values of the scale."""

    labels: float | None
    answers: float | None
    values: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Samples in which intervals of some measures are too short: all conditions must hold, and what is not known does not.

    Parameters
    ----------
    measures
        Names, with `/weights` or `/level` where only those are meant.
    n
        (least, below) how many items there are.
    clusters
        Fewer clusters, of items that are clustered at all.
    clustered
        Whether items are clustered, in however many clusters; None: no matter.
    labels, answers
        (least, below) how many items there are of the rarer class of the reference, and of the rarer answer.
    label_share, answer_share
        The rarer class has, or the rarer answer is given to, a smaller share of the items.
    values
        "two" or "more": how many the scale has.
    of
        "reference": against labels; "pair", "panel": judges without them; "": any.
    """

    measures: frozenset[str]
    n: tuple[float, float] = (0, INFINITE)
    clusters: float = INFINITE
    clustered: bool | None = None
    labels: tuple[float, float] | None = None
    answers: tuple[float, float] | None = None
    label_share: float | None = None
    answer_share: float | None = None
    values: str = ""
    of: str = ""

    def holds(self, e: Estimate, rare: Rare) -> bool:
        """Whether this estimate rests on such a sample."""
        if not self._named(e):
            return False
        clustered = e.clusters is not None and e.clusters < e.n
        few = self.clusters == INFINITE or (clustered and (e.clusters or 0) < self.clusters)
        kind = "panel" if e.panel is not None else "pair" if e.other is not None else "reference" if e.reference else ""
        return (
            _within(e.n, self.n)
            and few
            and self.clustered in (None, clustered)
            and self.of in ("", kind)
            and self.values in ("", "two" if e.scale == "binary" or rare.values == 2 else "more")
            and _within(rare.labels, self.labels)
            and _within(rare.answers, self.answers)
            and (self.label_share is None or _within(rare.labels, (0, self.label_share * e.n)))
            and (self.answer_share is None or _within(rare.answers, (0, self.answer_share * e.n)))
        )

    def _named(self, e: Estimate) -> bool:
        how = e.weights or e.level
        return e.measure in self.measures or (how is not None and f"{e.measure}/{how}" in self.measures)


def _within(count: float | None, ends: tuple[float, float] | None) -> bool:
    return ends is None or (count is not None and ends[0] <= count < ends[1])


def _of(*measures: str) -> frozenset[str]:
    return frozenset(measures)


SMALL, LARGER = (0, 50), (50, INFINITE)
CALIBRATION = ("brier_resolution", "expected_calibration_error", "smooth_calibration_error")

RULES = (
    # Errors that two judges share are rarer than any class.
    Rule(measures=_of("error_correlation"), n=(0, 500)),
    Rule(measures=_of("aurc", "brier", "brier_reliability"), n=SMALL),
    Rule(measures=_of(*CALIBRATION), n=SMALL, labels=(3, INFINITE)),
    Rule(measures=_of("calibration_error_squared_debiased"), n=SMALL, labels=(0, 4)),
    Rule(measures=_of("auroc"), labels=(0, 45)),
    # Judges who hardly ever say it: the fewer there are to say it of, the rarer.
    Rule(measures=_of("cohen_kappa", "scott_pi"), n=SMALL, answers=(0, 6), values="two", of="pair"),
    Rule(measures=_of("cohen_kappa", "scott_pi"), n=LARGER, answers=(0, 10), values="two", of="pair"),
    Rule(measures=_of("fleiss_kappa"), answers=(0, 4), values="two", of="panel"),
    # Far values weigh most, and are the rare ones.
    Rule(measures=_of("krippendorff_alpha/interval"), answers=(0, 4), values="more", of="panel"),
    Rule(measures=_of("cohen_kappa/quadratic"), answers=(0, 6), values="more", of="pair"),
    Rule(measures=_of("cohen_kappa/quadratic"), answer_share=0.1, values="more", of="pair", clustered=True),
    Rule(measures=_of("cohen_kappa/quadratic"), labels=(0, 2), values="more", of="reference", clustered=False),
    Rule(measures=_of("prevalence_ppi_tuned"), n=LARGER, labels=(0, 2), clustered=False),
    # Dawid and Skene's fit sees too little of a class that is seldom named.
    Rule(measures=_of("latent_prevalence", "latent_sensitivity", "latent_specificity"), answer_share=0.2),
    Rule(measures=_of("latent_sensitivity", "latent_specificity"), n=SMALL),
    Rule(
        measures=_of(
            "alt_test_advantage_probability", "aurc", "auroc", "brier", "brier_reliability",
            "calibration_error_squared_debiased", "error_correlation", "expected_calibration_error", "latent_prevalence",
            "latent_sensitivity", "latent_specificity", "order_flip_rate",
        ),
        clusters=20,
    ),
    Rule(measures=_of("smooth_calibration_error"), clusters=20, label_share=0.1),
    Rule(measures=_of("cohen_kappa", "scott_pi"), clusters=20, values="two", of="pair"),
    Rule(measures=_of("fleiss_kappa"), clusters=20, answer_share=0.2, values="two", of="panel"),
    Rule(measures=_of("accuracy", "false_positive_rate", "specificity"), clusters=20, labels=(0, 13), values="two"),
    # However many clusters there are, the rarer class lies in few of them.
    Rule(measures=_of("auroc", "error_correlation"), clustered=True, labels=(0, 60)),
    Rule(measures=_of("brier_resolution"), clustered=True, labels=(10, 60), label_share=0.1),
    Rule(measures=_of("cox_intercept"), clustered=True, labels=(0, 60), label_share=0.1),
    Rule(measures=_of("cohen_kappa", "scott_pi"), clustered=True, labels=(0, 20), values="two", of="pair"),
    Rule(measures=_of("prevalence_ppi_tuned"), clustered=True, labels=(10, 20)),
)  # several fields a line  # fmt: skip
"""Each from cells of docs/coverage.md below 0.92; the limits lie between those cells and the ones that cover 0.94 or more."""
