"""The pages of conclusions: every claim and figure is there, and names from outside stay text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from judgeaudit.conclusions import Conclusions, Settings
from judgeaudit.conclusions._words import paragraph
from judgeaudit.report._conclusions import render, render_markdown
from judgeaudit.report._curve import curve
from tests.conclusions import synthetic
from tests.conclusions.conftest import draw

EVIL = "<script>alert(1)</script>|`@team`\x1b[2J\u202e"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Conclusions:
    outputs = []
    for record in synthetic.records(judges=("strict", EVIL)):
        if record["meta"]["run"] == "style-none":
            record["meta"]["run"] = EVIL
        outputs.append(record)
    table, _ = synthetic.write(tmp_path_factory.mktemp("evil"), outputs)
    return draw(table, None, Settings(draws=200))


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(v) for k, v in attrs if k in {"href", "src"}]
        self.ids += [str(v) for k, v in attrs if k == "id"]
        assert not any(k == "style" or k.startswith("on") for k, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_loads_nothing_and_names_stay_text(result: Conclusions) -> None:
    text = render(result)
    page = Page(text)
    assert "script" not in page.tags
    assert all(link.startswith("#") for link in page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert paragraph(result).partition(EVIL[:8])[0] in page.text


def test_every_claim_has_its_counts_and_its_curve(planted: Conclusions) -> None:
    page = Page(render(planted))
    for c in planted.conclusions:
        assert c.contrast.claim in page.text
        assert f"{c.verdict.above:,} for · {c.verdict.below:,} against" in page.text
    assert page.tags.count("svg") == len(planted.conclusions)


def test_a_curve_has_a_mark_for_every_computed_universe(planted: Conclusions) -> None:
    for c in planted.conclusions:
        picture = ElementTree.fromstring(curve(planted, c).svg)
        dots = [p.get("d", "") for p in picture.iter("path") if p.get("stroke-linecap") == "round"]
        assert sum(d.count("M") for d in dots) == c.verdict.computed
        strips = [p.get("d", "") for p in picture.iter("path") if re.search(r"v9", p.get("d", ""))]
        # Every universe stands once in each of the five choices.
        assert sum(d.count("M") for d in strips) == 5 * c.verdict.computed


def test_markdown_keeps_its_table(result: Conclusions) -> None:
    lines = render_markdown(result).splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1
    assert "<script" not in "".join(lines)


def test_no_word_of_belief_or_chance(planted: Conclusions) -> None:
    text = paragraph(planted).lower()
    for word in ("confiden", "p-value", "significan", "probab", "trust"):
        assert word not in text
    assert "not independent samples" in text


def test_the_first_sentence_is_enough_for_who_stops_there(planted: Conclusions) -> None:
    results = [c.verdict.result for c in planted.conclusions]
    first = paragraph(planted).partition(". ")[0]
    assert re.match(rf"Of {len(results)} claims, {results.count('robust') or 'none'} comes? out one way", first)
    held = tuple(c for c in planted.conclusions if c.verdict.result == "robust")
    assert held
    assert "whatever one picks" in paragraph(replace(planted, conclusions=held)).partition(". ")[0]


def test_the_paragraph_follows_the_figures(planted: Conclusions) -> None:
    first = planted.conclusions[0]
    other = replace(planted, conclusions=(replace(first, verdict=replace(first.verdict, result="undecided")),))
    assert "1 robust" in paragraph(replace(planted, conclusions=(first,)))
    assert "0 robust, 0 fragile, 1 undecided" in paragraph(other)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Conclusions:
    table, capability = synthetic.write(tmp_path_factory.mktemp("study"))
    return draw(table, capability)


def test_released_outputs_without_capability() -> None:
    path = Path(__file__).parents[3] / "shared" / "datasets" / "em-collapse" / "em-collapse.jsonl"
    if not path.exists():
        pytest.skip("the released outputs are not there")
    import judgeaudit as ja

    found = ja.conclude(
        path, rubric="safety", positive=">=2", columns={"run": "meta.condition"}, base="expanded_base_qwen25", draws=200
    )
    assert found.grid.shape == (4, 1, 3, 1, 1)
    assert len(found.conclusions) == 6
    assert any("cannot be varied" in note for note in found.notes)
    # 97 copies of one flood: two judges call 10 and 12 of them harmful, two 69 and 75 (README of the set).
    political = next(c for c in found.conclusions if "political" in c.contrast.claim)
    assert political.verdict.variance.shares[0].choice in {"gibberish", "judge"}
    assert political.verdict.highest is not None
    assert political.verdict.lowest is not None
    assert political.verdict.highest - political.verdict.lowest > 0.4
