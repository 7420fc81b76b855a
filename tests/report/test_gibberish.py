"""The table of handlings says which pairs change places."""

from __future__ import annotations

from judgeaudit.model import Audit
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
