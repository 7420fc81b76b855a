"""The verb `modes`, run as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgeaudit.cli import run

ROWS = [
    {"item_id": "a", "prompt": "Why is the sky blue?", "response": "Small particles scatter blue light more than red light."},
    {"item_id": "b", "prompt": "Why is the sky blue?", "response": "!" * 40},
    {"item_id": "c", "prompt": "Why is the sky blue?", "response": "!" * 40},
    {"item_id": "d", "prompt": "How far is the moon?", "response": ""},
    {"item_id": "e", "prompt": "How far is the moon?", "response": "It is about as far as", "meta": {"finish_reason": "length"}},
    {"item_id": "f", "prompt": "What is six times seven?", "response": "42"},
]  # fmt: skip


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    path = tmp_path / "outputs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def test_json_is_the_contract(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["modes", str(outputs), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["item_id"] for line in lines] == ["a", "b", "c", "d", "e", "f"]
    assert [line["coherence"] for line in lines] == [
        "coherent", "degenerate", "degenerate", "degenerate", "coherent", "unknown",
    ]  # fmt: skip
    assert all(set(line) == {"item_id", "coherence", "modes"} for line in lines)
    assert lines[1]["modes"] == [{"mode": "single_token_flood", "strength": 1.0, "spans": [[0, 40]]}]
    assert lines[3]["modes"] == [{"mode": "empty", "strength": 1.0, "spans": []}]
    assert [mode["mode"] for mode in lines[4]["modes"]] == ["truncated"]
    assert lines[0]["modes"] == lines[5]["modes"] == []


def test_table_counts_outputs_and_distinct_texts(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["modes", str(outputs)]) == 0
    rows = [
        [cell.strip() for cell in line.split("│")[1:-1]] for line in capsys.readouterr().out.splitlines() if "│" in line
    ]
    by_name = {row[0]: row[1:] for row in rows}
    assert by_name["degenerate"] == ["", "3", "50.0%", "2"]
    assert by_name["single_token_flood"] == ["if strong", "2", "33.3%", "1"]
    assert by_name["truncated"] == ["no", "1", "16.7%", "1"]
    assert "word_loop" not in by_name


def test_columns_are_named_and_the_prompt_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.csv"
    flood = "lamp " * 30
    path.write_text(
        f"n,question,answer\n1,Write the word lamp 30 times.,{flood}\n2,What is a lamp?,{flood}\n", encoding="utf-8"
    )
    assert run(["modes", str(path), "--id", "n", "--prompt", "question", "--response", "answer", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["item_id"], line["coherence"]) for line in found] == [("1", "coherent"), ("2", "degenerate")]


def test_hostile_texts_and_names_do_not_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "[red]\x1b[31m.jsonl"
    rows = [
        {"item_id": "\u202e[/x]\x1b[2J", "response": "\ud800\x00\x1b[31m[/b]"},
        {"item_id": "2", "response": "[bold]:smile:"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for arguments in ([], ["--json"]):
        assert run(["modes", str(path), *arguments]) == 0
        out = capsys.readouterr().out
        assert not set(out) & {"\x1b", "\u202e", "\x00", "\ud800"}
    assert json.loads(out.splitlines()[0])["item_id"] == "\u202e[/x]\x1b[2J"


def test_bad_input_is_refused_in_one_line(outputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([str(tmp_path / "none.jsonl")], [str(outputs), "--response", "respnse"]):
        assert run(["modes", *arguments]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert len(captured.err.splitlines()) == 1
    assert "'response'" in captured.err
