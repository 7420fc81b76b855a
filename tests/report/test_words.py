"""Every reason for which something is left out, and every code of a finding, is known to a reader of the report."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import judgeaudit
from judgeaudit import kinds
from judgeaudit.model import Status
from judgeaudit.report._words import MEASURES, REASONS, STATUSES, reason

PACKAGE = Path(judgeaudit.__file__).parent
ROOMS = ("audit", "readers", "engine")
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
FIELDS = {"left_out", "reference_rule"}
"""Keys that stand beside reasons and are none."""


def _is_left_out(name: str) -> bool:
    return name.lstrip("_") in {"left_out", "reasons"}


def _parts(tree: ast.AST) -> Iterator[ast.AST]:
    """The parts of a module that say what is left out: arguments, assignments, dictionary entries and functions so named."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg and _is_left_out(node.arg):
            yield node.value
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(_is_left_out(re.split(r"[.\[]", ast.unparse(t).removeprefix("self."))[0]) for t in targets):
                yield node
        elif isinstance(node, ast.FunctionDef) and _is_left_out(node.name):
            yield from node.body[1:]
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "left_out":
                    yield value


def _codes() -> set[str]:
    found = set()
    for path in (p for room in ROOMS for p in (PACKAGE / room).glob("*.py")):
        for part in _parts(ast.parse(path.read_text(encoding="utf-8"))):
            texts = [n.value for n in ast.walk(part) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            found |= {text.strip() for text in texts if CODE.fullmatch(text.strip())}
    return found - FIELDS


CODES = sorted(_codes())


def test_the_source_is_really_searched() -> None:
    """One code of each way of writing them down."""
    assert {"no_score", "model_on_one_side", "not_both", "reference_abstained", "no_output", "blank_line"} <= set(CODES)
    assert {"unknown_field", "empty_label", "labels_of_no_output", "one_value", "fewer_than_two_verdicts"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_reason_for_leaving_out_has_words(code: str) -> None:
    assert code in REASONS or code in STATUSES


@pytest.mark.parametrize("status", list(Status))
def test_a_status_has_words(status: Status) -> None:
    assert str(status) in STATUSES


@pytest.mark.parametrize("measure", kinds.names("judgeaudit.measures"))
def test_a_measure_has_words(measure: str) -> None:
    name, gloss = MEASURES[measure]
    assert name
    assert gloss


def _reasons() -> list[str]:
    """Beginnings of text in the package that look like a code with its words."""
    found = set()
    for path in (p for room in ("audit", "measures", "gate") for p in (PACKAGE / room).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.match(node.value):
                head, colon, _ = node.value.partition(": ")
                if colon and CODE.fullmatch(head):
                    found.add(node.value)
    return sorted(found)


@pytest.mark.parametrize("text", _reasons())
def test_a_reason_with_words_shows_the_words_and_not_the_code(text: str) -> None:
    code, _, words = text.partition(": ")
    shown = reason(f"{code}: {words or 'the rest is put in at run time'}")
    assert code not in shown
    assert shown


def test_the_reasons_of_undefined_values_are_found() -> None:
    codes = {text.partition(":")[0] for text in _reasons()}
    assert {"one_class", "no_variation", "too_many_values", "few_clusters", "no_items", "one_stratum"} <= codes


def test_a_name_after_a_code_is_kept() -> None:
    assert reason("unknown_field colour") == f"{REASONS['unknown_field']} colour"


def test_codes_of_findings_are_the_names_of_their_files() -> None:
    for kind in kinds.names("judgeaudit.findings"):
        assert kind == kinds.load("judgeaudit.findings", kind).CODE
