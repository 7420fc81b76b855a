"""List the kinds of a thing that there are: judges, models, modes, measures, findings and so on.

Names come from the folders of the package and from entry points of other packages; nothing is imported for it. Where a kind is
taken from the literature or from a report, its source stands under it.
`list modes --measured` adds how well each mode's detector does, on which data, and whose truth that is.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from dataclasses import asdict
from importlib.util import find_spec
from typing import Annotated

import typer

from judgeaudit import kinds
from judgeaudit.cli._frame import JsonFlag, echo, echo_json
from judgeaudit.errors import ConfigError, nearest

ROOMS = (
    "findings",
    "judges",
    "measures",
    "models",
    "modes",
    "probes",
    "readers",
    "recalibration",
    "references",
    "verbs",
)


def run(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="One of: " + ", ".join(ROOMS) + ".")],
    measured: Annotated[bool, typer.Option("--measured", help="Modes: the measured figures of each detector.")] = False,
    json: JsonFlag = False,
) -> None:
    """Print the names of a kind with one line about each and its source, or for modes what their detectors were measured at.

    Raises
    ------
    ConfigError
        There is no such kind of thing, or nothing of it is measured.
    """
    package = _package(kind)
    if measured:
        _print_measured(kind, package, json=json)
        return
    rows = [
        (name.rstrip("_"), kinds.summary(package, name), kinds.reference(package, name))
        for name in kinds.names(package)
    ]
    if json:
        echo_json([{"name": name, "summary": summary, "reference": source or None} for name, summary, source in rows])
        return
    width = max((len(name) for name, _, _ in rows), default=0)
    for name, summary, source in rows:
        _show(f"{name:<{width}}  {summary}".rstrip(), width + 2)
        if source:
            _show(f"{'':<{width}}  Source: {source}", width + 4)


def _print_measured(kind: str, package: str, *, json: bool) -> None:
    if kind != "modes":
        raise ConfigError(
            "only modes have measured figures", got=f"list {kind} --measured", next_step="list modes --measured"
        )
    from judgeaudit.modes import _measured

    names = [_measured.DEGENERATE, *kinds.names(package)]
    figures = _measured.figures()
    if json:
        echo_json([{**asdict(one), "said": one.said} for one in figures if one.mode in names])
        return
    _show(
        f"k of n [exact 95 % interval]; `{_measured.DEGENERATE}` stands for any mode that makes an output degenerate", 0
    )
    for line in _measured.lines(names, figures):
        _show(line, len(line) - len(line.lstrip()) + 2)


def _show(line: str, indent: int) -> None:
    """A line, wrapped under its own text on a terminal; whole in a pipe or file, where one line is one thing to search for."""
    if not sys.stdout.isatty():
        echo(line)
        return
    columns = max(shutil.get_terminal_size().columns, 2 * indent)
    wrapper = textwrap.TextWrapper(
        columns, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )
    for row in wrapper.wrap(line):
        echo(row)


def _package(kind: str) -> str:
    package = "judgeaudit.cli" if kind == "verbs" else f"judgeaudit.{kind}"
    known = [room for room in ROOMS if room == "verbs" or find_spec(f"judgeaudit.{room}")]
    if kind not in known:
        raise ConfigError("unknown kind", got=repr(kind), next_step=nearest(kind, known))
    return package
