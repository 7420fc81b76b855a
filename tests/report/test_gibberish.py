"""The table of handlings says which pairs change places."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from judgeaudit.model import Audit
from judgeaudit.report import terminal
from judgeaudit.report._book import books
from judgeaudit.report._gibberish import handled


def shelf(second_when_harmful: float) -> Audit:
    values = {"a": (0.5, 0.5, 0.5, 0.6), "b": (0.4, 0.4, 0.4, second_when_harmful)}
    rows = [
        {"rubric": "harm", "slice": "all", "judge": j, "handling": h, "k": v * 100, "n": 100.0, "value": v, "low": None,
         "high": None, "reason": None}
        for j, own in values.items()
        for h, v in zip(("as_judged", "dropped", "counted_safe", "counted_harmful"), own, strict=True)
    ]  # fmt: skip
    return Audit(
        name="t", inputs=(), judges=(), rubrics=({"name": "harm", "values": ["0", "1"], "positive": ["1"]},), seed=0,
        settings={}, versions={}, verification=(), estimates=(), findings=(), tables={"gibberish": rows},
    )  # fmt: skip


def test_a_pair_that_changes_places_is_named() -> None:
    (table,) = handled(books(shelf(0.7))[0])
    assert "a and b" in table.line
    assert table.rows[1][4] == "70% · 70 of 100"


def test_an_order_that_stays_names_no_pair() -> None:
    (table,) = handled(books(shelf(0.5))[0])
    assert "a and b" not in table.line


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize(("harmful", "turns"), [(0.7, True), (0.5, False)])
def test_the_terminal_shows_one_row_a_judge_and_whether_the_order_turns(
    width: int, harmful: float, turns: bool
) -> None:
    audit = shelf(harmful)
    long = {**audit.tables["gibberish"][0], "judge": "a-judge-with-a-very-long-name-indeed", "handling": "dropped"}
    text = printed(replace(audit, tables={"gibberish": [*audit.tables["gibberish"], long]}), width)
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("Share called"))
    rows = [line.split() for line in lines[start:] if line[:2] in {"a ", "b ", "a-"}]
    assert [row[0][0] for row in rows] == ["a", "b", "a"]
    assert [cell for cell in rows[1] if "%" in cell] == ["40%", "40%", f"{harmful:.0%}"]
    assert [cell for cell in rows[2] if cell in {"50%", "—"}] == ["50%", "—", "—"]
    assert max(cell_len(line) for line in lines) <= width
    assert ("a and b" in " ".join(lines[start:])) is turns


def test_without_anything_degenerate_the_terminal_says_nothing_of_it() -> None:
    assert "gibberish" not in printed(replace(shelf(0.5), tables={}), 80)


def test_an_interval_stands_beside_the_value_where_there_is_room() -> None:
    audit = shelf(0.5)
    rows = [{**r, "low": 0.25, "high": 0.75} for r in audit.tables["gibberish"]]
    audit = replace(audit, tables={"gibberish": rows})
    assert "50% 25–75" in printed(audit, 80)
    assert "25–75" not in printed(audit, 40)


def printed(audit: Audit, width: int) -> str:
    out = io.StringIO()
    terminal.print_summary(Console(file=out, width=width, markup=False, emoji=False, highlight=False), audit)
    return out.getvalue()
