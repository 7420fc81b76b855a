"""What every verb uses: output that cannot be broken by judged text, and one line and one exit code for every error."""

from __future__ import annotations

import errno
import json
import os
import sys
import textwrap
import traceback
from io import TextIOWrapper
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from judgeaudit.errors import JudgeAuditError, nearest
from judgeaudit.text import for_terminal, visible

if TYPE_CHECKING:
    from rich.console import Console

DONE, FAIL, USAGE, INCOMPLETE, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130
"""The exit codes of the command line; every verb ends with one of them."""

JsonFlag = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]
"""The annotation of the flag that every verb has."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LINE = 600
_EXAMPLE = 74


def finish(exit_code: int) -> NoReturn:
    """End the verb with this exit code."""
    raise typer.Exit(exit_code)


def echo(text: str = "", *, stderr: bool = False) -> None:
    """One line of text on stdout, or on stderr; control characters in it, newlines too, are made visible.

    Examples
    --------
    >>> echo("a\\x1b[2Jb")
    a\\u001b[2Jb
    """
    (sys.stderr if stderr else sys.stdout).write(f"{for_terminal(text)}\n")


def echo_json(content: object, *, indent: int | None = 2) -> None:
    """Strict JSON on stdout: ASCII only, so that no terminal or pipe can break it; NaN is a bug and raises.

    Parameters
    ----------
    indent
        None: one line, for JSON Lines.

    Examples
    --------
    >>> echo_json({"verdict": "\\u202e"}, indent=None)
    {"verdict": "\\u202e"}
    """
    sys.stdout.write(f"{json.dumps(content, ensure_ascii=True, allow_nan=False, indent=indent)}\n")


def console(*, stderr: bool = False) -> Console:
    """A rich console that takes text as it is: no markup, no emoji codes, no highlighting of data.

    Pass judged text through `text.for_terminal` before it goes into a cell.
    """
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            # Rich would end the process by itself, with the exit code of a failed gate.
            raise BrokenPipeError

    return Plain(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=False)


def outcome(error: BaseException) -> tuple[int, str]:
    """The exit code that an exception stands for, and the line that tells the user; "" where nothing need be said.

    Examples
    --------
    >>> outcome(KeyboardInterrupt())
    (130, 'interrupted; what was done is kept')
    >>> outcome(PermissionError(13, "Permission denied", "/x"))
    (2, '/x: Permission denied')
    >>> outcome(ZeroDivisionError("division by zero"))[0]
    70
    """
    match error:
        case typer.Exit():
            return error.exit_code, ""
        case JudgeAuditError():
            return error.exit_code, str(error)
        case TyperException():
            return USAGE, usage_line(error)
        case KeyboardInterrupt() | typer.Abort():
            return INTERRUPTED, "interrupted; what was done is kept"
        case BaseExceptionGroup():
            return max((outcome(inner) for inner in error.exceptions), key=lambda found: found[0])
        case BrokenPipeError():
            return INCOMPLETE, ""
        case MemoryError():
            return INCOMPLETE, "out of memory; use fewer rows, slices or draws"
        case OSError():
            return _of_system(error)
        case _:
            what = f"{type(error).__name__}: {error}"
            return BUG, f"this is a bug of ours, please report it: {what}; run again with --debug to see where"


def _of_system(error: OSError) -> tuple[int, str]:
    place = f"{error.filename}: " if error.filename is not None else ""
    words = f"{place}{error.strerror or error or type(error).__name__}"
    if error.errno in _FULL:
        return INCOMPLETE, f"{words}; what was done is kept: make room and run again"
    return (INCOMPLETE if isinstance(error, (ConnectionError, TimeoutError)) else USAGE), words


def usage_line(error: TyperException) -> str:
    """One line for a command line that cannot be parsed; an unknown option gets the nearest known one.

    Examples
    --------
    >>> import typer
    >>> usage_line(typer.BadParameter("five is not a number"))
    'Invalid value: five is not a number'
    """
    context: Any = getattr(error, "ctx", None)
    option: str | None = getattr(error, "option_name", None)
    where = f"{context.command_path.removeprefix('judgeaudit ')}: " if context is not None else ""
    if option is not None and context is not None and "no such option" in error.format_message().lower():
        known = [name for parameter in context.command.params for name in (*parameter.opts, *parameter.secondary_opts)]
        options = [name for name in known if name.startswith("-")] + ["--help"]
        return f"{where}unknown option: got {option!r}; {nearest(option, options)}"
    return f"{where}{' '.join(error.format_message().split())}"


def call(verb: str, module: ModuleType, arguments: list[str]) -> int:
    """Parse the arguments of a verb by the annotations of its module's `run`, run it and give the exit code.

    Raises
    ------
    typer.Exit
        The verb ended by `finish`, or its help was asked for.
    typer.TyperException
        The arguments do not fit.
    """
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    settings = {"help_option_names": ["-h", "--help"], "max_content_width": 80}
    app.command(verb, help=_help(module.__doc__ or ""), context_settings=settings)(module.run)
    command = get_command(app)
    with command.make_context(f"judgeaudit {verb}", arguments) as context:
        command.invoke(context)
    return DONE


def _help(docstring: str) -> str:
    """The docstring with paragraphs that have indented lines, examples of command lines, kept line by line."""
    paragraphs = docstring.strip().split("\n\n")
    return "\n\n".join(_example(p) if "\n  " in f"\n{p}" else p for p in paragraphs)


def _example(paragraph: str) -> str:
    """Marked for the parser as not to be run together; a command line that is too long goes on after a backslash.

    Examples
    --------
    >>> print(_example("  judgeaudit check t.csv " + 6 * "--judge=guard "))
    \b
      judgeaudit check t.csv --judge=guard --judge=guard --judge=guard \\
        --judge=guard --judge=guard --judge=guard
    """
    rows = [
        " \\\n".join(
            textwrap.wrap(line, _EXAMPLE, subsequent_indent="    ", break_on_hyphens=False, break_long_words=False)
        )
        for line in paragraph.splitlines()
    ]
    return "\n".join(["\b", *rows])


def report(error: BaseException, *, debug: bool) -> int:
    """Tell of an exception on stderr (with the traceback under `debug`) and give the exit code."""
    code, line = outcome(error)
    if isinstance(error, OSError):
        _let_go_of_stdout()
    if debug and not isinstance(error, typer.Exit):
        sys.stderr.write(visible("".join(traceback.format_exception(error))))
    if line:
        sys.stderr.write(f"{for_terminal(f'judgeaudit: {line}', _LINE)}\n")
    return code


def _let_go_of_stdout() -> None:
    """After an error of the pipe or the disk, keep the interpreter from failing on stdout once more at its end."""
    if isinstance(sys.stdout, TextIOWrapper):
        try:
            sys.stdout.flush()
        except OSError:
            with open(os.devnull, "wb") as sink:
                os.dup2(sink.fileno(), sys.stdout.fileno())
