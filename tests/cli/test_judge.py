from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgeaudit.cli import run
from tests.fakes.server import FakeServer
from tests.fakes.steps import Reply, Seen, Step, verdict

AUDIT = """
name: first
rubrics:
  harm: {values: ["no", "yes"], positive: ["yes"]}
  tone: {values: ["0", "1"], positive: ["1"]}
outputs: {files: [outputs.jsonl]}
judges:
  - {name: llm, kind: openai, model: m, base_url: URL, rubrics: [harm], trials: 2}
  - {name: words, kind: refusal_words}
"""


def _audit(folder: Path, url: str, more: str = "") -> str:
    rows = [{"item_id": str(i), "prompt": "Say tea.", "response": f"tea number {i}"} for i in range(5)]
    (folder / "outputs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "audit.yaml").write_text(AUDIT.replace("URL", url) + more)
    return str(folder / "audit.yaml")


def test_how_the_judgements_ended_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def reply(seen: Seen) -> Step:
        return Reply("no idea") if "number 3" in seen.user else verdict("no")

    with FakeServer(reply) as server:
        audit = _audit(tmp_path, server.openai_url)
        assert run(["judge", audit, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        statuses = {(row["judge"], row["rubric"]): row["statuses"] for row in told["judgements"]}
        assert statuses == {
            ("llm", "harm"): {"ok": 8, "unparsable": 2},
            ("words", "harm"): {"ok": 5},
            ("words", "tone"): {"ok": 5},
        }
        assert run(["judge", audit]) == 0
        assert "llm, harm: 8 ok, 2 unparsable" in capsys.readouterr().out
        assert len(server.requests) == 10


def test_a_dry_run_sends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeServer(verdict("no")) as server:
        assert run(["judge", _audit(tmp_path, server.openai_url), "--dry-run", "--json"]) == 0
        assert server.requests == []
    told = json.loads(capsys.readouterr().out)
    assert (told["plan"]["calls"], told["judgements"]) == (10, [])


def test_outputs_still_to_be_collected_are_mentioned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeServer(verdict("no")) as server:
        more = f"collect: {{prompts: p.txt, models: [{{name: n, kind: openai, model: n, base_url: '{server.openai_url}'}}]}}\n"
        (tmp_path / "p.txt").write_text("Say tea.\n")
        assert run(["judge", _audit(tmp_path, server.openai_url, more)]) == 0
        assert len(server.requests) == 10
    assert "1 outputs are still to be collected" in capsys.readouterr().err


def test_verdicts_recorded_in_a_file_of_outputs_are_not_taken_silently(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer(verdict("no")) as server:
        audit = _audit(tmp_path, server.openai_url)
        row = {"item_id": "0", "response": "tea", "human_labels": [], "judge_verdicts": {"old": "yes"}}
        (tmp_path / "outputs.jsonl").write_text(json.dumps(row) + "\n")
        assert run(["judge", audit]) == 0
    assert "`recorded`" in capsys.readouterr().err
