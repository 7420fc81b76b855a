"""What each mode's page of the catalogue holds: cause, how it is found, what looks like it, and where all that comes from."""

from __future__ import annotations

import ast
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from judgeaudit import kinds
from judgeaudit.modes._detect import PACKAGE

REFERENCE = re.compile(
    r"doi:10\.\d{4,}/\S+|arXiv:\d{4}\.\d{5}|https://github\.com/[\w.-]+/[\w.-]+(/(issues|pull)/\d+)?(?![\w/])"
)


def docstring(mode: str) -> str:
    """As it stands in the source."""
    spec = find_spec(f"{PACKAGE}.{mode}")
    assert spec is not None
    assert spec.origin is not None
    return ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))) or ""


@pytest.mark.parametrize("mode", kinds.names(PACKAGE))
def test_a_mode_tells_look_cause_cue_traps_and_references(mode: str) -> None:
    text = docstring(mode)
    body, heading, references = text.partition("\n\nReferences\n----------\n")
    assert heading, "no References section"
    assert REFERENCE.search(references), "no DOI, arXiv number or address of an issue"
    assert len(body.partition("\n")[0]) > 20, "no look"
    for part in ("Cause:", "Found ", "Trap"):
        assert part in body, part


@pytest.mark.parametrize("mode", kinds.names(PACKAGE))
def test_a_mode_with_thresholds_says_whose_they_are(mode: str) -> None:
    """The two modes without any text to weigh have none; a refusal's or a promise's tail has those of `gibberish_tail`."""
    if mode in {"empty", "whitespace_only"}:
        return
    body = docstring(mode).partition("\n\nReferences\n")[0]
    assert re.search(
        r"[Dd]efault|of ours|as in `gibberish_tail`|Found as word salad|Strength 1", " ".join(body.split())
    ), mode
