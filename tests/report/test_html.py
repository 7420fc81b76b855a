from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any

import pytest

from judgeaudit import audit_file
from judgeaudit.model import Audit, Estimate
from judgeaudit.report import html
from judgeaudit.report._drawer import Drawer


@dataclass(frozen=True)
class Line:
    result: str
    text: str
    rubric: str | None = None


@dataclass(frozen=True)
class Decision:
    result: str
    lines: tuple[Line, ...]


class Page(HTMLParser):
    """Elements with their attributes, ids in order, and the content of script and style elements."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.text: list[str] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.raw:
            self._open = tag
            self.raw[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = "" if tag == self._open else self._open

    def handle_data(self, data: str) -> None:
        if self._open:
            self.raw[self._open][-1] += data
        else:
            self.text.append(data)

    def ids(self) -> list[str]:
        return [str(a["id"]) for _, a in self.elements if "id" in a]


@pytest.fixture(scope="module")
def page(audit: Audit) -> str:
    return html.render(audit)


def test_the_verdict_box_comes_first_then_the_mode_table_then_the_judges(page: str) -> None:
    order = [
        'class="box',
        "-modes-h",
        'class="grid"',
        "-judges-h",
        "-confusion-h",
        "-agreement-h",
        "-slices-h",
        "-differences-h",
    ]
    order += ['id="findings"', 'id="disagreements"', 'id="left-out"', 'id="methods"']
    body = page[page.index("<main") :]
    places = [body.index(mark) for mark in order]
    assert places == sorted(places)


def test_nothing_is_loaded_from_outside(audit: Audit, items: list[dict[str, Any]]) -> None:
    text = html.render(audit, items=items)
    page = Page(text)
    for tag, attributes in page.elements:
        assert tag not in {"link", "iframe", "object", "embed", "base", "img"}, tag
        for name, value in attributes.items():
            assert not (name in {"src", "href", "action", "data", "srcset"} and not str(value).startswith("#")), (
                tag,
                name,
                value,
            )
            assert not name.startswith("on"), (tag, name)
            assert name != "style", (tag, value)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", "".join(page.raw["style"]))
    assert "fetch(" not in page.raw["script"][-1]
    assert "innerHTML" not in page.raw["script"][-1]


def test_the_policy_allows_exactly_this_script_and_this_style(page: str) -> None:
    parsed = Page(page)
    policy = next(
        a["content"] for t, a in parsed.elements if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for kind in ("script", "style"):
        (content,) = parsed.raw[kind]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_the_same_audit_gives_the_same_bytes_also_after_it_was_written_and_read(
    audit: Audit, items: list[dict[str, Any]]
) -> None:
    first = html.render(audit, items=items)
    assert html.render(audit, items=[dict(reversed(i.items())) for i in reversed(items)]) == first
    assert html.render(audit_file.loads(audit_file.dumps(audit), where="a"), items=items) == first


def test_ids_are_unique_and_every_link_in_the_page_has_its_target(audit: Audit, items: list[dict[str, Any]]) -> None:
    page = Page(html.render(audit, items=items))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    targets = {str(a["href"])[1:] for t, a in page.elements if t == "a"}
    assert targets <= set(ids)
    named = {str(a["aria-labelledby"]) for _, a in page.elements if "aria-labelledby" in a}
    assert named <= set(ids)


def test_every_header_cell_has_a_scope_and_every_table_a_caption(audit: Audit, items: list[dict[str, Any]]) -> None:
    page = Page(html.render(audit, items=items))
    assert all(a.get("scope") for t, a in page.elements if t == "th")
    tags = [t for t, _ in page.elements]
    assert tags.count("table") == tags.count("caption") > 10


def test_every_figure_of_the_mode_table_stands_in_the_page_with_its_counts(audit: Audit, page: str) -> None:
    shown = [
        e
        for e in audit.estimates
        if e.measure == "false_positive_rate" and e.slice.startswith("mode=") and e.against is None
    ]
    assert len(shown) > 15
    body = " ".join(Page(page).text)
    for e in shown:
        assert f"{e.k:.0f} of {e.n:.0f}" in body if e.n else "no negative" in body


def test_an_undefined_value_is_shown_with_its_reason_and_never_as_a_number(page: str) -> None:
    assert "the judge gave one value only" in page
    assert "the reference has no positive" in page
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", " ".join(Page(page).text))


def test_without_a_policy_no_word_claims_that_a_judge_is_good(page: str) -> None:
    box = page[page.index('class="box') : page.index("-modes-h")]
    assert not re.search(r"reliabl|trust|safe\b|valid|good|pass", " ".join(Page(box).text), re.IGNORECASE)


@pytest.mark.parametrize("result", ["PASS", "FAIL", "INCONCLUSIVE"])
def test_a_gates_result_is_the_headline_of_the_box(audit: Audit, result: str) -> None:
    decision = Decision(result=result, lines=(Line(result, "false_positive_rate of guard <= 0.1: upper bound 0.84"),))
    page = html.render(audit, decision=decision)
    box = page[page.index('class="box') : page.index("-modes-h")]
    assert f"box {result.lower()}" in box
    assert f"Policy: {result}" in box
    assert "upper bound 0.84" in box


def test_hostile_texts_come_out_as_text(audit: Audit, items: list[dict[str, Any]], hostile: str) -> None:
    attacked = replace(
        audit,
        name=hostile,
        findings=(*audit.findings, replace(audit.findings[0], text=hostile, judge=hostile, slice=f"col.a={hostile}",
                                           output_ids=(hostile,))),
        judges=({**audit.judges[0], "model": hostile}, *audit.judges[1:]),
        settings={**audit.settings, hostile: hostile},
        inputs=({"name": hostile, "rows": 3, "left_out": {hostile: 1}},),
    )  # fmt: skip
    text = html.render(attacked, items=items)
    page = Page(text)
    assert [t for t, _ in page.elements].count("script") == 2
    assert "img" not in {t for t, _ in page.elements}
    assert not re.search("[\u2028\u202e\ud800-\udfff]", text)
    assert "\\u2028\\u202egnp.exe\\ud835" in " ".join(page.text)
    assert "49" not in " ".join(page.text).partition("{{7*7}}")[0][-20:]
    text.encode("utf-8")


def test_redaction_leaves_no_text_of_prompts_responses_or_rationales(audit: Audit, items: list[dict[str, Any]]) -> None:
    secret = "Xylophonisch"
    for number, item in enumerate(items):
        item["item_id"], item["model"] = f"i{number}", "m"
        item["prompt"] += secret
        item["response"] += secret
        for told in item["verdicts"].values():
            told["verdict"] = None if told["verdict"] is None else "1"
            told["rationale"] += secret
    text = html.render(audit, items=items, redact=True)
    for trace in (secret, "fern", "sprout", "the the", "!!!!", "owned", "Water"):
        assert trace not in text, trace
    assert "characters, sha256" in text
    assert html.render(audit, items=items, redact=True) == text
    assert secret in html.render(audit, items=items)


def test_a_page_without_items_says_so_and_one_with_none_says_that(audit: Audit) -> None:
    assert "not at hand" in html.render(audit)
    assert "No judge is wrong on any" in html.render(audit, items=[])


def test_more_items_than_a_page_holds_are_counted_aloud(
    audit: Audit, many_items: Callable[[int], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judgeaudit.report._items.MAX_ITEMS", 40)
    text = html.render(audit, items=many_items(61))
    assert "worst 40 of 61" in " ".join(text.split())
    assert "n00060" in text
    assert "n00001" not in text


def test_several_rubrics_get_a_section_each(audit: Audit) -> None:
    other = tuple(replace(e, rubric="refusal") for e in audit.estimates)
    both = replace(
        audit,
        rubrics=(*audit.rubrics, {"name": "refusal", "values": ["0", "1"], "positive": ["1"]}),
        estimates=audit.estimates + other,
    )
    text = html.render(both)
    assert text.count('class="box') == 2
    assert "Harmless called harmful" in text
    assert "labelled otherwise" in text
    ids = Page(text).ids()
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("keep", [[], ["positive_rate"], ["percent_agreement", "krippendorff_alpha"], ["cohen_kappa"]])
def test_an_audit_with_gaps_is_still_a_page(audit: Audit, keep: list[str]) -> None:
    part = replace(
        audit,
        estimates=tuple(e for e in audit.estimates if e.measure in keep),
        tables={},
        findings=(),
        judges=audit.judges[:1],
    )
    text = html.render(part)
    assert text.count('class="box') == 1
    assert "None of the checks found anything" in text


def test_an_empty_audit_is_a_page() -> None:
    assert "Findings" in html.render(Audit(name="empty"))


def test_a_rubric_without_a_positive_value_is_shown_on_its_full_scale(audit: Audit) -> None:
    full = tuple(replace(e, scale="full", method="") for e in audit.estimates if e.measure == "accuracy")
    rubrics = ({"name": "harm", "values": ["a", "b", "c"], "positive": []},)
    text = html.render(replace(audit, estimates=full, rubrics=rubrics))
    assert "gives the reference" in text
    assert "Equal to the reference" in text


def test_the_human_ceiling_stands_beside_the_judges(audit: Audit) -> None:
    shared: dict[str, Any] = {"rubric": "harm", "reference": "human", "scale": "binary", "n": 240}
    extra = tuple(
        Estimate(measure=m, judge=j, reference_rule=f"others_than:{a}", value=0.91, low=0.9, high=0.92,
                 k=218 if m == "accuracy" else None, **shared)
        for a in ("ana", "bo", "cy")
        for j in (f"annotator:{a}", "guard")
        for m in ("accuracy", "cohen_kappa")
    )  # fmt: skip
    text = html.render(replace(audit, estimates=extra + audit.estimates))
    assert "Human ceiling" in text
    assert "218 of 240" in text
    assert "against the other people: ana 91%, bo 91%, cy 91%" in text
    plain = html.render(audit)
    start, end = "-modes-h", "-confusion-h"
    without_line = re.sub("<span>Human ceiling.*?</span>", "", text[text.index(start) : text.index(end)])
    assert without_line == plain[plain.index(start) : plain.index(end)]


def test_who_draws_changes_nothing_but_time(audit: Audit, page: str) -> None:
    with closing(Drawer()) as drawer:
        assert html.render(audit, drawer=drawer) == page


def test_a_long_question_is_folded_below_the_box(audit: Audit) -> None:
    text = html.render(replace(audit, rubrics=({**audit.rubrics[0], "question": "Is it so? " * 30},)))
    assert text.index('class="box') < text.index("What the judges were asked") < text.index("-modes-h")
