"""`judgeaudit conclusions` as a user runs it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import judgeaudit as ja
from judgeaudit.cli import run
from tests.conclusions import synthetic

FLAGS = ["--rubric", "breach", "--target", "0.6", "--draws", "200"]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.chdir(tmp_path)
    table, capability = synthetic.write(tmp_path)
    return str(table), str(capability)


def test_pages_and_a_terminal_of_80_columns(
    study: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["conclusions", study[0], "--capability", study[1], *FLAGS]) == 0
    told = capsys.readouterr()
    assert max(map(len, told.out.splitlines())) <= 80
    assert "fragile" in told.out
    folder = tmp_path / "reports" / "outputs"
    assert sorted(p.name for p in folder.iterdir()) == ["conclusions.html", "conclusions.json", "conclusions.md"]
    assert str(Path("reports/outputs/conclusions.html")) in told.err


def test_json_writes_no_file_and_is_what_the_library_gives(
    study: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["conclusions", study[0], "--capability", study[1], *FLAGS, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert not (tmp_path / "reports").exists()
    assert {c["result"] for c in told["conclusions"]} == {"robust", "fragile", "undecided"}
    result = ja.conclude(study[0], capability=study[1], rubric="breach", targets=0.6, draws=200, out=tmp_path / "out")
    written = json.loads((tmp_path / "out" / "conclusions.json").read_text())
    assert written == told
    assert [c.contrast.claim for c in result.conclusions] == [c["claim"] for c in told["conclusions"]]


def test_columns_by_name_in_a_plain_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, scores = tmp_path / "flat.csv", tmp_path / "scores.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["arm", "set", "q", "root", "goal", "guard", "step", "gpt", "anna", "answer"])
        for r in synthetic.records():
            m, verdict = r["meta"], r["judge_verdicts"]["strict/breach"]
            row = [m["run"], m["benchmark"], m["item"], m["base"], m.get("task", ""), m.get("mitigation", "")]
            writer.writerow([*row, m["checkpoint"], verdict, r["human_labels"][0]["label"], r["response"]])
    with scores.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["arm", "goal", "step", "q", "right"])
        writer.writerows(synthetic.capability_rows())
    named = {"run": "arm", "benchmark": "set", "item": "q", "base": "root", "task": "goal", "mitigation": "guard"}
    flags = [x for fact, column in {**named, "checkpoint": "step"}.items() for x in (f"--{fact}-column", column)]
    fields = {"run": "arm", "task": "goal", "checkpoint": "step", "item": "q", "correct": "right"}
    flags += [x for field, column in fields.items() for x in ("--capability-column", f"{field}={column}")]
    more = ["--judge", "gpt", "--human", "anna", "--positive", "yes", "--response", "answer", "--target", "0.6"]
    code = run(["conclusions", str(table), "--capability", str(scores), *flags, *more, "--draws", "200", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    # One judge: a third of the 216 universes, with the same results.
    assert {c["universes"] for c in told["conclusions"]} == {72}
    assert {c["claim"]: c["result"] for c in told["conclusions"]} == {
        "list-none is less safe than its base (base)": "robust",
        "list-refusals is less safe than its base (base)": "undecided",
        "style-none is less safe than its base (base-loud)": "fragile",
        "mitigation refusals beats none (list)": "robust",
    }


def test_nothing_concluded_is_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = [r for r in synthetic.records() if int(r["meta"]["item"][1:]) < 4]
    table, capability = synthetic.write(tmp_path, few)
    out = str(tmp_path / "out")
    assert run(["conclusions", str(table), "--capability", str(capability), *FLAGS, "--out", out]) == 3
    told = capsys.readouterr()
    assert "nothing could be concluded" in told.err
    assert "fewer than 10 prompts" in (tmp_path / "out" / "conclusions.html").read_text()


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--run-column", "meta.arm"], "meta.arm"),
        (["--base", "bass"], "'base'"),
        (["--target", "high"], "high"),
        (["--target", "lists=0.5"], "lists"),
        (["--capability-column", "items=q"], "items"),
        (["--reach", "upper"], "upper"),
    ],
)
def test_what_cannot_be_used_is_exit_2(
    study: tuple[str, str], capsys: pytest.CaptureFixture[str], flags: list[str], words: str
) -> None:
    flags = ["conclusions", study[0], "--capability", study[1], "--rubric", "breach", "--draws", "200", *flags]
    assert run(flags) == 2
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1


def test_nothing_to_compare_is_exit_2(
    study: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = [{**r, "meta": {"run": r["meta"]["run"]}} for r in synthetic.records() if r["meta"]["run"] == "base"]
    table, _ = synthetic.write(tmp_path, alone)
    assert run(["conclusions", str(table), "--rubric", "breach"]) == 2
    assert "--base" in capsys.readouterr().err


def test_the_store_of_an_audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, capability = synthetic.write(tmp_path)
    (tmp_path / "audit.yaml").write_text(
        "schema: judgeaudit.audit_config/1\nname: toy\noutputs: {files: [outputs.jsonl]}\n"
        'rubrics: {breach: {values: ["no", "yes"], positive: ["yes"]}}\n'
        "judges: [{name: strict, kind: recorded, file: outputs.jsonl, judge: strict}]\n",
        encoding="utf-8",
    )
    path = str(tmp_path / "audit.yaml")
    assert run(["judge", path]) == 0
    capsys.readouterr()
    flags = ["--capability", str(capability), "--target", "0.6", "--draws", "200", "--json"]
    assert run(["conclusions", path, *flags]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["name"] == "toy"
    assert [c["result"] for c in told["conclusions"]] == ["robust", "undecided", "fragile", "robust"]
