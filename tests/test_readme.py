"""What the README and CONTRIBUTING.md say is true: their commands run, their files load, what they name exists."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from judgeaudit import kinds
from judgeaudit.cli import verbs
from judgeaudit.gate import make_policy

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def commands() -> list[list[str]]:
    """Every `judgeaudit ...` line of the bash blocks, continued lines joined."""
    lines = "\n".join(blocks("bash")).replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.startswith("judgeaudit ")]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rows = [
        (f"q{i}", f"Answer number {i} of this list.", i % 2, (i + i // 9) % 2, i % 2, (i + i // 30) % 2)
        for i in range(60)
    ]
    rows += [(f"r{i}", "tea " * (40 + i), 1, 0, 0, 0) for i in range(40)]
    header = "question,answer,gpt4,guard,anna,bert,model"
    lines = [",".join(map(str, row)) + (",base" if n % 2 else ",tuned") for n, row in enumerate(rows)]
    (tmp_path / "verdicts.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("work", "build", "*.db"))
    (tmp_path / "policy.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_run_as_written(folder: Path) -> None:
    found = commands()
    assert [c[1] for c in found] == [
        "check",
        "init",
        "run",
        "run",
        "gate",
        "demo",
        "judge",
        "conclusions",
        "plan",
        "stress",
    ]
    codes = {}
    for command in found:
        done = subprocess.run(
            [sys.executable, "-m", "judgeaudit", *command[1:]], capture_output=True, text=True, check=False, cwd=folder
        )
        codes[" ".join(command[1:3])] = done.returncode
        assert done.returncode in {0, 1, 3}, done.stderr
        assert "Traceback" not in done.stderr
    assert codes["check verdicts.csv"] == 0
    assert codes["init first-audit"] == 0
    assert codes["demo"] == 0
    assert codes["conclusions data/collapse/audit.yaml"] == 0
    assert codes["gate reports/verdicts/audit.json"] == 1, "gpt4 calls all forty loops positive"
    assert (folder / "gate.xml").is_file()
    assert (folder / "reports" / "verdicts" / "report.html").is_file()


def test_the_library_example_runs(folder: Path) -> None:
    (code,) = blocks("python")
    exec(compile(code, "README.md", "exec"), {})  # the README's own text, in a folder made for it
    assert (folder / "reports" / "audit.html").is_file()


def test_the_policy_is_a_policy() -> None:
    policy = make_policy(yaml.safe_load(blocks("yaml")[0]))
    assert [r.measure for r in policy.require] == ["false_positive_rate"] * 2


def test_two_commands_stand_between_markers() -> None:
    for name in ("demo", "tests"):
        (block,) = re.findall(rf"<!-- {name} -->\n```bash\n(.*?)\n```\n<!-- end -->", README, flags=re.DOTALL)
        assert "\n" not in block
        assert "-c constraints.txt" in block


def test_every_verb_that_is_named_exists() -> None:
    named = set(re.findall(r"`judgeaudit ([a-z]+)", README + CONTRIBUTING))
    assert named <= set(verbs())


def test_every_kind_that_is_named_exists() -> None:
    listed = re.search(r"judges that need no network: (.*?);", README, flags=re.DOTALL)
    assert listed
    known = set(kinds.names("judgeaudit.judges"))
    assert set(re.findall(r"`(\w+)`", listed.group(1))) <= known
    assert {"openai", "anthropic", "gguf"} <= known


def test_the_number_of_modes_is_right() -> None:
    words = {14: "fourteen", 31: "thirty-one"}
    assert f"knows {words[len(kinds.names('judgeaudit.modes'))]} modes" in " ".join(README.split())


def test_every_room_stands_in_the_table() -> None:
    from tests.test_rooms import PACKAGE

    rooms = {p.name for p in PACKAGE.iterdir() if p.is_dir() and not p.name.startswith("_")}
    assert {r for r in rooms if f"`{r}/`" not in CONTRIBUTING} == set()


def test_the_constraints_name_no_registry() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "//" not in text
    assert "index-url" not in text
