"""Which samples are warned of: those in which docs/coverage.md shows intervals that are too short, and no others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.findings._thin import Rare
from judgeaudit.findings.thin_evidence import is_thin, rare_cases
from judgeaudit.model import Estimate, Finding
from judgeaudit.table import AuditInput
from tests.audit.making import made, repeat

PLENTY = Rare(labels=300, answers=300)


def _shown(measure: str, **changes: Any) -> Estimate:
    plain = Estimate(
        measure=measure, rubric="harm", judge="j", reference="human", scale="binary", value=0.5, low=0.4, high=0.6, n=100,
        clusters=100,
    )  # fmt: skip
    return replace(plain, **changes)


def _pair(measure: str, **changes: Any) -> Estimate:
    return _shown(measure, reference=None, other="k", **changes)


def _panel(measure: str, **changes: Any) -> Estimate:
    return _shown(measure, **{"judge": None, "reference": None, "panel": "judges", **changes})


CLUSTERS = {"n": 1000, "clusters": 100}
GRADED = Rare(labels=1, answers=3, values=4)


@pytest.mark.parametrize(
    ("thin", "rare", "good", "plenty"),
    [
        # Each pair is told apart by what its rule looks at alone.
        (_panel("error_correlation", n=100), PLENTY, _panel("error_correlation", n=1000), PLENTY),
        (_shown("brier", n=30, clusters=30), PLENTY, _shown("brier"), PLENTY),
        (_shown("aurc", n=30, clusters=30), PLENTY, _shown("aurc"), PLENTY),
        (
            _shown("expected_calibration_error", n=30, clusters=30), Rare(labels=9, answers=9),
            _shown("expected_calibration_error", n=30, clusters=30), Rare(labels=1, answers=3),
        ),
        (
            _shown("calibration_error_squared_debiased", n=30, clusters=30), Rare(labels=1, answers=3),
            _shown("calibration_error_squared_debiased", n=30, clusters=30), Rare(labels=9, answers=9),
        ),
        (_shown("brier_resolution", **CLUSTERS), Rare(labels=30, answers=90), _shown("brier_resolution", **CLUSTERS), PLENTY),
        (_panel("error_correlation", **CLUSTERS), Rare(labels=30, answers=90), _panel("error_correlation", **CLUSTERS), PLENTY),
        (_shown("auroc"), Rare(labels=3, answers=12), _shown("auroc", n=1000, clusters=1000), PLENTY),
        (_pair("cohen_kappa"), Rare(labels=9, answers=4), _pair("cohen_kappa"), Rare(labels=9, answers=30)),
        (_pair("cohen_kappa"), Rare(labels=9, answers=4), _shown("cohen_kappa"), Rare(labels=9, answers=4)),
        (
            _pair("cohen_kappa"), Rare(labels=9, answers=8),
            _pair("cohen_kappa", n=30, clusters=30), Rare(labels=9, answers=8),
        ),
        (_pair("cohen_kappa", **CLUSTERS), Rare(labels=15, answers=90), _pair("cohen_kappa", **CLUSTERS), PLENTY),
        (_shown("prevalence_ppi_tuned"), Rare(labels=1, answers=9), _shown("prevalence_ppi_tuned"), PLENTY),
        (_pair("scott_pi"), Rare(labels=9, answers=4), _pair("scott_pi", scale="full"), replace(GRADED, answers=4)),
        (_panel("fleiss_kappa"), Rare(labels=9, answers=3), _panel("fleiss_kappa", scale="full"), GRADED),
        (
            _panel("krippendorff_alpha", scale="full", level="interval"), GRADED,
            _panel("krippendorff_alpha", scale="full", level="nominal"), GRADED,
        ),
        (
            _pair("cohen_kappa", scale="full", weights="quadratic"), GRADED,
            _pair("cohen_kappa", scale="full", weights="linear"), GRADED,
        ),
        (
            _shown("cohen_kappa", scale="full", weights="quadratic"), GRADED,
            _shown("cohen_kappa", scale="full", weights="quadratic"), replace(GRADED, labels=3),
        ),
        (
            _panel("latent_prevalence", n=1000, clusters=1000), Rare(labels=None, answers=120),
            _panel("latent_prevalence", n=1000, clusters=1000), Rare(labels=None, answers=320),
        ),
        (_panel("latent_sensitivity", judge="j", n=30, clusters=30), PLENTY, _panel("latent_sensitivity"), PLENTY),
        (_shown("brier", clusters=10), PLENTY, _shown("brier", **CLUSTERS), PLENTY),
        (_shown("alt_test_advantage_probability", clusters=10), PLENTY, _shown("alt_test_advantage_probability"), PLENTY),
        (
            _shown("smooth_calibration_error", clusters=10), Rare(labels=3, answers=12),
            _shown("smooth_calibration_error", clusters=10), Rare(labels=30, answers=33),
        ),
        (_shown("order_flip_rate", clusters=10), PLENTY, _shown("order_flip_rate", **CLUSTERS), PLENTY),
        (_shown("accuracy", clusters=10), Rare(labels=3, answers=12), _shown("accuracy", clusters=10), PLENTY),
        (
            _shown("accuracy", clusters=10), Rare(labels=3, answers=12),
            _shown("accuracy", **CLUSTERS), Rare(labels=3, answers=12),
        ),
        (_shown("accuracy", clusters=10), Rare(labels=3, answers=12), _shown("accuracy"), Rare(labels=3, answers=12)),
        (
            _shown("accuracy", clusters=10), Rare(labels=3, answers=12),
            _shown("accuracy", judge="annotator:h", clusters=10), Rare(labels=3, answers=12),
        ),
        (
            _shown("accuracy", clusters=10), Rare(labels=3, answers=12),
            _shown("accuracy", scale="full", clusters=10), Rare(labels=3, answers=12, values=4),
        ),
        (
            _pair("cohen_kappa", scale="full", weights="quadratic", **CLUSTERS), replace(GRADED, answers=55),
            _pair("cohen_kappa", scale="full", weights="quadratic", clusters=10), replace(GRADED, answers=30),
        ),
        (
            _shown("cox_intercept", **CLUSTERS), Rare(labels=30, answers=90),
            _shown("cox_intercept", clusters=10), Rare(labels=30, answers=33),  # no rare class, though few clusters
        ),
        (
            _shown("prevalence_ppi_tuned", **CLUSTERS), Rare(labels=15, answers=90),
            _shown("prevalence_ppi_tuned", clusters=10), Rare(labels=3, answers=12),
        ),
    ],
)  # several estimates a line  # fmt: skip
def test_what_is_thin_and_what_is_not(thin: Estimate, rare: Rare, good: Estimate, plenty: Rare) -> None:
    assert is_thin(thin, rare)
    assert not is_thin(good, plenty)
    assert not is_thin(replace(thin, low=None, high=None), rare)
    assert not is_thin(replace(thin, against="judge:k"), rare)


def test_what_is_not_known_is_not_held_against_an_interval() -> None:
    assert not is_thin(_shown("auroc", clusters=None), Rare(labels=None, answers=None))


def test_the_rarer_class_and_answer_are_the_fewest_of_all_judges() -> None:
    found = rare_cases(
        [
            _shown("false_positive_rate", n=93), _shown("false_negative_rate", n=7), _shown("positive_rate", k=95, n=100),
            _shown("positive_rate", k=40, n=100), _shown("false_negative_rate", n=2, against="judge:k"),
        ]
    )  # fmt: skip
    assert found == Rare(labels=7, answers=5)


def _found(data: AuditInput) -> list[Finding]:
    return [f for f in audit(data, Options(draws=200, verify=False)).audit.findings if f.code == "thin_evidence"]


def _clustered(clusters: int, positives: int) -> AuditInput:
    """10 items a cluster; as many positives, the judge wrong on every ninth item."""
    n = 10 * clusters
    truth = ["1" if i * positives // n != (i + 1) * positives // n else "0" for i in range(n)]
    judge = [("0" if t == "1" else "1") if i % 9 == 0 else t for i, t in enumerate(truth)]
    return made({"j": judge}, {"h": truth}, clusters=[i // 10 for i in range(n)])


def test_few_positives_in_few_clusters_are_warned_of() -> None:
    [finding] = _found(_clustered(10, 3))
    assert (finding.severity, finding.judge) == ("warning", "j")
    assert "3 labels of the rarer class" in finding.text
    assert "10 clusters" in finding.text
    assert "accuracy" in finding.text


@pytest.mark.parametrize(("clusters", "positives"), [(10, 30), (100, 30), (100, 300)])
def test_samples_that_cover_well_are_not(clusters: int, positives: int) -> None:
    assert _found(_clustered(clusters, positives)) == []


def test_judges_that_rarely_say_yes_are_noted_together() -> None:
    first, second = repeat((4, "1"), (96, "0")), repeat((2, "0"), (5, "1"), (93, "0"))
    together = [f for f in _found(made({"j": first, "k": second}, {})) if f.judge is None]
    assert [f.severity for f in together] == ["note"]
    assert "4 of the rarer answer" in together[0].text
