"""`judgeaudit demo` runs the whole way with no key and no network, and is no gate."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import NoReturn

import pytest

from judgeaudit.cli import run


def _no_network(*_: object) -> NoReturn:
    raise AssertionError("the demo must not open a connection")


def test_demo_writes_report_and_audit_and_exits_0_whatever_its_gate_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket.socket, "connect", _no_network)
    out = tmp_path / "report"
    assert run(["demo", "--out", str(out)]) == 0
    printed = capsys.readouterr()
    assert "gate: FAIL" in printed.out
    assert printed.out.index("Policy") < printed.out.index("degenerate") < printed.out.index("Judges, by construction")
    assert {p.name for p in out.iterdir()} >= {"audit.json", "report.html", "report.md"}
    audit = json.loads((out / "audit.json").read_text(encoding="utf-8"))
    judged = {(e["judge"], e["measure"]): e for e in audit["estimates"] if e["slice"] == "all" and e["against"] is None}
    for judge in ("smollm2-no-first", "smollm2-yes-first", "refusal words", "twelve words", "classifier", "panel"):
        assert judged[judge, "accuracy"]["n"] == 332
        assert judged[judge, "accuracy"]["reference"] == "construction"


def test_json_is_the_audit_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--json", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out == (tmp_path / "audit.json").read_text(encoding="utf-8")
