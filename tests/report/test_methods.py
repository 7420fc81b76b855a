from __future__ import annotations

from dataclasses import replace

from judgeaudit.model import Audit, Finding
from judgeaudit.report import html, markdown
from judgeaudit.report._methods import grouped, methods, plain


def found(code: str, severity: str, n: int) -> tuple[Finding, ...]:
    return tuple(Finding(code=code, severity=severity, text=f"{code} number {i}") for i in range(n))  # type: ignore[arg-type]


def test_many_findings_of_one_kind_hide_none_of_another(audit: Audit) -> None:
    findings = (*found("one_source", "warning", 20), *found("flips", "note", 1), *found("second_opinion", "error", 1))
    groups = grouped(findings)
    assert [g.shown[0].code for g in groups] == ["second_opinion", "one_source", "flips"]
    assert sum(len(g.shown) + len(g.rest) for g in groups) == 22
    page, text = (render(replace(audit, findings=findings)) for render in (html.render, markdown.render))
    assert "17 more of the kind one_source" in page
    assert "one_source number 19" in page
    assert "17 more of the kind one\\_source" in text


def test_everything_that_makes_the_figures_again_is_told(audit: Audit) -> None:
    told = methods(audit)
    assert ("seed", "11") in told.settings
    assert ("numpy", "2.4.6") in told.versions
    assert ("sha256", "ab" * 32) in told.inputs[0]
    assert told.inputs[0][0] == ("name", "verdicts.csv")
    assert {j[0] for j in told.judges} >= {"gpt-judge", "guard"}
    assert told.verification_head == ("by", "judge", "measure", "ours", "theirs")


def test_settings_are_told_as_a_person_would_write_them() -> None:
    assert plain(["0", "1"]) == "0, 1"
    assert plain({"b": 2, "a": None}) == "a: —, b: 2"
    assert plain([]) == plain(None) == "—"
    assert plain(0.95) == "0.95"
    assert plain(True) == "true"
