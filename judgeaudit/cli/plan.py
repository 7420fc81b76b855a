"""Say how many further labels decide a policy, or give intervals of a width.

The audit serves as pilot: what is planned holds if its figures are the true ones. Where the pilot cannot say, the reason is
given and no number. Labels by stratum are fewer, and need inclusion weights.

  judgeaudit plan reports/demo/audit.json --policy policy.yaml --width 0.1
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from judgeaudit.cli._frame import JsonFlag, console, echo_json
from judgeaudit.text import for_terminal

if TYPE_CHECKING:
    from judgeaudit.gate import Need, Plan, PlanLine


def run(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT.json", help="The audit that serves as pilot.")],
    policy: Annotated[Path, typer.Option("--policy", metavar="FILE", help="policy.yaml: what is to be decided.")],
    width: Annotated[
        float | None,
        typer.Option("--width", metavar="W", help="Full width wanted of the two-sided intervals, such as 0.1."),
    ] = None,
    power: Annotated[float, typer.Option("--power", metavar="P", help="Chance with which it is decided.")] = 0.8,
    json: JsonFlag = False,
) -> None:
    """Plan and show."""
    from judgeaudit.api import plan

    made = plan(audit, policy, width=width, power=power)
    if json:
        echo_json(made.to_object())
    else:
        show(made)


def show(plan: Plan) -> None:
    """Print the plan: for each requirement what stands, what decides it, and what gives the width."""
    from rich.padding import Padding

    out = console()
    for line in plan.lines:
        out.print(for_terminal(f"{line.result}  {line.text}"))
        for text in _lines(plan, line):
            out.print(Padding(for_terminal(text), (0, 0, 0, 2)))


def _lines(plan: Plan, line: PlanLine) -> Iterator[str]:
    e = line.decided.estimate
    if e is not None and e.value is not None:
        counts = f"{e.k:g} of {e.n:g}" if e.k is not None else f"n {e.n:g}"
        effect = f"; clusters and repeated texts make it {line.effect:.2g} times as many" if line.effect > 1 else ""
        yield f"pilot: {e.value:.4g} ({counts}{effect})"
    aim = f"to decide it ({plan.power:.0%} of the time, bounds at {plan.confidence:g} one-sided)"
    yield from _need(aim, line.gate, line)
    if line.width is not None and plan.width is not None and (line.width.items is not None or line.width != line.gate):
        yield from _need(f"to an interval of width {plan.width:g}", line.width, line)


def _need(aim: str, need: Need, line: PlanLine) -> Iterator[str]:
    if need.items is None:
        yield f"{aim}: {need.reason}"
        return
    if need.items == 0:
        yield f"{aim}: nothing more"
        return
    labels = f", about {need.labels} labels on outputs drawn at random" if need.labels else ""
    collect = f", for which {need.collect} more outputs must be collected and judged" if need.collect else ""
    yield f"{aim}: {need.items} more items {line.counted}{labels}{collect}"
    if need.strata:
        parts = ", ".join(
            f"{s.labels} where it says {s.verdict} on {s.slice} ({s.unlabelled} unlabelled)" for s in need.strata
        )
        yield f"or {sum(s.labels for s in need.strata)} by stratum, with inclusion weights: {parts}"
