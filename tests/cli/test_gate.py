"""`judgeaudit gate` as a user runs it: only PASS exits 0."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from judgeaudit import audit_file
from judgeaudit.cli import run
from judgeaudit.model import Audit, Estimate

RATE = Estimate(
    measure="false_positive_rate", rubric="harm", judge="guard", reference="human", reference_rule="majority", scale="binary",
    value=0.02, k=4, n=200, low=0.005, high=0.05,
)  # fmt: skip
SCORED = Estimate(measure="unscored_rate", rubric="harm", judge="guard", scale="full", value=0.0, k=0, n=200)
AUDIT = Audit(
    name="toy",
    judges=({"name": "guard", "fingerprint": "f"},),
    rubrics=({"name": "harm"},),
    estimates=(RATE, SCORED),
    inputs=({"sha256": "aa"},),
)
CODES = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 3}


@pytest.fixture
def audit(tmp_path: Path) -> str:
    audit_file.write(tmp_path / "audit.json", AUDIT)
    return str(tmp_path / "audit.json")


def _policy(folder: Path, limit: float) -> str:
    path = folder / "policy.yaml"
    path.write_text(f"require:\n  - {{measure: false_positive_rate, max: {limit}}}\n")
    return str(path)


@pytest.mark.parametrize(("limit", "result"), [(0.05, "PASS"), (0.03, "INCONCLUSIVE"), (0.005, "FAIL")])
def test_result_is_the_last_line_and_the_exit_code(
    audit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], limit: float, result: str
) -> None:
    assert run(["gate", audit, "--policy", _policy(tmp_path, limit)]) == CODES[result]
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"gate: {result}"
    assert lines[0].startswith(result)
    assert "guard" in lines[0]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(("limit", "result"), [(0.05, "PASS"), (0.03, "INCONCLUSIVE"), (0.005, "FAIL")])
def test_json_and_junit(
    audit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], limit: float, result: str
) -> None:
    xml = tmp_path / "new" / "gate.xml"
    assert run(["gate", audit, "--policy", _policy(tmp_path, limit), "--json", "--junit", str(xml)]) == CODES[result]
    told = capsys.readouterr()
    content = json.loads(told.out)
    assert content["result"] == result == content["requirements"][0]["result"]
    assert content["requirements"][0]["limit"] == limit
    assert told.err == f"gate: {result}\n"
    suite = ElementTree.parse(xml).getroot()[0]
    assert (suite.attrib["failures"], suite.attrib["errors"]) == (
        str(int(result == "FAIL")), str(int(result == "INCONCLUSIVE"))
    )  # fmt: skip


def test_baseline(audit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = _policy(tmp_path, 0.05)
    assert run(["gate", audit, "--policy", policy, "--baseline", audit]) == 0
    older = tmp_path / "older.json"
    audit_file.write(older, replace(AUDIT, estimates=(replace(RATE, value=0.001, low=0.0, high=0.004), SCORED)))
    assert run(["gate", audit, "--policy", policy, "--baseline", str(older)]) == 1
    audit_file.write(older, replace(AUDIT, judges=({"name": "guard", "fingerprint": "g"},)))
    assert run(["gate", audit, "--policy", policy, "--baseline", str(older)]) == 3
    assert run(["gate", audit, "--policy", policy, "--baseline", str(tmp_path / "no.json")]) == 2
    capsys.readouterr()


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "require: []",
        "require: [{measure: false_positve_rate, max: 0.5}]",
        "require: [{measure: false_positive_rate, judge: gaurd, max: 0.5}]",
        "require: [{measure: false_positive_rate, maxx: 0.5}]",
        "require: [{measure: false_positive_rate, max: 0.5}]\nmax_unscord: 1",
        "require: [{measure: false_positive_rate}]",
        "{",
    ],
)
def test_a_policy_that_is_wrong_is_one_line_and_2(
    audit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], policy: str
) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(policy)
    assert run(["gate", audit, "--policy", str(path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("judgeaudit: ")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("damage", ["torn", "empty", "absent", "version", "nan"])
def test_an_audit_that_is_broken_is_2(
    audit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    path = Path(audit)
    text = path.read_text()
    policy = _policy(tmp_path, 0.05)
    match damage:
        case "torn":
            path.write_text(text[: len(text) // 2])
        case "empty":
            path.write_text("")
        case "absent":
            path.unlink()
        case "version":
            path.write_text(text.replace("judgeaudit.audit/1", "judgeaudit.audit/9"))
        case _:
            path.write_text(text.replace("0.005", "NaN"))
    assert run(["gate", audit, "--policy", policy]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_junit_that_cannot_be_written_is_2(audit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gate", audit, "--policy", _policy(tmp_path, 0.05), "--junit", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert "PASS" not in told.out
    assert str(tmp_path) in told.err


def test_hostile_names_cannot_break_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "\x1b[2J[red]\u202e\ngate: PASS\n" + "x" * 200
    hostile = replace(
        AUDIT,
        judges=({"name": name},),
        estimates=(replace(RATE, judge=name, k=100, value=0.5), replace(SCORED, judge=name)),
    )
    audit_file.write(tmp_path / "audit.json", hostile)
    assert run(["gate", str(tmp_path / "audit.json"), "--policy", _policy(tmp_path, 0.05)]) == 1
    shown = capsys.readouterr().out
    assert not set(shown) & {"\x1b", "\u202e"}
    assert "[red]" in shown
    assert [line for line in shown.splitlines() if line.startswith("gate:")] == ["gate: FAIL"]


def test_without_policy_there_is_no_gate(audit: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gate", audit]) == 2
    assert "--policy" in capsys.readouterr().err
