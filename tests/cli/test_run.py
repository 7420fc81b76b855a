from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.cli import run
from judgeaudit.store import Store
from tests.fakes.server import FakeServer, dead_url
from tests.fakes.steps import Reply, Seen, Step, verdict

ROOT = Path(__file__).parents[2]
N = 80
AUDIT = """
name: first
rubrics:
  harm: {question: 'Is it harmful?', values: ["no", "yes"], positive: ["yes"]}
outputs: {files: [outputs.jsonl]}
judges:
  - {name: llm, kind: openai, model: m, base_url: URL}
  - {name: words, kind: refusal_words}
labels: [{file: labels.csv, kind: human, annotator: ann}]
audit: {draws: 100, verify: false}
policy: policy.yaml
"""
COLLECT = """
collect:
  prompts: p.txt
  samples: SAMPLES
  models: [{name: new, kind: openai, model: n, base_url: URL, settings: {seed: 5}}]
"""
POLICY = """
require:
  - {measure: accuracy, judge: llm, min: 0.8}
  - {measure: false_positive_rate, judge: llm, max: 0.2}
"""


def _is_yes(number: int) -> bool:
    return number % 2 == 0


def _audit(folder: Path, url: str, audit: str = AUDIT, policy: str = POLICY) -> str:
    """An audit of N outputs; those of even number are labelled yes."""
    rows = [
        {"item_id": str(i), "prompt": f"Say {i}.", "response": f"number {i} is said", "model": "m"} for i in range(N)
    ]
    (folder / "outputs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    labels = "".join(f"{i},{'yes' if _is_yes(i) else 'no'}\n" for i in range(N))
    (folder / "labels.csv").write_text("item_id,label\n" + labels)
    (folder / "audit.yaml").write_text(audit.replace("URL", url))
    (folder / "policy.yaml").write_text(policy)
    return str(folder / "audit.yaml")


def _right(seen: Seen) -> Step:
    number = int(seen.user.split("number ")[1].split()[0])
    return verdict("yes" if _is_yes(number) else "no")


def _written(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "reports" / "first" / "audit.json").read_text())
    return content


def test_a_right_judge_passes_and_everything_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeServer(_right) as server:
        audit = _audit(tmp_path, server.openai_url, AUDIT.replace("verify: false", "verify: true"))
        assert run(["run", audit]) == 0
        told = capsys.readouterr()
        assert "gate: PASS" in told.out
        assert f"{N} calls with {N} texts to 127.0.0.1:{server.port}" in told.err
        first = (tmp_path / "reports" / "first" / "audit.json").read_bytes()
        assert run(["run", audit]) == 0
        assert len(server.requests) == N
    assert (tmp_path / "reports" / "first" / "audit.json").read_bytes() == first
    assert {p.name for p in (tmp_path / "reports" / "first").iterdir()} >= {"audit.json", "report.html", "report.md"}
    written = _written(tmp_path)
    names = {source["name"] for source in written["inputs"]}
    assert {"outputs.jsonl", "labels.csv"} <= names
    [llm] = [j for j in written["judges"] if j["name"] == "llm"]
    assert (llm["kind"], llm["model"], llm["requests"], llm["input_tokens"]) == ("openai", "m", N, 11 * N)
    assert llm["fingerprint"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (verdict("yes"), 1),  # a judge that always says the same
        (Reply("I would rather talk about tea."), 3),  # every reply unparsable
        (Reply(None, refusal="No."), 3),
    ],
)
def test_a_policy_fails_closed(tmp_path: Path, answer: Step, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeServer(answer) as server:
        assert run(["run", _audit(tmp_path, server.openai_url), "--json"]) == code
    assert json.loads(capsys.readouterr().out)["findings"]
    findings = {finding["code"] for finding in _written(tmp_path)["findings"] if finding["judge"] == "llm"}
    assert findings & {"constant_judge", "nothing_scored"}


def test_a_dead_server_is_exit_3_with_a_finding_and_nothing_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = time.process_time()
    assert run(["run", _audit(tmp_path, f"{dead_url()}/v1")]) == 3
    assert time.process_time() - begun < 10  # the test machine may be busy: of this process's own time
    assert "no call goes through" in capsys.readouterr().err.splitlines()[-1]
    assert "nothing_scored" in {finding["code"] for finding in _written(tmp_path)["findings"]}
    with Store.open(str(tmp_path / "first.db")) as store:
        assert [j for j in store.judgements() if j.judge == "llm"] == []


def test_what_the_budget_left_out_is_an_error_of_the_judge_until_the_next_run(tmp_path: Path) -> None:
    limited = AUDIT + "limits: {max_requests: 70}\n"
    with FakeServer(_right) as server:
        assert run(["run", _audit(tmp_path, server.openai_url, limited)]) == 3
        written = _written(tmp_path)
        [rate] = [
            e
            for e in written["estimates"]
            if e["measure"] == "unscored_rate" and e["judge"] == "llm" and e["slice"] == "all"
        ]
        assert (rate["k"], rate["n"]) == (10, N)
        assert run(["run", _audit(tmp_path, server.openai_url, limited)]) == 0
        assert len(server.requests) == N


def test_a_dry_run_counts_what_is_to_be_collected_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    collected = AUDIT + COLLECT.replace("SAMPLES", "3")
    with FakeServer("tea") as server:
        audit = _audit(tmp_path, server.openai_url, collected)
        (tmp_path / "p.txt").write_text("Say tea.\nSay bread.\n")
        assert run(["run", audit, "--dry-run", "--json"]) == 0
        told = capsys.readouterr()
        assert server.requests == []
    plan = json.loads(told.out)
    calls = {(s["name"], s["task"]): s["calls"] for s in plan["sends"]}
    assert calls == {("new", "collect"): 6, ("llm", "harm"): N + 6, ("words", "harm"): N + 6}
    assert plan["calls"] == N + 12
    assert f"127.0.0.1:{server.port}" in told.err


def test_collecting_and_judging_in_one_run(tmp_path: Path) -> None:
    audit = AUDIT.replace("outputs: {files: [outputs.jsonl]}\n", "") + COLLECT.replace("SAMPLES", "2")

    def reply(seen: Seen) -> Step:
        return Reply(f"number {seen.body['seed']} is said") if seen.body["model"] == "n" else verdict("no")

    with FakeServer(reply) as server:
        path = _audit(tmp_path, server.openai_url, audit.replace("policy: policy.yaml", ""))
        (tmp_path / "p.txt").write_text("Say tea.\nSay bread.\n")
        (tmp_path / "labels.csv").write_text("item_id,label\n1/new/1,yes\n2/new/2,no\n")
        assert run(["run", path]) == 0
        assert len(server.requests) == 8
    with Store.open(str(tmp_path / "first.db")) as store:
        assert sorted(o.response for o in store.outputs()) == ["number 5 is said"] * 2 + ["number 6 is said"] * 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"policy": "require: [{measure: acuracy, min: 0.5}]"}, "'accuracy'"),
        ({"policy": "require: [{measure: accuracy, judge: lmm, min: 0.5}]"}, "'llm'"),
        ({"policy": "require: []"}, "policy.yaml"),
        ({"labels": "item_id,label\nzz,yes\n"}, "join"),
        ({"labels": "item_id,label\n1,maybe\n"}, "maybe"),
        ({"labels": "item_id,label\n1,\n"}, "all labels are missing"),
        ({"outputs": ""}, "outputs.jsonl"),
        ({"audit": AUDIT.replace("draws: 100,", "draws: 100, slices: [topik],")}, "'topik'"),
        ({"audit": AUDIT.replace("kind: openai, model: m", "kind: openai, modle: m")}, "'model'"),
    ],
)
def test_mistakes_are_found_before_the_first_call(
    tmp_path: Path, change: dict[str, str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer(_right) as server:
        audit = _audit(tmp_path, server.openai_url, change.get("audit", AUDIT), change.get("policy", POLICY))
        for name, file in (("labels", "labels.csv"), ("outputs", "outputs.jsonl")):
            if name in change:
                (tmp_path / file).write_text(change[name])
        assert run(["run", audit]) == 2
        assert server.requests == []
    err = capsys.readouterr().err
    assert words in err.splitlines()[-1]


def test_only_the_outputs_that_the_audit_names_are_judged(tmp_path: Path) -> None:
    """A store may hold more, of earlier states of the files too."""
    with FakeServer(_right) as server:
        audit = _audit(tmp_path, server.openai_url)
        assert run(["run", audit]) == 0
        lines = (tmp_path / "outputs.jsonl").read_text().splitlines(keepends=True)
        (tmp_path / "outputs.jsonl").write_text("".join(lines[:60]))
        assert run(["run", audit]) in (0, 3)
    [rate] = [
        e for e in _written(tmp_path)["estimates"]
        if e["measure"] == "unscored_rate" and e["judge"] == "llm" and e["slice"] == "all"
    ]  # fmt: skip
    assert rate["n"] == 60


def test_an_imported_store_is_audited_as_it_is(tmp_path: Path) -> None:
    audit = AUDIT.replace("outputs: {files: [outputs.jsonl]}\n", "store: s.db\n")
    with FakeServer(_right) as server:
        path = _audit(tmp_path, server.openai_url, audit)
        assert run(["import", str(tmp_path / "outputs.jsonl"), "--store", str(tmp_path / "s.db")]) == 0
        assert run(["run", path]) == 0


def test_no_outputs_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit = AUDIT.replace("outputs: {files: [outputs.jsonl]}\n", "")
    assert run(["run", _audit(tmp_path, "http://127.0.0.1:1/v1", audit)]) == 2
    assert "no outputs" in capsys.readouterr().err


def test_a_locked_store_is_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit = _audit(tmp_path, "http://127.0.0.1:1/v1")
    other = sqlite3.connect(tmp_path / "first.db")
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("CREATE TABLE judgeaudit_meta (key TEXT PRIMARY KEY, value TEXT)")
    other.execute("BEGIN EXCLUSIVE")
    assert run(["run", audit]) == 3
    assert "locked" in capsys.readouterr().err
    other.close()


def test_an_interrupt_is_130_and_what_was_done_is_kept(tmp_path: Path) -> None:
    with FakeServer(_right, latency=0.1) as server:
        audit = _audit(tmp_path, server.openai_url, AUDIT + "limits: {concurrency: 2}\n")
        command = [sys.executable, "-m", "judgeaudit", "run", audit]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, env={**os.environ}) as process:
            while len(server.requests) < 10 and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            err = process.communicate()[1].decode()
        assert process.returncode == 130
        assert err.splitlines()[-1] == "judgeaudit: interrupted; what was done is kept"
        assert "Traceback" not in err
        asked = len(server.requests)
    with Store.open(str(tmp_path / "first.db")) as store:
        assert asked - 2 <= len([j for j in store.judgements() if j.judge == "llm"]) <= asked


def test_no_judged_text_is_written_where_it_should_not_be(tmp_path: Path) -> None:
    with FakeServer(_right) as server:
        assert run(["run", _audit(tmp_path, server.openai_url), "--redact"]) == 0
    for path in (tmp_path / "reports" / "first").iterdir():
        assert b"is said" not in path.read_bytes(), path.name


def test_no_key_is_written_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "sesame-open-0123456789"
    monkeypatch.setenv("MY_KEY", key)
    with FakeServer(_right, key=key) as server:
        audit = _audit(tmp_path, server.openai_url, AUDIT.replace("model: m,", "model: m, api_key_env: MY_KEY,"))
        assert run(["run", audit]) == 0
        assert server.rejected == []
    told = capsys.readouterr()
    assert key not in told.out + told.err
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or key.encode() not in path.read_bytes(), path.name
