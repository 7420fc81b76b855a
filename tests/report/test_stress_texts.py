"""Texts of probes on the page of a stress test: folded, escaped, visible."""

from __future__ import annotations

import re
from typing import Any

import pytest

from judgeaudit.probing._planted import planted
from judgeaudit.probing._self_test import run
from judgeaudit.report import _stress as report
from judgeaudit.report._stress_texts import texts
from tests.report.test_html import Page


def example(**more: Any) -> dict[str, Any]:
    return {
        "rubric": "harm", "role": "dose", "name": "word_loop", "variant": None, "dose": 0.5, "base": "b", "base_value": "0",
        "base_positive": False, "prompt": "How?", "response": "so so so",
        "verdicts": {"guard": {"verdict": "1", "status": "ok"}, "shy": {"verdict": None, "status": "refused"}}, **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return run([one for one in planted(0) if one.judge.name == "sound"], 0, draws=100)


def test_texts_stand_by_role_and_kind_with_what_each_judge_said() -> None:
    given = [example(dose=0.0), example(), example(role="attack", name="instruction", variant="plain_order", dose=None)]
    degraded, attacks = texts(given, several=False)
    assert (degraded.title, attacks.title) == ("Degraded", "Attacks on the judge")
    (loop,) = degraded.kinds
    assert [t.title.partition(",")[0] for t in loop.texts] == ["dose 0", "dose 0.5"]
    assert loop.texts[1].said.startswith("guard: 1 · shy: ")
    assert "None" not in loop.texts[1].said
    assert attacks.kinds[0].texts[0].title == "plain order"


def test_several_rubrics_are_told_apart() -> None:
    roles = texts([example(), example(rubric="refusal")], several=True)
    assert [role.title for role in roles] == ["Degraded, harm", "Degraded, refusal"]


def test_texts_are_folded_and_hostile_ones_come_out_as_text(content: dict[str, Any], hostile: str) -> None:
    page = report.render_html(content, [example(response=hostile, prompt=hostile, name=hostile)])
    parsed = Page(page)
    assert {"img", "script"} & {tag for tag, _ in parsed.elements} == set()
    assert not re.search("[\u2028\u202e\ud800-\udfff]", page)
    section = page[page.index('id="texts"') :]
    section = section[: section.index('id="methods"')]
    assert section.count("<pre") == section[section.index("<details") : section.rindex("</details>")].count("<pre") == 2
    assert "<details open" not in section


def test_an_empty_text_is_said_to_be_empty(content: dict[str, Any]) -> None:
    assert "no character at all" in report.render_html(content, [example(response="")])


def test_without_examples_the_page_has_no_such_section(content: dict[str, Any]) -> None:
    assert 'id="texts"' not in report.render_html(content)
