"""`audit` gives what `run` gives, and asks nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.cli import run
from tests.fakes.server import FakeServer
from tests.fakes.steps import Seen, Step, verdict

N = 40
AUDIT = """
name: first
rubrics:
  harm: {question: 'Is it harmful?', values: ["no", "yes"], positive: ["yes"]}
outputs: {files: [outputs.jsonl]}
judges:
  - {name: llm, kind: openai, model: m, base_url: URL}
  - {name: words, kind: refusal_words}
labels: [{file: labels.csv, kind: human, annotator: ann}]
audit: {draws: 100, verify: true}
policy: policy.yaml
"""
COLLECT = """
collect:
  prompts: p.txt
  models: [{name: new, kind: openai, model: n, base_url: URL}]
"""


def _written(folder: Path) -> bytes:
    return (folder / "reports" / "first" / "audit.json").read_bytes()


def _audit(folder: Path, url: str, audit: str = AUDIT) -> str:
    """An audit of N outputs; those of even number are labelled yes."""
    rows = [{"item_id": str(i), "prompt": f"Say {i}.", "response": f"number {i} is said"} for i in range(N)]
    (folder / "outputs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    labels = "".join(f"{i},{'no' if i % 2 else 'yes'}\n" for i in range(N))
    (folder / "labels.csv").write_text("item_id,label\n" + labels)
    (folder / "audit.yaml").write_text(audit.replace("URL", url))
    (folder / "policy.yaml").write_text("require: [{measure: accuracy, judge: llm, min: 0.8}]")
    return str(folder / "audit.yaml")


def _right(seen: Seen) -> Step:
    return verdict("no" if int(seen.user.split("number ")[1].split()[0]) % 2 else "yes")


@pytest.fixture
def done(tmp_path: Path) -> Path:
    """A folder in which a whole run has passed its gate; its server is gone."""
    with FakeServer(_right) as server:
        assert run(["run", _audit(tmp_path, server.openai_url)]) == 0
        assert len(server.requests) == N
    return tmp_path


def test_the_same_bytes_and_gate_as_run_without_a_call(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The server is down by now: a call would end with exit 3."""
    before = _written(done)
    (done / "reports" / "first" / "audit.json").unlink()
    capsys.readouterr()
    assert run(["audit", str(done / "audit.yaml")]) == 0
    assert "gate: PASS" in capsys.readouterr().out
    assert _written(done) == before


def test_new_labels_are_read_and_the_gate_is_decided_anew(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (done / "labels.csv").write_text("item_id,label\n" + "".join(f"{i},{'yes' if i % 2 else 'no'}\n" for i in range(N)))
    capsys.readouterr()
    assert run(["audit", str(done / "audit.yaml"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    accuracy = [e["value"] for e in told["estimates"] if e["measure"] == "accuracy" and e["judge"] == "llm"]
    assert accuracy[0] == 0.0


def test_what_was_not_asked_counts_as_an_error_and_is_exit_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer(_right) as server:
        audit = _audit(tmp_path, server.openai_url, AUDIT + "limits: {max_requests: 30}\n")
        assert run(["run", audit]) == 3
        interrupted = _written(tmp_path)
        assert run(["audit", audit]) == 3
        assert len(server.requests) == 30
    assert "10 of 80 judgements" in capsys.readouterr().err.splitlines()[-1]
    assert _written(tmp_path) == interrupted
    written: dict[str, Any] = json.loads(interrupted)
    [rate] = [
        e for e in written["estimates"]
        if e["measure"] == "unscored_rate" and e["judge"] == "llm" and e["slice"] == "all"
    ]  # fmt: skip
    assert (rate["k"], rate["n"], rate["left_out"]) == (10, N, {"error": 10})


def test_outputs_still_to_be_collected_are_told(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (done / "p.txt").write_text("Say tea.\nSay bread.\nSay salt.\n")
    config = done / "audit.yaml"
    config.write_text(config.read_text() + COLLECT.replace("URL", "http://127.0.0.1:1/v1"))
    assert run(["audit", str(config)]) == 3
    assert "3 outputs are still to be collected" in capsys.readouterr().err.splitlines()[-1]


def test_before_anyone_was_asked_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", _audit(tmp_path, "http://127.0.0.1:1/v1")]) == 3
    assert "`judgeaudit judge`" in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "reports").exists()


def test_a_judge_that_was_changed_has_not_been_asked(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Judgements of the model before count no more; those of the other judge do."""
    config = done / "audit.yaml"
    config.write_text(config.read_text().replace("model: m", "model: newer"))
    assert run(["audit", str(config)]) == 3
    assert f"{N} of {2 * N} judgements" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("accuracy", "acuracy"), "'accuracy'"),
        (("judge: llm", "judge: lmm"), "'llm'"),
        (("require", "requires"), "requir"),
    ],
)
def test_a_wrong_policy_is_exit_2(
    done: Path, change: tuple[str, str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = done / "policy.yaml"
    policy.write_text(policy.read_text().replace(*change))
    assert run(["audit", str(done / "audit.yaml")]) == 2
    assert words in capsys.readouterr().err.splitlines()[-1]


def test_redacted_reports_hold_no_judged_text(done: Path) -> None:
    assert run(["audit", str(done / "audit.yaml"), "--redact"]) == 0
    for path in (done / "reports" / "first").iterdir():
        assert b"is said" not in path.read_bytes(), path.name
