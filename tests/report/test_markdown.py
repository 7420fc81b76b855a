from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit import audit_file
from judgeaudit.model import Audit
from judgeaudit.report import markdown


@dataclass(frozen=True)
class Line:
    result: str
    text: str
    rubric: str | None = None


@dataclass(frozen=True)
class Decision:
    result: str
    lines: tuple[Line, ...]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=60) | st.text(alphabet="|`<>&*_[]()@#:\n\r\\ aw./htps", max_size=40))
def test_no_text_breaks_out_of_a_table_cell(text: str) -> None:
    cell = markdown.escape(text)
    cell.encode("utf-8")
    assert "\n" not in cell
    assert "\r" not in cell
    bare = re.sub(r"\\\\", "", cell)
    assert not re.search(r"(?<!\\)[|`<>*_\[\]]", bare)
    assert not re.search(r"[@#](?![\u2060])", re.sub(r"&#\d+;", "", cell))
    assert not re.search(r"(?i)\bhttps?:|www\.\w", cell)


@pytest.mark.parametrize(
    "text", ["a|b", "`code`", "<b>x</b>", "@team", "#12", "http://x.example", "[a](b)", "a\nb", "\\|", "![i](u)"]
)
def test_every_kind_of_markup_is_changed(text: str) -> None:
    assert markdown.escape(text) != text


def test_every_row_of_a_table_has_the_width_of_its_head_whatever_the_names_hold(audit: Audit, hostile: str) -> None:
    evil = "a|b`\n" + hostile
    renamed = replace(
        audit,
        judges=tuple({**j, "name": evil if j["name"] == "guard" else j["name"]} for j in audit.judges),
        estimates=tuple(replace(e, judge=evil) if e.judge == "guard" else e for e in audit.estimates),
    )
    widths = 0
    for block in markdown.render(renamed).split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("| ")]
        if rows:
            assert len({line.count("|") for line in rows}) == 1
            widths += 1
    assert widths >= 3


def test_the_box_comes_first_and_a_policys_result_heads_it(audit: Audit) -> None:
    text = markdown.render(audit, decision=Decision("FAIL", (Line("FAIL", "guard: false_positive_rate <= 0.1"),)))
    lines = [line for line in text.splitlines() if line]
    assert lines[1] == "> **Policy: FAIL**"
    assert "guard: false\\_positive\\_rate" in lines[3]
    assert text.index("Policy") < text.index("Harmless called harmful") < text.index("## Findings")


def test_the_same_audit_gives_the_same_text_after_a_round_trip(audit: Audit) -> None:
    assert markdown.render(audit_file.loads(audit_file.dumps(audit), where="a")) == markdown.render(audit)


def test_every_count_of_the_mode_table_is_there(audit: Audit) -> None:
    text = markdown.render(audit)
    shown = [
        e for e in audit.estimates
        if e.measure == "false_positive_rate" and e.reference == "human" and e.slice.startswith("mode=") and e.against is None
    ]  # fmt: skip
    assert shown
    for e in shown:
        assert f"{e.k:.0f} of {e.n:.0f}" in text


def test_an_empty_audit_has_a_summary() -> None:
    assert "None of the checks" in markdown.render(Audit(name="empty"))
