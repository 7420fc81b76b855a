from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit import audit_file
from judgeaudit.audit import Options
from judgeaudit.audit import audit as run
from judgeaudit.model import Audit
from judgeaudit.report import markdown
from tests.audit.making import made, repeat


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


def test_a_comment_takes_the_whole_summary_or_is_told_what_is_missing(audit: Audit) -> None:
    whole = markdown.render(audit)
    assert len(whole) < markdown.LIMIT < 65_536
    assert "did not fit" not in whole
    assert markdown.render(audit, limit=len(whole)) == whole
    shorter = markdown.render(audit, limit=len(whole) - 1)
    assert len(shorter) < len(whole)
    assert "did not fit" in shorter


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.9, 0.99])
def test_what_decides_least_is_left_out_first_and_no_limit_is_passed(audit: Audit, share: float) -> None:
    limit = int(len(markdown.render(audit)) * share)
    text = markdown.render(audit, limit=limit)
    assert len(text) <= limit
    assert "did not fit" in text
    assert text.startswith("# ")
    titles = [line for line in text.splitlines() if line.startswith("### ")]
    whole = [line for line in markdown.render(audit).splitlines() if line.startswith("### ")]
    # What is kept keeps its order, and modes stay as long as anything of the further sections does.
    assert titles == [line for line in whole if line in titles]
    assert "### Bias" not in titles or whole[0] in titles


def test_findings_are_one_list(audit: Audit) -> None:
    text = markdown.render(audit)
    listed = text.partition("## Findings")[2].strip().partition("\n\n")[0].splitlines()
    assert len(listed) >= len({f.code for f in audit.findings})
    assert all(line.startswith("- ") for line in listed)


def test_the_place_among_people_and_the_alt_test_are_there() -> None:
    truth = repeat((60, "1"), (60, "0"))
    people = {f"h{i}": [v if k % 17 != i else "1" for k, v in enumerate(truth)] for i in range(3)}
    text = markdown.render(run(made({"j": truth}, people), Options(draws=100, verify=False)).audit)
    assert "place in the human ceiling" in text
    assert "Alternative annotator test" in text
