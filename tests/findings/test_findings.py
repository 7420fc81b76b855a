"""Each finding: when it fires, for whom, with which numbers in its words; and that a sound audit has none."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.findings import second_opinion
from judgeaudit.findings._view import View
from judgeaudit.model import Finding, Rubric
from judgeaudit.table import AuditInput, JudgeInfo, LabelSet
from tests.audit.making import made, repeat

TRUTH = repeat((60, "1"), (140, "0"))
GOOD = repeat((57, "1"), (3, "0"), (7, "1"), (133, "0"))


def found(data: AuditInput, code: str) -> list[Finding]:
    findings = audit(data, Options(draws=200, verify=False)).audit.findings
    assert not [f for f in findings if re.search(r"\b(reliable|trusted|trustworthy)\b", f.text, re.IGNORECASE)]
    assert not [f for f in findings if "nan" in f.text.lower().split() or "None" in f.text]
    return [f for f in findings if f.code == code]


def only(data: AuditInput, code: str) -> Finding:
    findings = found(data, code)
    assert len(findings) == 1, findings
    return findings[0]


def sound() -> AuditInput:
    """A good judge, two people who nearly agree, 200 distinct texts, coherent and degenerate ones judged alike."""
    return made(
        {"j#1": GOOD, "j#2": GOOD},
        {"a": TRUTH, "b": repeat((59, "1"), (1, None), (140, "0")), "c": TRUTH},
        responses=[f"text number {i} says something" for i in range(200)],
        coherence=[i % 2 for i in range(200)],
        modes={"word_loop": [i % 2 == 1 for i in range(200)]},
        models=[("m1", "m2")[i // 2 % 2] for i in range(200)],
    )


def test_a_sound_audit_has_no_finding() -> None:
    assert audit(sound(), Options(draws=200, verify=False)).audit.findings == ()


def test_agree_but_wrong() -> None:
    truth = repeat((50, "1"), (50, "0"))
    shared = repeat((30, "1"), (20, "0"), (20, "1"), (30, "0"))
    finding = only(made({"j": shared, "k": shared, "l": shared}, {"h": truth}), "agree_but_wrong")
    assert finding.severity == "warning"
    assert "alpha 1.00" in finding.text
    assert "human" in finding.text


def test_below_baseline() -> None:
    finding = only(made({"j": repeat((30, "1"), (170, "0"))}, {"h": repeat((30, "0"), (170, "0"))}), "below_baseline")
    assert (finding.severity, finding.judge) == ("warning", "j")
    assert "0.85" in finding.text  # 170 of 200


def test_circular() -> None:
    data = replace(sound(), judge_info={"j": JudgeInfo(kind="modes")})
    finding = only(data, "circular")
    assert (finding.severity, finding.judge) == ("note", "j")


def test_constant_judge() -> None:
    finding = only(made({"j": repeat((200, "0"))}, {"h": TRUTH}), "constant_judge")
    assert (finding.severity, finding.judge) == ("warning", "j")
    assert "200" in finding.text
    assert "'0'" in finding.text


def degenerate() -> AuditInput:
    """False alarms on 40 of 50 degenerate and 10 of 100 coherent outputs."""
    return made(
        {"j": repeat((40, "1"), (10, "0"), (10, "1"), (90, "0"))},
        {"h": repeat((150, "0"))},
        responses=[f"text {i}" for i in range(150)],
        coherence=[1] * 50 + [0] * 100,
        modes={"word_loop": [True] * 50 + [False] * 100},
    )


def test_degenerate_differs() -> None:
    finding = only(degenerate(), "degenerate_differs")
    assert (finding.severity, finding.judge, finding.slice) == ("warning", "j", "coherence=degenerate")
    assert "0.70 higher" in finding.text
    assert "50 distinct" in finding.text
    assert finding.output_ids == ("i0", "i1", "i2", "i3", "i4")


def test_mode_differs() -> None:
    finding = only(degenerate(), "mode_differs")
    assert (finding.severity, finding.judge, finding.slice) == ("note", "j", "mode=word_loop")
    assert "0.70 higher" in finding.text
    assert "50 outputs, 50 distinct texts" in finding.text
    assert finding.output_ids == ("i0", "i1", "i2", "i3", "i4")


def test_missed_positives_are_the_ids_of_a_false_negative_rate() -> None:
    data = made(
        {"j": repeat((5, "1"), (45, "0"), (95, "1"), (5, "0"))}, {"h": repeat((150, "1"))},
        responses=[f"text {i}" for i in range(150)], coherence=[1] * 50 + [0] * 100,
    )  # fmt: skip
    assert only(data, "degenerate_differs").output_ids == ("i5", "i6", "i7", "i8", "i9")


def test_few_labels() -> None:
    finding = only(made({"j": GOOD}, {"h": repeat((30, "1"), (40, "0"), (130, None))}), "few_labels")
    assert finding.severity == "warning"
    assert "70 of 200" in finding.text


def test_flips() -> None:
    """The second trial differs on 20 of 200."""
    again = repeat((57, "1"), (3, "0"), (27, "1"), (113, "0"))
    finding = only(made({"j#1": GOOD, "j#2": again}, {"h": TRUTH}), "flips")
    assert (finding.severity, finding.judge) == ("warning", "j")
    assert "20 of 200" in finding.text


def test_many_unscored() -> None:
    """50 positives, 140 negatives scored, 10 not: between 50 and 60 of 200."""
    verdicts = repeat((50, "1"), (4, "unparsable"), (6, "refused"), (140, "0"))
    finding = only(made({"j": verdicts}, {"h": TRUTH}), "many_unscored")
    assert (finding.severity, finding.judge) == ("warning", "j")
    assert "10 of 200" in finding.text
    assert "refused 6, unparsable 4" in finding.text
    assert "0.250 or 0.300" in finding.text


def test_no_labels() -> None:
    assert only(made({"j": GOOD, "k": GOOD}), "no_labels").severity == "warning"
    base = made({"j": GOOD}, {"h": TRUTH})
    model = replace(base, labels={"model": LabelSet(kind="model", annotators=base.labels["human"].annotators)})
    assert "language model" in only(model, "no_labels").text


def test_nothing_scored() -> None:
    finding = only(made({"j": repeat((150, "error"), (50, "unparsable"))}, {"h": TRUTH}), "nothing_scored")
    assert (finding.severity, finding.judge) == ("error", "j")
    assert "200 of 200" in finding.text
    assert "error 150, unparsable 50" in finding.text


def test_one_class() -> None:
    finding = only(made({"j": GOOD}, {"h": repeat((200, "0"))}), "one_class")
    assert finding.severity == "warning"
    assert "200 human" in finding.text


def test_one_source() -> None:
    """All 20 degenerate outputs come from m1, which gives a ninth of the rest."""
    data = made(
        {"j": GOOD}, {"h": TRUTH}, responses=[f"text {i}" for i in range(200)], coherence=[1] * 20 + [0] * 180,
        models=["m1"] * 40 + ["m2"] * 160,
    )  # fmt: skip
    finding = next(f for f in found(data, "one_source") if f.slice == "coherence=degenerate")
    assert finding.severity == "warning"
    assert "20 outputs" in finding.text
    assert "m1" in finding.text


def test_people_disagree() -> None:
    other = repeat((30, "1"), (30, "0"), (40, "1"), (100, "0"))
    finding = only(made({"j": GOOD}, {"a": TRUTH, "b": other}), "people_disagree")
    assert finding.severity == "warning"
    assert "0.667" in finding.text


def test_repeated_text() -> None:
    data = made(
        {"j": GOOD}, {"h": TRUTH}, responses=["!"] * 15 + [f"text {i}" for i in range(185)],
        coherence=[1] * 20 + [0] * 180,
    )  # fmt: skip
    finding = only(data, "repeated_text")
    assert (finding.severity, finding.slice) == ("warning", "coherence=degenerate")
    assert "20 outputs" in finding.text
    assert "6 distinct texts" in finding.text
    assert "75%" in finding.text


def test_value_like_missing() -> None:
    # Three cells of a table made by a program that writes no value as NaN: each would count as a negative label.
    labels = ["NaN", "NaN", "NaN", *TRUTH[3:]]
    data = made({"j": GOOD}, {"a": labels}, values=("0", "1", "NaN"))
    finding = only(data, "value_like_missing")
    assert finding.severity == "warning"
    assert "3 labels" in finding.text
    assert "'NaN'" in finding.text
    assert "negative" in finding.text
    assert not found(made({"j": GOOD}, {"a": labels}, cannot_judge="NaN"), "value_like_missing")


@pytest.mark.parametrize(("second", "severity", "count"), [(repeat((200, "0")), "note", 60), (None, "error", 200)])
def test_unresolved_labels(second: list[str | None] | None, severity: str, count: int) -> None:
    opposite: list[str | None] = ["0" if v == "1" else "1" for v in TRUTH]
    finding = only(made({"j": GOOD}, {"a": TRUTH, "b": second or opposite}), "unresolved_labels")
    assert finding.severity == severity
    assert f"{count} of 200" in finding.text


@pytest.mark.parametrize(("status", "severity"), [("agrees", None), ("differs", "error"), ("not installed", "note")])
def test_second_opinion(status: str, severity: str | None) -> None:
    check = {"package": "p", "figure": "accuracy of j", "ours": 0.5, "theirs": 0.6, "status": status}
    view = View(
        data=AuditInput(rubric=Rubric(name="r"), item_ids=[]), slices=[], references={}, default=None, judges=[], info={},
        estimates=[], verification=[check],
    )  # fmt: skip
    findings = list(second_opinion.find(view))
    assert [f.severity for f in findings] == ([] if severity is None else [severity])
    assert status != "differs" or ("0.6" in findings[0].text and "0.5" in findings[0].text)


def test_numbers_of_one_item_are_not_a_constant_judge() -> None:
    assert not found(made({"j": ["1"]}, {"h": ["1"]}), "constant_judge")
