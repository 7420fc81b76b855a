"""What the report says of a judge's scores, from a real audit."""

from __future__ import annotations

import altair
import numpy as np
import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.model import Audit
from judgeaudit.report import _calibration, _charts, html
from judgeaudit.report._book import books
from tests.audit.making import made


@pytest.fixture(scope="module")
def scored() -> Audit:
    """`good` means what it says, `sure` exaggerates."""
    rng = np.random.default_rng(0)
    x = rng.normal(0, 1.5, 300)
    y = rng.uniform(size=300) < 1 / (1 + np.exp(-x))
    p = {"good": 1 / (1 + np.exp(-x)), "sure": 1 / (1 + np.exp(-4 * x))}
    verdicts = {j: [str(int(q > 0.5)) for q in s] for j, s in p.items()}
    data = made(verdicts, {"h": [str(int(t)) for t in y]}, scores={j: s.tolist() for j, s in p.items()})
    return audit(data, Options(draws=200, verify=False)).audit


def test_charts_are_valid_and_hold_bars_and_curves(scored: Audit) -> None:
    (book,) = books(scored)
    reliability, risk = _charts.reliability(book), _calibration.risk_coverage(book)
    assert len(reliability) == len(risk) == 2
    for chart in (*reliability, *risk):
        altair.Chart.from_dict(chart.spec, validate=True)
        assert {len(row) for row in chart.rows} == {len(chart.head)}
    bars = [(v["bar_low"], v["bar_high"]) for v in reliability[0].spec["data"]["values"]]
    stored = [(b["low"], b["high"]) for b in scored.tables["calibration"][0]["bars"]]
    assert bars == [tuple(None if x is None else round(x, 6) for x in pair) for pair in stored]
    assert risk[0].rows[-1][0] == "100%"


def test_errors_stand_beside_what_a_perfect_judge_would_give(scored: Audit) -> None:
    (book,) = books(scored)
    errors = next(t for t in _calibration.tables(book) if "perfect judge" in t.title)
    said = {(row[0].split(",")[0], row[4]) for row in errors.rows}
    assert said == {("good", "inside"), ("sure", "above")}
    for table in _calibration.tables(book):
        assert {len(row) for row in table.rows} == {len(table.head)}
    assert sum(t.fold for t in _calibration.tables(book)) == 2


def test_the_page_shows_them_and_a_judge_without_scores_none(scored: Audit) -> None:
    page = html.render(scored)
    assert "Does it know when it is wrong?" in page
    assert "largest Youden J" in page
    plain = audit(made({"j": ["1", "0"] * 20}, {"h": ["1", "0"] * 20}), Options(draws=100, verify=False)).audit
    assert "Does it know when it is wrong?" not in html.render(plain)
