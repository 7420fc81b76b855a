"""Hand-made audits: one judge that is good, unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from judgeaudit.model import Audit, Estimate

Rate = Callable[..., Estimate]


def _rate(k: float = 2, n: float = 200, **changes: Any) -> Estimate:
    plain: dict[str, Any] = {
        "measure": "false_positive_rate", "rubric": "harm", "judge": "guard", "reference": "human",
        "reference_rule": "majority", "scale": "binary", "value": k / n if n else None, "k": k, "n": n,
        "low": max(0.0, k / n - 0.01) if n else None, "high": min(1.0, k / n + 0.01) if n else None,
        "reason": None if n else "no_negatives: none",
    }  # fmt: skip
    return Estimate(**{**plain, **changes})


def _unscored(judge: str = "guard", k: float = 0, n: float = 200, **changes: Any) -> Estimate:
    return _rate(
        k, n, measure="unscored_rate", judge=judge, reference=None, reference_rule=None, scale="full", **changes
    )


def _audit(*estimates: Estimate, **changes: Any) -> Audit:
    judges = changes.pop("judges", ({"name": "guard", "fingerprint": "f1"}, {"name": "constant", "baseline": True}))
    inputs = changes.pop("inputs", ({"name": "t.csv", "sha256": "aa"},))
    return Audit(name="toy", judges=judges, inputs=inputs, rubrics=({"name": "harm"},), estimates=estimates, **changes)


@pytest.fixture
def rate() -> Rate:
    """A rate of the judge `guard` against the human majority: 2 of 200."""
    return _rate


@pytest.fixture
def unscored() -> Rate:
    """The judge's unscored rate: 0 of 200."""
    return _unscored


@pytest.fixture
def make_audit() -> Callable[..., Audit]:
    """An audit of these estimates with one judge and one baseline."""
    return _audit
