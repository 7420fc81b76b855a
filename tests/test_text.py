"""Judged text can be printed, hashed, stored and shown without harm, whatever it holds."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.text import (
    clip,
    for_html,
    for_sheet,
    for_terminal,
    for_xml,
    from_sheet,
    head_and_tail,
    text_hash,
    utf8,
    visible,
)

anything = st.text(st.characters(), max_size=60)  # lone surrogates, NUL and bidirectional controls among them
HOSTILE = ["\x1b[31m", "\x07", "\u202eabc", "a\ud835b", "x\x00y", "\u2028", "\ufeff", "\u200b", "\U000e0041", "\x9b2J"]


@settings(max_examples=200, deadline=None)
@given(anything)
def test_every_string_has_bytes_and_they_are_its_own(text: str) -> None:
    assert utf8(text).decode("utf-8", "surrogatepass") == text
    assert len(text_hash(text)) == 64


@settings(max_examples=100, deadline=None)
@given(anything, anything)
def test_different_texts_have_different_hashes(first: str, second: str) -> None:
    assert (text_hash(first) == text_hash(second)) == (first == second)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_cannot_be_seen_is_written_out(text: str) -> None:
    shown = visible(text)
    assert "\\u" in shown or "\\U" in shown
    assert shown.isprintable()


@settings(max_examples=200, deadline=None)
@given(anything, st.integers(1, 30))
def test_a_terminal_gets_one_printable_line(text: str, width: int) -> None:
    line = for_terminal(text, width)
    assert len(line) <= width
    assert not set(line) & set("\n\r\t\x1b\x07\x00\x9b\u202e\u2066")


@settings(max_examples=200, deadline=None)
@given(anything)
def test_html_has_no_markup_left_and_reads_back_as_what_is_shown(text: str) -> None:
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            raise AssertionError(tag)

        def handle_data(self, data: str) -> None:
            found.append(data)

    reader = Reader(convert_charrefs=True)
    reader.feed(for_html(text))
    reader.close()
    assert "".join(found) == visible(text)
    assert '"' not in for_html(text)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_xml_takes_it(text: str) -> None:
    element = ElementTree.Element("failure")
    element.text = for_xml(text)
    ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8"))


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@a", "\t=1", "\r=1", "'=1", "'", "''=", "plain", ""])
def test_a_sheet_runs_nothing_and_gives_the_text_back(text: str) -> None:
    cell = for_sheet(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert from_sheet(cell) == text


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_sheet_round_trip_through_csv(text: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([for_sheet(text)])
    file.seek(0)
    ((cell,),) = csv.reader(file) if text else [[""]]
    assert from_sheet(cell) == text


@settings(max_examples=100, deadline=None)
@given(anything, st.integers(1, 80))
def test_head_and_tail_keep_both_ends(text: str, limit: int) -> None:
    shown, cut = head_and_tail(text, limit)
    assert cut == (len(text) > limit)
    if cut:
        half = limit - limit // 2
        assert shown.startswith(text[:half])
        assert shown.endswith(text[len(text) - limit // 2 :])
        assert f"{len(text) - limit} characters cut" in shown
    else:
        assert shown == text


def test_clip_marks_the_cut() -> None:
    assert clip("abcdef", 3) == "ab…"
    assert clip("abc", 3) == "abc"


def test_a_megabyte_is_no_trouble() -> None:
    long = "\x1b[0m" * 250_000
    assert len(visible(long)) > len(long)
    assert len(for_terminal(long, 80)) == 80
