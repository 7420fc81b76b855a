from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from judgeaudit.model import Audit
from judgeaudit.report import terminal


@dataclass(frozen=True)
class Line:
    result: str
    text: str
    rubric: str | None = None


@dataclass(frozen=True)
class Decision:
    result: str
    lines: tuple[Line, ...]


def shown(audit: Audit, width: int = 80, decision: Decision | None = None, **console: object) -> str:
    out = io.StringIO()
    terminal.print_summary(
        Console(file=out, width=width, markup=False, emoji=False, highlight=False, **console),  # type: ignore[arg-type]
        audit,
        decision=decision,
    )
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal_and_every_judge_is_there(audit: Audit, width: int) -> None:
    text = shown(audit, width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    plain = re.sub(r"[\s│]+", "", text)
    for judge in ("gpt-judge", "guard", "small-llm", "alwaysno", "refusalwords"):
        assert judge in plain


def test_the_box_comes_first_then_the_mode_table_then_judges_and_findings(audit: Audit) -> None:
    text = shown(audit)
    marks = ["What was counted", "Harmless called harmful", "single token flood", "Judges, by human labels", "Findings"]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)


def test_counts_and_intervals_of_the_worst_judge_are_printed(audit: Audit) -> None:
    worst = next(
        e for e in audit.estimates
        if e.measure == "false_positive_rate" and e.judge == "guard" and e.slice == "coherence=degenerate" and e.against is None
        and e.reference == "human"
    )  # fmt: skip
    assert f"guard calls {worst.k:.0f} of {worst.n:.0f} [" in shown(audit)


def test_data_is_never_read_as_markup_or_as_escape_codes(audit: Audit) -> None:
    attack = "[red]x[/red] [link=http://a]y[/link] :smile: [/] \x1b[2J\x1b]0;owned\x07 \u202e"
    attacked = replace(
        audit,
        name=attack,
        findings=(replace(audit.findings[1], text=attack, judge=attack, slice=f"col.a={attack}"),),
        judges=tuple({**j, "name": attack} if j["name"] == "guard" else j for j in audit.judges),
        estimates=tuple(replace(e, judge=attack) if e.judge == "guard" else e for e in audit.estimates),
    )
    text = shown(attacked, 100)
    assert "[red]x[/red]" in text
    assert ":smile:" in text
    assert not re.search("[\x1b\x07\u202e]", text)


def test_no_color_is_honoured_and_words_carry_what_colours_say(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = shown(audit, force_terminal=True, color_system="truecolor")
    assert re.search("\x1b\\[[0-9;]*3[0-7]", coloured)
    monkeypatch.setenv("NO_COLOR", "1")
    plain = shown(audit, force_terminal=True, color_system="truecolor")
    assert not re.search("\x1b\\[[0-9;]*3[0-7]m", plain)
    words = re.sub("\x1b\\[[0-9;]*m", "", plain)
    assert words == re.sub("\x1b\\[[0-9;]*m", "", coloured)
    for word in ("warning", "few", " *", "(!)"):
        assert word in words


@pytest.mark.parametrize("result", ["PASS", "FAIL", "INCONCLUSIVE"])
def test_a_gates_result_is_the_first_thing_in_the_box(audit: Audit, result: str) -> None:
    text = shown(audit, decision=Decision(result, (Line(result, "guard: accuracy >= 0.9"),)))
    assert f"Policy: {result}" in text.splitlines()[1]
    assert "guard: accuracy >= 0.9" in text


def test_without_findings_and_estimates_there_is_still_a_summary() -> None:
    assert "none" in shown(Audit(name="empty"))


def test_a_rubric_without_labels_is_mentioned_beside_one_with(audit: Audit) -> None:
    answers = tuple(replace(e, rubric="refusal") for e in audit.estimates if e.measure == "positive_rate")
    both = replace(
        audit, rubrics=(*audit.rubrics, {"name": "refusal", "positive": ["1"]}), estimates=audit.estimates + answers
    )
    text = shown(both)
    assert text.count("What was counted") == 1
    assert "refusal: no labels" in text
    assert "What was counted" in shown(replace(both, estimates=answers))


def test_a_cell_without_value_names_its_reason_below_the_table(audit: Audit) -> None:
    circular = tuple(
        replace(e, value=None, low=None, high=None, n=0, k=0, reason="circular: made by its own detectors")
        if e.judge == "guard" and e.measure == "false_positive_rate" and e.against is None
        else e
        for e in audit.estimates
    )
    text = shown(replace(audit, estimates=circular))
    assert "— a" in text
    assert "a: circular: its own detectors made the slice" in text
    assert "guard: nothing to say about degenerate outputs (circular" in " ".join(re.sub("[│\\s]+", " ", text).split())


def test_modes_that_rest_on_few_are_named_but_take_no_row(audit: Audit) -> None:
    text = shown(audit)
    few = next(line for line in text.splitlines() if line.startswith("Under 10 for every judge"))
    assert "gibberish tail" in few
    assert text.count("gibberish tail") == 1
