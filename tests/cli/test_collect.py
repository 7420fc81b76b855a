from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgeaudit.cli import run
from judgeaudit.store import Store
from tests.fakes.server import FakeServer, dead_url

AUDIT = """
name: first
rubrics: {harm: {values: ["0", "1"], positive: ["1"]}}
collect:
  prompts: prompts.txt
  samples: 2
  models: [{name: m, kind: openai, model: m, base_url: URL, settings: {temperature: 1, max_tokens: 5}}]
"""


def _audit(folder: Path, url: str, more: str = "") -> str:
    (folder / "prompts.txt").write_text("Say tea.\nSay bread.\n")
    (folder / "audit.yaml").write_text(AUDIT.replace("URL", url) + more)
    return str(folder / "audit.yaml")


def test_outputs_are_collected_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeServer("tea") as server:
        audit = _audit(tmp_path, server.openai_url)
        assert run(["collect", audit, "--json"]) == 0
        told = capsys.readouterr()
        assert json.loads(told.out)["outputs"] == 4
        assert f"127.0.0.1:{server.port}" in told.err
        assert run(["collect", audit]) == 0
        assert "4 of 4" in capsys.readouterr().out
        assert len(server.requests) == 4
    with Store.open(str(tmp_path / "first.db"), create=False) as store:
        assert sorted(o.item_id for o in store.outputs()) == ["1/m/1", "1/m/2", "2/m/1", "2/m/2"]


def test_a_dry_run_tells_everything_and_sends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeServer("tea") as server:
        audit = _audit(tmp_path, server.openai_url)
        assert run(["collect", audit, "--dry-run", "--json"]) == 0
        told = capsys.readouterr()
        assert server.requests == []
        plan = json.loads(told.out)["plan"]
        assert plan["hosts"] == [f"127.0.0.1:{server.port}"]
        assert plan["calls"] == 4
        assert plan["estimated_cost"] is None
        assert "unknown" in told.err
        audit = _audit(tmp_path, server.openai_url, "prices: {m: {input: 1000000, output: 0}}\n")
        assert run(["collect", audit, "--dry-run", "--json"]) == 0
        assert (
            json.loads(capsys.readouterr().out)["plan"]["estimated_cost"] == 2 * 2 + 2 * 3
        )  # a token is four characters


def test_a_dead_server_is_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["collect", _audit(tmp_path, f"{dead_url()}/v1")]) == 3
    told = capsys.readouterr()
    assert "127.0.0.1" in told.err.splitlines()[-1]
    assert told.out == ""


def test_no_key_is_exit_2_and_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert run(["collect", _audit(tmp_path, "https://api.invalid/v1")]) == 2
    assert "OPENAI_API_KEY" in capsys.readouterr().err


def test_an_audit_without_models_has_nothing_to_collect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "audit.yaml").write_text(AUDIT.partition("collect")[0])
    assert run(["collect", str(tmp_path / "audit.yaml")]) == 2
    assert "collect" in capsys.readouterr().err
