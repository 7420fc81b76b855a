"""What a run tells on stderr: what it is about to send, and how far it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from judgeaudit.cli._frame import console, echo

if TYPE_CHECKING:
    from judgeaudit.engine import Plan, Progress

OWN_CODE = ("command", "python")
"""Kinds of judges that are programs of the user: what these do with a text is not known here."""
EVERY = 10.0
"""Seconds between two lines of progress where stderr is no terminal."""


def announce(plan: Plan) -> None:
    """Say where how many texts are about to be sent, what was done already, and what it will cost roughly."""
    for send in plan.sends:
        work = f"{send.name}, {send.task}"
        if send.host is None:
            code = "here, by your own code, which is handed every text" if send.kind in OWN_CODE else ""
            echo(f"{work}: {code or 'here, no text leaves this process'}", stderr=True)
            continue
        done = f"; {send.reused} done before" if send.reused else ""
        echo(f"{work}: {send.calls} calls with {send.texts} texts to {send.host}{done}", stderr=True)
    if plan.calls:
        echo(f"{plan.calls} calls in all to {', '.join(plan.hosts)}; {_estimate(plan)}", stderr=True)


def note(text: str) -> None:
    """Something that a person should know."""
    echo(text, stderr=True)


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """The plan for `--json`; null where something is unknown."""
    sends = [
        {
            "name": send.name,
            "task": send.task,
            "host": send.host,
            "calls": send.calls,
            "reused": send.reused,
            "texts": send.texts,
            "estimated_input_tokens": send.usage.input_tokens if send.usage and send.host else None,
            "estimated_output_tokens": send.usage.output_tokens if send.usage and send.host else None,
            "estimated_cost": send.cost if send.host else None,
        }
        for send in plan.sends
    ]
    return {"hosts": plan.hosts, "calls": plan.calls, "estimated_cost": plan.cost, "sends": sends}


@contextmanager
def watching(what: str) -> Iterator[Callable[[Progress], None]]:
    """Show progress while calls are made: a bar on a terminal, else a line now and then."""
    if sys.stderr.isatty():
        with _bar(what) as watch:
            yield watch
    else:
        yield _lines(what)


def _estimate(plan: Plan) -> str:
    usages = [send.usage for send in plan.sends if send.usage and send.host]
    given, made = sum(u.input_tokens or 0 for u in usages), sum(u.output_tokens or 0 for u in usages)
    cost = "unknown (no price was given)" if plan.cost is None else f"{plan.cost:.2f}"
    return f"about {given} tokens in, {made} out; estimated cost: {cost}"


@contextmanager
def _bar(what: str) -> Iterator[Callable[[Progress], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}", markup=False),
    )
    with Bars(*columns, console=console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=None, failed="")

        def watch(progress: Progress) -> None:
            failed = f"{progress.failed} failed" if progress.failed else ""
            bars.update(task, completed=progress.done, total=progress.total, failed=failed)

        yield watch


def _lines(what: str) -> Callable[[Progress], None]:
    start = last = time.monotonic()

    def watch(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= EVERY or progress.done == progress.total:
            last = now
            failed = f", {progress.failed} failed" if progress.failed else ""
            left = _left(now - start, progress.done, progress.total)
            echo(f"{what}: {progress.done} of {progress.total} calls{failed}{left}", stderr=True)

    return watch


def _left(seconds: float, done: int, total: int) -> str:
    """How long the rest will take at the pace so far, roughly; nothing where nothing is done or left.

    Examples
    --------
    >>> _left(30, 10, 25), _left(600, 10, 25), _left(3600, 10, 25), _left(5, 0, 25), _left(5, 25, 25)
    (', about 45 s left', ', about 15 min left', ', about 1.5 h left', '', '')
    """
    if not 0 < done < total:
        return ""
    rest = seconds / done * (total - done)
    told = f"{rest:.0f} s" if rest < 90 else f"{rest / 60:.0f} min" if rest < 5400 else f"{rest / 3600:.1f} h"
    return f", about {told} left"
