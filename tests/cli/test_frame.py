"""Errors to exit codes, options to `run`, and output that data cannot break."""

from __future__ import annotations

import asyncio
import errno
import json
from types import ModuleType
from typing import Annotated, Any

import pytest
import typer
from typer.exceptions import TyperException

from judgeaudit.cli._frame import call, console, echo, echo_json, finish, outcome, report
from judgeaudit.errors import BudgetError, ConfigError, InputError, ProviderError, StoreError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("torn"), 2),
        (ConfigError("unknown"), 2),
        (ProviderError("down"), 3),
        (BudgetError("spent"), 3),
        (StoreError("locked"), 3),
        (OSError(errno.ENOSPC, "No space left on device"), 3),
        (OSError(errno.EDQUOT, "Quota exceeded"), 3),
        (PermissionError(errno.EACCES, "Permission denied", "reports"), 2),
        (FileNotFoundError(errno.ENOENT, "No such file", "a.json"), 2),
        (OSError(errno.EROFS, "Read-only file system", "reports"), 2),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset"), 3),
        (MemoryError(), 3),
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 3),
        (ZeroDivisionError("x"), 70),
        (SystemExit(0), 70),
        (ExceptionGroup("g", [ProviderError("down"), ValueError("bug")]), 70),
        (BaseExceptionGroup("g", [ProviderError("down"), asyncio.CancelledError()]), 70),
        (typer.Exit(1), 1),
    ],
)
def test_every_error_has_its_exit_code(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(error, debug=False) == code
    told = capsys.readouterr().err
    quiet = isinstance(error, (typer.Exit, BrokenPipeError))
    assert told.count("\n") == (0 if quiet else 1)
    assert "Traceback" not in told


def test_a_bug_is_called_one_and_names_debug() -> None:
    code, line = outcome(KeyError("secret\nword"))
    assert code == 70
    assert "KeyError" in line
    assert "--debug" in line


def test_a_long_message_stays_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    report(ValueError("x\n" * 100_000), debug=False)
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert len(told) < 1000


def test_json_is_ascii_and_never_nan(capsys: pytest.CaptureFixture[str]) -> None:
    echo_json({"a": "\ud800\u202e\x1b"})
    told = capsys.readouterr().out
    assert told.isascii()
    assert json.loads(told) == {"a": "\ud800\u202e\x1b"}
    with pytest.raises(ValueError, match="JSON"):
        echo_json({"a": float("nan")})


def test_text_is_one_harmless_line(capsys: pytest.CaptureFixture[str]) -> None:
    echo("a\x1b[31m\nb", stderr=True)
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "\x1b" not in told


def test_console_takes_data_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    console().print("[red]x[/red] [/x] :smile: [link=a]b")
    assert capsys.readouterr().out == "[red]x[/red] [/x] :smile: [link=a]b\n"


def _verb(seen: list[Any]) -> ModuleType:
    module = ModuleType("verb", "Do it.\n\nFor example:\n\n  judgeaudit verb 3\n  judgeaudit verb 4\n")

    def run(count: int, judge: Annotated[list[str] | None, typer.Option("--judge")] = None) -> None:
        seen.append((count, judge))
        if count == 9:
            finish(3)

    module.run = run  # type: ignore[attr-defined]
    return module


def test_arguments_reach_run() -> None:
    seen: list[Any] = []
    assert call("verb", _verb(seen), ["3", "--judge", "a", "--judge", "b=c"]) == 0
    assert seen == [(3, ["a", "b=c"])]


def test_finish_ends_with_its_code() -> None:
    with pytest.raises(typer.Exit) as ended:
        call("verb", _verb([]), ["9"])
    assert outcome(ended.value) == (3, "")


def test_a_wrong_number_is_a_usage_error() -> None:
    with pytest.raises(TyperException) as error:
        call("verb", _verb([]), ["three"])
    code, line = outcome(error.value)
    assert code == 2
    assert "count" in line


def test_examples_in_help_keep_their_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        call("verb", _verb([]), ["--help"])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "judgeaudit verb 3" in lines
    assert "judgeaudit verb 4" in lines
