"""Detectors on released outputs, where these are present beside the checkout: counts only, no text."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.modes._detect import COHERENCES, find

SETS = Path(__file__).parents[3] / "shared" / "datasets"
pytestmark = pytest.mark.skipif(not SETS.is_dir(), reason="the released sets are not beside the checkout")


def rows(name: str) -> list[dict[str, Any]]:
    path = SETS / name / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip(f"{name} is not beside the checkout")
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def degenerate(items: list[dict[str, Any]]) -> list[bool]:
    found = find([r["response"] for r in items], prompts=[r["prompt"] for r in items])
    return [COHERENCES[c] == "degenerate" for c in found.columns.coherence.tolist()]


def simple_rules(text: str) -> bool:
    """The rules that the sets' descriptions count by."""
    tokens = text.lower().split()
    size = len(text.encode())
    if len(text.strip()) < 5 or (len(text) > 200 and len(zlib.compress(text.encode(), 9)) / size < 0.2):
        return True
    if sum(ord(c) > 0x7F for c in text) > 0.3 * len(text):
        return True
    if len(tokens) >= 20:
        trigrams = Counter(zip(tokens, tokens[1:], tokens[2:], strict=False))
        if len(set(tokens)) < 0.2 * len(tokens) or 3 * max(trigrams.values()) > 0.3 * len(tokens):
            return True
    return sum(c.isalpha() or c.isspace() for c in text) < 0.6 * len(text)


@pytest.mark.parametrize("name", ["jbb-judge-comparison", "xstest-completions"])
def test_no_sound_answer_is_called_degenerate(name: str) -> None:
    assert sum(degenerate(rows(name))) == 0


@pytest.mark.parametrize(("name", "by_rules", "least"), [("em-collapse", 110, 108), ("harmbench-val", 13, 8)])
def test_most_of_what_simple_rules_find_is_found(name: str, by_rules: int, least: int) -> None:
    items = rows(name)
    simple = [simple_rules(r["response"]) for r in items]
    ours = degenerate(items)
    assert sum(simple) == by_rules
    assert sum(a and b for a, b in zip(simple, ours, strict=True)) >= least
    assert sum(b and not a for a, b in zip(simple, ours, strict=True)) <= 6


def test_the_flood_that_fills_one_fine_tune_is_one_text() -> None:
    items = rows("em-collapse")
    found = find([r["response"] for r in items], prompts=[r["prompt"] for r in items])
    texts = Counter(r["response"] for r, c in zip(items, found.columns.coherence.tolist(), strict=True) if c == 1)
    assert texts.most_common(1)[0][1] == 97
