from __future__ import annotations

import json
from pathlib import Path

import pytest

import judgeaudit
from judgeaudit import audit_file
from judgeaudit.cli import run
from judgeaudit.model import Audit, Estimate

POLICY = "require: [{measure: false_positive_rate, max: 0.05}]"


@pytest.fixture
def pilot(tmp_path: Path) -> Path:
    """2 false alarms of 100 of a judge with an awkward name."""
    rate = Estimate(
        measure="false_positive_rate", rubric="harm", judge="gu\x1b[2Jard", reference="human", reference_rule="majority",
        scale="binary", value=0.02, k=2, n=100, low=0.0055, high=0.07, method="Wilson",
    )  # fmt: skip
    unscored = Estimate(
        measure="unscored_rate", rubric="harm", judge="gu\x1b[2Jard", scale="full", value=0.0, k=0, n=200
    )
    audit = Audit(
        name="pilot", judges=({"name": "gu\x1b[2Jard"},), rubrics=({"name": "harm"},), estimates=(rate, unscored)
    )
    audit_file.write(tmp_path / "audit.json", audit)
    (tmp_path / "policy.yaml").write_text(POLICY)
    return tmp_path


def test_the_plan_is_shown_without_escapes(pilot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["plan", str(pilot / "audit.json"), "--policy", str(pilot / "policy.yaml"), "--width", "0.05"]
    assert run(arguments) == 0
    told = capsys.readouterr().out
    assert "INCONCLUSIVE" in told
    assert "160 more items labelled negative" in " ".join(told.split())
    assert "\x1b" not in told


def test_json_says_the_same_as_the_library(pilot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit, policy = pilot / "audit.json", pilot / "policy.yaml"
    assert run(["plan", str(audit), "--policy", str(policy), "--width", "0.05", "--power", "0.9", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    made = judgeaudit.plan(audit, policy, width=0.05, power=0.9)
    assert told == json.loads(json.dumps(made.to_object()))
    [line] = told["requirements"]
    assert line["to_decide"]["items"] == made.lines[0].gate.items
    assert line["to_decide"]["items"] > 160  # 80 % of the time


@pytest.mark.parametrize(("extra", "words"), [(["--width", "0"], "width"), (["--power", "1"], "power")])
def test_a_wrong_number_is_exit_2(
    pilot: Path, extra: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", str(pilot / "audit.json"), "--policy", str(pilot / "policy.yaml"), *extra]) == 2
    assert words in capsys.readouterr().err.splitlines()[-1]
