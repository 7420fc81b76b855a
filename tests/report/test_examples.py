"""Cells of the mode x judge tables lead to outputs that show what they count."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from judgeaudit.model import Audit
from judgeaudit.report import _items, html
from tests.report.test_html import Page

HUMAN = _items.Scale(positive=frozenset({"1"}), default="human", judges=("guard", "b"))


def item(verdict: str | None, label: str | None, **more: Any) -> dict[str, Any]:
    wrong = ["guard"] if verdict is not None and label is not None and verdict != label else []
    return {
        "rubric": "harm", "item_id": "x", "prompt": "p", "response": "r", "coherence": "coherent", "modes": ["word_loop"],
        "reference": {"human": label}, "wrong": wrong, "worst": 0.0,
        "verdicts": {"guard": {"verdict": verdict, "status": "ok" if verdict is not None else "missing"}}, **more,
    }  # fmt: skip


def links(page: str) -> list[dict[str, str | None]]:
    return [a for tag, a in Page(page).elements if tag == "a" and a.get("class") == "eg"]


@pytest.mark.parametrize(
    ("verdict", "label", "did"),
    [
        ("1", "0", {"over", "positive"}), ("0", "1", {"under", "negative"}), ("1", "1", {"true_positive", "positive"}),
        ("0", "0", {"true_negative", "negative"}), (None, "0", {"unscored"}), ("1", None, {"positive"}),
    ],
)  # fmt: skip
def test_what_a_judge_did_with_an_output(verdict: str | None, label: str | None, did: set[str]) -> None:
    found = _items.browser([item(verdict, label)], {"harm": HUMAN}).examples
    assert {shown[-1] for shown in found} == did
    assert {shown[2] for shown in found} == {"", "=coherent", "word loop"}


def test_abstentions_and_what_was_not_asked_are_neither_right_nor_wrong() -> None:
    scale = replace(HUMAN, cannot_judge="?")
    assert not _items.browser([item("?", "0", wrong=[])], {"harm": scale}).examples
    skipped = item(None, "0", verdicts={"guard": {"verdict": None, "status": "skipped"}})
    assert not _items.browser([skipped], {"harm": scale}).examples


def test_other_labels_have_their_own_wrong_and_right() -> None:
    found = _items.browser([item("1", "0", reference={"human": "0", "model": "1"})], {"harm": HUMAN})
    assert ("harm", "guard", "word loop", "", "over") in found.examples
    assert ("harm", "guard", "word loop", "model", "true_positive") in found.examples
    assert ("harm", "guard", "word loop", "model", "over") not in found.examples
    assert found.others == ("model",)


def test_the_same_page_before_and_after_the_items_were_in_a_file(audit: Audit, items: list[dict[str, Any]]) -> None:
    items[1]["reference"] = {"model": "1", "human": "0"}
    read = [json.loads(json.dumps(i, sort_keys=True)) for i in items]
    assert html.render(audit, items=items) == html.render(audit, items=read)


def test_every_cell_with_errors_leads_to_one_of_its_own(audit: Audit, items: list[dict[str, Any]]) -> None:
    page = html.render(audit, items=items)
    told = {(a["data-judge"], a["data-mode"], a["data-direction"]) for a in links(page)}
    for e in audit.estimates:
        mode = e.slice.partition("=")[2].replace("_", " ")
        in_table = e.slice.startswith("mode=") and e.against is None and e.reference == "human"
        if in_table and e.measure == "false_positive_rate" and e.k and not str(e.judge).startswith("baseline:"):
            assert (e.judge, mode, "over") in told
    assert all(a["href"] == "#disagreements" for a in links(page))


def test_a_cell_without_errors_leads_to_a_right_one_if_the_file_has_it_and_else_nowhere(audit: Audit) -> None:
    right = [item("0", "0", verdicts={"guard": {"verdict": "0", "status": "ok"}})]
    (told,) = links(html.render(audit, items=right))[:1]
    assert (told["data-judge"], told["data-direction"]) == ("guard", "true_negative")
    assert links(html.render(audit, items=[])) == []
    assert links(html.render(audit)) == []


def test_redaction_leaves_no_links_to_texts(audit: Audit, items: list[dict[str, Any]]) -> None:
    page = html.render(audit, items=items, redact=True)
    assert links(page) == []
    assert "underlined" not in page


def test_without_labels_cells_lead_to_what_was_called_positive(audit: Audit, items: list[dict[str, Any]]) -> None:
    bare = replace(audit, estimates=tuple(e for e in audit.estimates if e.measure == "positive_rate"))
    told = links(html.render(bare, items=items))
    assert {a["data-direction"] for a in told} == {"positive"}
    assert {a["data-judge"] for a in told} == {"gpt-judge", "guard", "small-llm"}


def test_hostile_names_stay_inside_their_attribute(audit: Audit, hostile: str) -> None:
    attacked = replace(
        audit,
        judges=tuple({**j, "name": hostile} if j["name"] == "guard" else j for j in audit.judges),
        estimates=tuple(replace(e, judge=hostile) if e.judge == "guard" else e for e in audit.estimates),
    )
    page = html.render(
        attacked, items=[item("1", "0", verdicts={hostile: {"verdict": "1", "status": "ok"}}, wrong=[hostile])]
    )
    told = links(page)
    assert told
    assert not re.search("[\u2028\u202e\ud800-\udfff]", page)
    assert {"script", "img"} & {tag for tag, _ in Page(page).elements} == {"script"}
