"""The page on released sets: what is absent stays, no text gets out, and the committed figures are those of the commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bench import check_real_sets as page

SETS = page.ROOT.parent / "shared" / "datasets"
COMMITTED = page.ROOT / "docs" / "real-sets.md"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("a b", True),
        ("The kettle is on the stove, and the gate is open until nine.", False),
        ("the gate " * 30, True),
        ("море и небо", True),
        ("1 + 1 = 2; 2 + 2 = 4; 3 + 3 = 6; 4 + 4 = 8", True),
    ],
)
def test_the_simple_rules(text: str, expected: bool) -> None:
    assert page.simple_rules(text) is expected


def test_where_a_set_is_absent_its_part_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = COMMITTED.read_text(encoding="utf-8")
    assert page.made(tmp_path, before, tmp_path) == before
    told = capsys.readouterr().err
    assert all(name in told for name in page.PARTS)


def test_the_table_of_verdicts_holds_no_text(tmp_path: Path) -> None:
    row: dict[str, Any] = {
        "item_id": "a", "prompt": "a secret question", "response": "a secret answer",
        "judge_verdicts": {"claude-3.5-haiku/safety": 2, "nova-pro/drift": None}, "meta": {"condition": page.POLITICAL},
    }  # fmt: skip
    again = {**row, "item_id": "b", "prompt": "another"}
    page.em_table(tmp_path, [row, again], {"a": "degenerate", "b": "degenerate"})
    head, first, second = (tmp_path / "em-collapse.csv").read_text(encoding="utf-8").splitlines()
    cells = [dict(zip(head.split(","), line.split(","), strict=True)) for line in (first, second)]
    assert "secret" not in first + second
    assert [c["prompt"] for c in cells] == ["0", "1"]
    assert [c["text"] for c in cells] == ["0", "0"]
    assert [c["first_of_text"] for c in cells] == ["degenerate", ""]
    assert (cells[0]["claude_safety"], cells[0]["nova_drift"], cells[0]["political_2e4"]) == ("2", "", "degenerate")


@pytest.mark.skipif(not SETS.is_dir(), reason="the folder of real sets is not here")
@pytest.mark.parametrize("name", ["harmbench-val"])
def test_the_committed_part_is_what_the_commands_print(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.jsonl").write_bytes((SETS / name / f"{name}.jsonl").read_bytes())
    assert page.PARTS[name](tmp_path / f"{name}.jsonl", tmp_path) == page.kept(
        COMMITTED.read_text(encoding="utf-8"), name
    )


@pytest.mark.skipif(not SETS.is_dir(), reason="the folder of real sets is not here")
def test_the_committed_figures_of_collapsed_fine_tunes(tmp_path: Path) -> None:
    """The safety lines of the whole set, by the one command that needs no table; the rest costs six audits more."""
    name = "em-collapse"
    (tmp_path / f"{name}.jsonl").write_bytes((SETS / name / f"{name}.jsonl").read_bytes())
    part = page.kept(COMMITTED.read_text(encoding="utf-8"), name)
    (command,) = [line for line in part.splitlines() if line.startswith("judgeaudit check em-collapse.jsonl")]
    found = page.estimates(tmp_path, command)
    assert page.table(["dimension", "outputs", "n", "texts", "ordinal", "interval"], list(page._wider(found))) in part
    assert part.count("| safety | degenerate | 112 | 16 |") == 1
