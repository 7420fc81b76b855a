"""The command line as a whole, run as a user runs it."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from judgeaudit import __version__
from judgeaudit.cli import overview, run, verbs

HEAVY = ("pandas", "sklearn", "openai", "anthropic", "sqlalchemy", "scipy", "numpy", "pydantic", "rich", "typer")
ROOT = Path(__file__).parents[2]


def judgeaudit(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "judgeaudit", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=60,
    )


def _child_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_starts_fast_and_imports_nothing_heavy(argument: str) -> None:
    program = (
        "import sys\nfrom judgeaudit.cli import run\n"
        f"code = run([{argument!r}])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], code, file=sys.stderr)"
    )
    seconds = []  # of processor time, which other work on the machine does not lengthen
    for _ in range(5):
        start = _child_seconds()
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60)
        seconds.append(_child_seconds() - start)
        assert done.stderr.split("\n")[0] == "[] 0"
    print(f"{argument}: {min(seconds):.3f} s")
    assert min(seconds) < 0.15


def test_import_of_the_package_is_light() -> None:
    program = f"import judgeaudit, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout == "[]\n"


def test_version() -> None:
    done = judgeaudit("--version")
    assert (done.returncode, done.stdout) == (0, f"judgeaudit {__version__}\n")


def test_help_lists_every_verb_within_80_columns() -> None:
    lines = overview().splitlines()
    assert max(map(len, lines)) <= 80
    listed = {
        line.split()[0] for line in lines[lines.index("Verbs:") + 1 :] if line.startswith("  ") and line[2] != " "
    }
    assert listed == set(verbs())


def test_every_verb_has_a_docstring_and_its_own_help(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in verbs():
        assert run([verb, "--help"]) == 0
        shown = capsys.readouterr().out
        assert f"judgeaudit {verb}" in shown
        assert max(map(len, shown.splitlines())) <= 80


def test_no_verb_is_a_usage_error() -> None:
    done = judgeaudit()
    assert done.returncode == 2
    assert not done.stdout
    assert "Verbs:" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["lst"], "'list'"),
        (["--vresion"], "'--version'"),
        (["list", "mesures"], "'measures'"),
        (["list", "measures", "--jsn"], "'--json'"),
        (["list"], "KIND"),
        (["list", "measures", "more"], "more"),
    ],
)
def test_usage_error_is_one_line_with_the_nearest_word(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("judgeaudit: ")
    assert told.err.count("\n") == 1
    assert hint in told.err


@pytest.mark.parametrize("arguments", [["--debug", "list", "no"], ["list", "no", "--debug"]])
def test_traceback_only_under_debug(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Traceback" in capsys.readouterr().err
    assert run([word for word in arguments if word != "--debug"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_hostile_argument_is_shown_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["\x1b[2J\n\u202eevil"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_terminal_that_knows_ascii_only() -> None:
    done = judgeaudit("list", "\u23ce", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "\\u23ce" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [["--help"], ["list", "measures"]])
def test_full_disk_is_told_and_ends_in_3(arguments: list[str]) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "judgeaudit", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
    assert done.returncode == 3
    assert done.stderr.startswith("judgeaudit: ")
    assert done.stderr.count("\n") == 1


# Plain lines and a table drawn by rich, which has its own way to end at a broken pipe.
@pytest.mark.parametrize("arguments", [["list", "measures"], ["list", "modes", "--measured"]])
def test_broken_pipe_is_quiet_and_never_0(arguments: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "judgeaudit", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), told) == (3, "")


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", "measures", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert "accuracy" in [row["name"] for row in rows]
    assert all(row["summary"] for row in rows)


def test_list_of_verbs_is_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", "verbs"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == sorted(verbs())
