"""Errors that a panel shares, and corrections that models share, are told; sound panels are not accused."""

from __future__ import annotations

from judgeaudit.audit import Options, audit
from judgeaudit.table import AuditInput
from tests.audit.making import made, repeat

OPTIONS = Options(verify=False, draws=100)


def codes(data: AuditInput) -> set[str]:
    """Codes of an audit's findings."""
    return {f.code for f in audit(data, OPTIONS).audit.findings}


def test_judges_that_err_together_are_told_and_others_not() -> None:
    said, truth = repeat((40, "1"), (20, "0"), (40, "0"), (10, "1")), repeat((50, "1"), (60, "0"))
    assert "shared_errors" in codes(made({"a": said, "b": said}, {"h": truth}))
    # a misses 10 positives, b 10 others, and each has one false positive of its own
    a, b = (
        repeat((10, "0"), (40, "1"), (1, "1"), (59, "0")),
        repeat((40, "1"), (10, "0"), (1, "0"), (1, "1"), (58, "0")),
    )
    assert "shared_errors" not in codes(made({"a": a, "b": b}, {"h": truth}))


def test_a_model_without_labels_borrows_its_correction() -> None:
    verdicts, models = {"j": repeat((50, "1"), (50, "0"), (50, "1"), (50, "0"))}, ["a"] * 100 + ["b"] * 100
    own = repeat((45, "1"), (5, "0"), (5, "1"), (45, "0"))
    assert "shared_calibration" in codes(made(verdicts, {"h": [*own, *repeat((100, None))]}, models=models))
    assert "shared_calibration" not in codes(made(verdicts, {"h": [*own, *own]}, models=models))
