"""`judgeaudit demo` runs the whole way with no key and no network, and is no gate."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from judgeaudit.cli import run
from judgeaudit.readers._demo import OUTPUTS, demo_folder

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "reports" / "example"
SAMPLED = {"smollm2-no-first", "smollm2-no-first~swapped", "panel"}
LIVE = {"refusal words", "four words", "classifier"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one run of the demo said and wrote."""

    code: int
    out: str
    err: str
    folder: Path
    audit: dict[str, Any]


def _no_network(*_: object) -> NoReturn:
    raise AssertionError("the demo must not open a connection")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """A demo beside a stress test, as reports/README.md says that the example was made."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch, io.StringIO() as out, io.StringIO() as err:
        patch.setattr(socket.socket, "connect", _no_network)
        patch.chdir(ROOT)
        patch.setenv("COLUMNS", "80")
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            assert run(["stress", "data/collapse/audit.yaml", "--out", str(folder)]) == 0
        for stream in (out, err):
            stream.seek(0)
            stream.truncate()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(["demo", "--out", str(folder)])
        audit = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
        return Shown(code=code, out=out.getvalue(), err=err.getvalue(), folder=folder, audit=audit)


def test_it_exits_0_whatever_its_gate_says(shown: Shown) -> None:
    assert shown.code == 0
    assert "gate: FAIL" in shown.out
    assert shown.out.index("Policy") < shown.out.index("degenerate") < shown.out.index("Judges, by construction")
    assert max(map(len, shown.out[: shown.out.index("next: ")].splitlines())) <= 80


def test_it_writes_the_report_and_the_conclusions_beside_it(shown: Shown) -> None:
    wanted = {"audit.json", "report.html", "report.md", "conclusions.html", "conclusions.md", "conclusions.json"}
    assert {p.name for p in shown.folder.iterdir()} >= wanted
    told = json.loads((shown.folder / "conclusions.json").read_text(encoding="utf-8"))
    runs = {run["name"] for run in told["runs"]}
    assert {judge["name"] for judge in told["judges"]} == LIVE | SAMPLED
    assert len(runs) == 13
    assert "base" in runs
    assert 'href="conclusions.html"' in (shown.folder / "report.html").read_text(encoding="utf-8")


def test_judges_that_run_here_judge_every_output_and_recorded_ones_their_sample(shown: Shown) -> None:
    lines = (demo_folder() / OUTPUTS).read_text(encoding="utf-8").splitlines()
    sampled = sum("judge_verdicts" in json.loads(line) for line in lines)
    assert 0 < sampled < len(lines)
    accuracy = {
        e["judge"]: e
        for e in shown.audit["estimates"]
        if (e["measure"], e["slice"], e["against"], e["rubric"]) == ("accuracy", "all", None, "breach")
    }
    assert {judge: accuracy[judge]["n"] for judge in LIVE | SAMPLED} == {
        **dict.fromkeys(LIVE, len(lines)),
        **dict.fromkeys(SAMPLED, sampled),
    }
    assert {accuracy[judge]["reference"] for judge in LIVE | SAMPLED} == {"construction"}


def test_the_next_steps_can_be_pasted(shown: Shown) -> None:
    stress, plan = (shlex.split(line)[1:] for line in shown.out.splitlines() if line.startswith("next: "))
    assert stress[:2] == ["judgeaudit", "stress"]
    assert plan[:2] == ["judgeaudit", "plan"]
    for name in (stress[2], plan[2], plan[-1]):
        assert (ROOT / name).is_file()
    assert not Path(stress[2]).is_absolute()
    assert (Path(plan[2]).name, Path(plan[-1]).name) == ("audit.json", "policy.yaml")


def test_json_is_the_audit_itself(shown: Shown, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--json", "--out", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert text == (tmp_path / "audit.json").read_text(encoding="utf-8")
    assert text == (shown.folder / "audit.json").read_text(encoding="utf-8")
    assert (tmp_path / "conclusions.json").read_bytes() == (shown.folder / "conclusions.json").read_bytes()


@pytest.mark.parametrize("name", ["report.html", "report.md", "conclusions.html", "conclusions.md", "stress.html"])
def test_the_committed_example_is_what_these_commands_write(shown: Shown, name: str) -> None:
    """Byte by byte but for the version of Python; a difference means that the example has to be made anew."""
    committed, fresh = ((folder / name).read_text(encoding="utf-8") for folder in (EXAMPLE, shown.folder))
    assert _no_python(committed) == _no_python(fresh), "make reports/example anew, see reports/README.md"


def test_the_example_holds_pages_and_no_data() -> None:
    assert {p.suffix for p in EXAMPLE.iterdir() if p.suffix not in {".json", ".jsonl"}} == {".html", ".md"}
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert "reports/example/*.json*" in ignored


def _no_python(text: str) -> str:
    return re.sub(r"3\.\d+\.\d+", "3.x", text)
