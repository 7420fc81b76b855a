"""The command line: one file a verb.

Every module here without a leading underscore is a verb: its name is the module's (without a trailing underscore), its
help the module's docstring, and `run` what it does, annotated for typer. A verb's module is imported only when that verb
is called, and typer itself not for the help of the whole or the version: a command line is asked for help more often
than for anything else.
"""

from __future__ import annotations

import gc
import sys
import textwrap
from collections.abc import Sequence
from io import TextIOWrapper

import judgeaudit
from judgeaudit import kinds
from judgeaudit.errors import ConfigError, nearest

PACKAGE = "judgeaudit.cli"
WIDTH = 80
_YOUNG = 50_000
"""So many new objects are let be before unreachable ones are looked for; Python's own 700 is for small programs."""
_HELP = {"--help", "-h"}
_OPTIONS = {
    "--version": "Show the version.",
    "--debug": "Show the traceback of an error; may stand anywhere.",
    "-h, --help": "Show this message; VERB --help tells of one verb.",
}
_INTRODUCTION = (
    "Audit an automated judge of model outputs before trusting it, above all on gibberish.",
    "Results go to stdout, progress and log to stderr. Exit codes: 0 done or PASS; 1 the gate's result is FAIL; 2 usage, "
    "configuration or unreadable input; 3 INCONCLUSIVE or incomplete; 70 a bug of ours; 130 interrupted.",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line on these arguments (default: those of the process) and exit."""
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command line on these arguments and give the exit code; no exception comes out of it.

    Examples
    --------
    >>> run(["--version"])
    judgeaudit 0.1.0
    0
    """
    debug, rest = _take_debug(arguments)
    _harden_streams()
    try:
        code = _dispatch(rest)
        sys.stdout.flush()
    except BaseException as error:
        from judgeaudit.cli._frame import report

        return report(error, debug=debug)
    return code


_run = run  # importing the verb `run` puts its module under that name in this package


def verbs() -> dict[str, str]:
    """All verbs with the names of their modules.

    Examples
    --------
    >>> verbs()["list"]
    'list_'
    """
    return {name.rstrip("_"): name for name in kinds.names(PACKAGE)}


def overview() -> str:
    """The help of the whole, at most 80 columns wide."""
    summaries = {verb: kinds.summary(PACKAGE, module) for verb, module in sorted(verbs().items())}
    parts = [
        "Usage: judgeaudit [--debug] VERB [ARGUMENTS]...",
        *(textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ") for text in _INTRODUCTION),
        f"Options:\n{_definitions(_OPTIONS)}",
        f"Verbs:\n{_definitions(summaries)}",
    ]
    return "\n\n".join(parts)


def _dispatch(arguments: list[str]) -> int:
    first = arguments[0] if arguments else ""
    if not first:
        sys.stderr.write(f"{overview()}\n")
        return 2
    if first in _HELP:
        sys.stdout.write(f"{overview()}\n")
        return 0
    if first == "--version":
        sys.stdout.write(f"judgeaudit {judgeaudit.__version__}\n")
        return 0
    known = verbs()
    if first.startswith("-"):
        raise ConfigError("unknown option", got=repr(first), next_step=nearest(first, [*_HELP, "--version", "--debug"]))
    if first not in known:
        raise ConfigError("unknown verb", got=repr(first), next_step=nearest(first, known))
    from judgeaudit.cli._frame import call

    # Rows in memory are no cycles: looking through all of them for some, again and again, is a twentieth of an audit.
    gc.set_threshold(_YOUNG)
    return call(first, kinds.load(PACKAGE, known[first]), arguments[1:])


def _take_debug(arguments: Sequence[str]) -> tuple[bool, list[str]]:
    """Whether --debug stands anywhere before a bare --, and the arguments without it.

    Examples
    --------
    >>> _take_debug(["gate", "a.json", "--debug", "--", "--debug"])
    (True, ['gate', 'a.json', '--', '--debug'])
    """
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    head = [word for word in arguments[:end] if word != "--debug"]
    return len(head) < end, [*head, *arguments[end:]]


def _definitions(meanings: dict[str, str]) -> str:
    width = max((len(name) for name in meanings), default=0)
    indent = " " * (width + 4)
    return "\n".join(
        textwrap.fill(meaning, WIDTH, initial_indent=f"  {name:<{width}}  ", subsequent_indent=indent)
        for name, meaning in meanings.items()
    )


def _harden_streams() -> None:
    """A character that the terminal's encoding lacks is escaped, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
