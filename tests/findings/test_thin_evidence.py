"""Which samples are warned of: those in which docs/coverage.md shows intervals that are too short, and no others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.findings.thin_evidence import Rare, is_thin, rare_cases
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


@pytest.mark.parametrize(
    ("estimate", "rare", "thin"),
    [
        (_shown("accuracy", clusters=10), Rare(labels=3, answers=12), True),
        (_shown("accuracy", clusters=10), Rare(labels=27, answers=30), False),
        (_shown("accuracy"), Rare(labels=3, answers=12), False),  # independent items
        (_shown("accuracy", n=1000, clusters=100), Rare(labels=3, answers=12), False),
        (_shown("brier", clusters=10), PLENTY, True),
        (_shown("brier", n=30, clusters=30), PLENTY, True),
        (_shown("auroc"), Rare(labels=3, answers=12), True),
        (_shown("auroc", n=1000, clusters=1000), PLENTY, False),
        (_shown("cohen_kappa", reference=None, other="k"), Rare(labels=9, answers=4), True),
        (_shown("cohen_kappa", reference=None, other="k"), Rare(labels=9, answers=30), False),
        (_shown("cohen_kappa"), Rare(labels=9, answers=4), False),  # against a reference it has other rules
        (_shown("gwet_ac1", clusters=10), Rare(labels=3, answers=12), False),
        (_shown("accuracy", clusters=10, low=None, high=None), Rare(labels=3, answers=12), False),
        (_shown("accuracy", clusters=10, against="judge:k"), Rare(labels=3, answers=12), False),
        (_shown("auroc", clusters=None), Rare(labels=None, answers=None), False),
    ],
)
def test_what_is_thin(estimate: Estimate, rare: Rare, thin: bool) -> None:
    assert is_thin(estimate, rare) is thin


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
