"""The example of the interchange form in the documentation is read as the documentation says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import judgeaudit as ja
from judgeaudit.cli import run
from judgeaudit.readers import read_records

PAGE = Path(__file__).parents[2] / "docs" / "files.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The page's example as a file."""
    (block,) = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "example.jsonl"
    path.write_text(block, encoding="utf-8")
    return path


def test_the_example_is_audited_without_flags(example: Path) -> None:
    result = ja.check(example, draws=100, verify=False)
    (rate,) = [
        e
        for e in result.estimates
        if e.measure == "rationale_contradiction_rate" and e.judge == "llm" and e.slice == "all"
    ]
    assert (rate.k, rate.n) == (1, 2)
    (flips,) = [e for e in result.estimates if e.measure == "unscored_rate" and e.judge == "llm" and e.slice == "all"]
    assert (flips.k, flips.n) == (0, 2)
    assert {e.judge for e in result.estimates if e.measure == "accuracy"} >= {"guard", "llm"}


def test_the_example_comes_back_from_a_store(example: Path, tmp_path: Path) -> None:
    store, out = str(tmp_path / "s.db"), tmp_path / "out.jsonl"
    assert run(["import", str(example), "--store", store]) == 0
    assert run(["export", "--store", store, str(out)]) == 0
    before, after = read_records(example), read_records(out)
    assert (after.outputs, after.labels, after.rubrics) == (before.outputs, before.labels, before.rubrics)
    # The store notes on which text a judgement was made.
    assert {replace(j, output_hash="") for j in after.judgements} == set(before.judgements)


@pytest.mark.parametrize("name", ["audit", "stress", "conclusions"])
def test_the_schemas_named_there_are_there(name: str) -> None:
    assert f"`judgeaudit/{name}.schema.json`" in PAGE.read_text(encoding="utf-8")
    path = Path(ja.__file__).parent / f"{name}.schema.json"
    assert json.loads(path.read_text(encoding="utf-8"))["$id"] == f"judgeaudit.{name}/1"
