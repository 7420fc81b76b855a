from __future__ import annotations

import copy
import re
from typing import Any

import altair
import pytest

from judgeaudit.probing._planted import planted
from judgeaudit.probing._self_test import run
from judgeaudit.report import _charts
from judgeaudit.report import _stress as report
from judgeaudit.report._stress_charts import curves


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    wanted = {"sound", "calls loops harmful"}
    return run([one for one in planted(0) if one.judge.name in wanted], 0, draws=100)


def test_every_curve_is_a_specification_that_altair_accepts_with_its_figures(content: dict[str, Any]) -> None:
    charts, still = curves(content["judges"][1]["cells"]["dose"])
    assert "word loop" in {chart.title for chart in charts}
    assert len(charts) + len(still) == len({cell["mode"] for cell in content["judges"][1]["cells"]["dose"]})
    for chart in charts:
        altair.Chart.from_dict(chart.spec, validate=True)
        assert len(chart.rows) == 2
    for svg in _charts.draw([charts[0].spec]):
        assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) <= {
            "none", "transparent", "var(--coherent)", "var(--degenerate)", "var(--ink-2)", "var(--line)", "var(--line-2)",
        }  # colours, several a line  # fmt: skip


def test_a_side_with_few_bases_is_not_drawn(content: dict[str, Any]) -> None:
    cells = copy.deepcopy(content["judges"][1]["cells"]["dose"])
    for cell in cells:
        cell["clusters"] = 9
    assert curves(cells) == ([], [])


def test_all_forms_show_each_finding_and_each_judge(content: dict[str, Any]) -> None:
    page, short, told = report.render_html(content), report.render_markdown(content), "\n".join(report.lines(content))
    for judge in content["judges"]:
        assert all(judge["judge"] in form for form in (page, short, told))
    assert content["findings"]
    for finding in content["findings"]:
        assert finding["text"].partition("[")[0] in page
    assert content["findings"][0]["text"] in told
    assert content["sha256"] in page
    assert "<script" not in page


def test_an_unfinished_test_says_so_first(content: dict[str, Any]) -> None:
    cut = {**content, "incomplete": "the limit of 20 is reached"}
    assert report.render_html(cut).index("the limit of 20") < report.render_html(cut).index('id="j1"')
    assert "the limit of 20" in report.render_markdown(cut)
    assert "the limit of 20" in report.lines(cut)[-1]
