"""Labels that verdicts decided are told; labels drawn at random, labels of all and weighted ones are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from judgeaudit.audit import Options, audit
from judgeaudit.model import Finding
from judgeaudit.table import AuditInput, Grouping
from tests.audit.making import made, repeat

# Scans of the liver (Drum and Christacopoulos 1972): sensitivity 231/258 among the labelled, .8365 among all.
DRUM = made(
    {"j": repeat((429, "1"), (221, "0"))},
    {"h": repeat((231, "1"), (32, "0"), (166, None), (27, "1"), (54, "0"), (140, None))},
)


def found(data: AuditInput) -> list[Finding]:
    return [f for f in audit(data, Options(verify=False, draws=100)).audit.findings if f.code == "selected_labels"]


def test_labels_that_verdicts_decided() -> None:
    (one,) = found(DRUM)
    assert one.judge == "j"
    assert "0.90 [" in one.text
    assert "0.84 [" in one.text


def test_labels_of_positive_verdicts_alone() -> None:
    (one,) = found(made({"j": repeat((100, "1"), (200, "0"))}, {"h": repeat((60, "1"), (20, "0"), (220, None))}))
    assert "no false-negative rate" in one.text
    assert "all 80 labels" in one.text


def test_nothing_is_told_without_cause() -> None:
    told = Grouping(codes=np.zeros(650, dtype=np.int32), names=["random"])
    assert not found(replace(DRUM, selected_by=told))
    weights = repeat((263, "a"), (166, "c"), (81, "b"), (140, "c"))
    number = {"a": 429 / 263, "b": 221 / 81, "c": 1.0}
    assert not found(replace(DRUM, weights=np.array([number[str(w)] for w in weights]), weights_of="labels"))
    whole = made({"j": repeat((50, "1"), (50, "0"))}, {"h": repeat((45, "1"), (5, "0"), (5, "1"), (45, "0"))})
    assert not found(whole)
    by_all = Grouping(codes=np.zeros(100, dtype=np.int32), names=["judge:j"])
    assert not found(replace(whole, selected_by=by_all))
