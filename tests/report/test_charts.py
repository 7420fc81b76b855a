from __future__ import annotations

import re
from dataclasses import replace

import altair
import jsonschema
import pytest

from judgeaudit.model import Audit
from judgeaudit.report import _charts
from judgeaudit.report._book import books


@pytest.fixture(scope="module")
def charts(audit: Audit) -> list[_charts.Chart]:
    (book,) = books(audit)
    apart = _charts.apart(book)
    assert apart is not None
    return [apart, *_charts.reliability(book)]


def test_every_specification_is_one_that_altair_accepts(charts: list[_charts.Chart]) -> None:
    assert len(charts) == 2
    for chart in charts:
        altair.Chart.from_dict(chart.spec, validate=True)


def test_altair_would_notice_a_wrong_specification(charts: list[_charts.Chart]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        altair.Chart.from_dict({**charts[0].spec, "width": "wide"}, validate=True)


def test_svgs_carry_no_address_no_style_and_only_the_pages_colours(charts: list[_charts.Chart]) -> None:
    for svg in _charts.draw([c.spec for c in charts]):
        assert not re.search(r"https?:|style=|<script|href|xmlns", svg)
        colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg))
        assert colours <= {"none", "transparent"} | {c for c in colours if c.startswith("var(--")}
        assert any(c.startswith("var(--") for c in colours)
        assert 'aria-hidden="true"' in svg


def test_the_figures_stand_beside_each_chart_as_text(charts: list[_charts.Chart]) -> None:
    apart, reliability = charts
    assert ("guard", "degenerate") in {row[:2] for row in apart.rows}
    assert {len(row) for row in apart.rows} == {len(apart.head)}
    assert len(reliability.rows) == 5
    assert {len(row) for row in reliability.rows} == {len(reliability.head)}


def test_hostile_names_of_judges_are_drawn_as_text(audit: Audit, hostile: str) -> None:
    evil = hostile[::-1] + hostile
    renamed = replace(
        audit,
        judges=tuple({**j, "name": evil if j["name"] == "guard" else j["name"]} for j in audit.judges),
        estimates=tuple(replace(e, judge=evil) if e.judge == "guard" else e for e in audit.estimates),
    )
    chart = _charts.apart(books(renamed)[0])
    assert chart is not None
    (svg,) = _charts.draw([chart.spec])
    assert "<script" not in svg
    assert "<img" not in svg
    svg.encode("utf-8")


def test_no_charts_need_no_drawing() -> None:
    assert _charts.draw([]) == []
