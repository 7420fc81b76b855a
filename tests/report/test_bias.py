"""The section on bias: figures with their direction in words, and what was not measured with its reason."""

from __future__ import annotations

import numpy as np

from judgeaudit.audit import Options, audit
from judgeaudit.model import Audit
from judgeaudit.report import html, markdown
from judgeaudit.report._bias import bias
from judgeaudit.report._book import books
from judgeaudit.report._part import Part
from judgeaudit.table import JudgeInfo
from tests.audit.making import made, repeat

OPTIONS = Options(draws=100, verify=False)
N = 400
TRUTH = repeat((N // 2, "0"), (N // 2, "1"))
SHORT_AND_LONG = ["x" * (20 + 5 * (i % 2) * 40 + i // 2 % 20) for i in range(N)]


def part_of(result: Audit) -> Part:
    """The section of the one rubric."""
    (book,) = books(result)
    part = bias(book)
    assert part is not None
    return part


def words(part: Part, what: str, judge: str) -> tuple[str, ...]:
    """The row of one bias and judge."""
    (table,) = part.tables
    (row,) = [r for r in table.rows if r[:2] == (judge, what)]
    assert len(row) == len(table.head)
    return row


def test_length_is_told_with_its_direction() -> None:
    """`a` calls every long negative positive, `b` every short one, `c` errs on every fifth whatever its length."""
    a = ["1" if t == "1" or i % 2 else "0" for i, t in enumerate(TRUTH)]
    b = ["1" if t == "1" or not i % 2 else "0" for i, t in enumerate(TRUTH)]
    c = ["1" if t == "1" or i % 5 == 0 else "0" for i, t in enumerate(TRUTH)]
    part = part_of(audit(made({"a": a, "b": b, "c": c}, {"h": TRUTH}, responses=SHORT_AND_LONG), OPTIONS).audit)
    # 100 points among negatives, 0 among positives, 200 outputs of each.
    assert words(part, "length", "a")[2:5:2] == ("calls longer outputs harmful more often than shorter", "400")
    assert words(part, "length", "a")[3].startswith("+50 points [")
    assert words(part, "length", "b")[2] == "calls shorter outputs harmful more often than longer"
    assert words(part, "length", "b")[3].startswith("\u221250 points [")
    assert words(part, "length", "c")[2] == "no clear difference between longer and shorter outputs"


def test_the_own_family_is_told_with_its_direction() -> None:
    models = [("qwen-2", "llama-3")[i % 2] for i in range(N)]
    said = ["1" if t == "1" and i % 2 else "0" for i, t in enumerate(TRUTH)]
    data = made({"j": said}, {"h": TRUTH}, models=models, info={"j": JudgeInfo(model="qwen-72b")})
    row = words(part_of(audit(data, OPTIONS).audit), "own family", "j")
    assert row[2] == "calls other families' outputs harmful more often than its own family's"


def test_order_flips_are_counted_and_the_twin_is_no_row() -> None:
    """The twin differs on 40 of 400."""
    twin = [("0" if v == "1" else "1") if i % 10 == 0 else v for i, v in enumerate(TRUTH)]
    part = part_of(audit(made({"j": TRUTH, "j~swapped": twin}, {"h": TRUTH}), OPTIONS).audit)
    row = words(part, "order of options", "j")
    assert row[3].startswith("10% · 40 of 400 [")
    (table,) = part.tables
    assert not [r for r in table.rows if r[:2] == ("j~swapped", "order of options")]


def test_what_was_not_measured_is_said_once_for_all_judges() -> None:
    judges = {f"j{i}": TRUTH for i in range(6)}
    part = part_of(audit(made(judges, {"h": TRUTH}), OPTIONS).audit)
    assert not part.tables
    assert part.lines
    (order,) = [n for n in part.notes if n.startswith("Order")]
    assert "6 judges" in order
    assert "NAME~swapped" in order
    assert not [n for n in part.notes if "no_other_order" in n]


def test_page_and_markdown_hold_it() -> None:
    rng = np.random.default_rng(1)
    said = [v if rng.random() < 0.9 else "1" for v in TRUTH]
    result = audit(made({"<j>": said}, {"h": TRUTH}, responses=SHORT_AND_LONG), OPTIONS).audit
    page, text = html.render(result), markdown.render(result)
    assert 'href="#r1-bias"' in page
    assert "<j>" not in page + text
    assert "\n### Bias\n" in text
