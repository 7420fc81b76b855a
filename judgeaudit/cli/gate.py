"""Hold an audit against a policy: PASS, FAIL or INCONCLUSIVE.

One line a requirement and judge with the reason, and "gate: RESULT" as the last line. Exit code 0 is PASS,
1 FAIL, 3 INCONCLUSIVE.

  judgeaudit gate reports/demo/audit.json --policy policy.yaml
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from judgeaudit import audit_file
from judgeaudit.cli._frame import JsonFlag, console, echo, echo_json, finish
from judgeaudit.gate import Decision, RequirementResult, compare, decide, read_policy
from judgeaudit.report.junit import junit as as_junit
from judgeaudit.text import for_terminal

_STYLES = {"PASS": "green", "FAIL": "bold red", "INCONCLUSIVE": "yellow"}


def run(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT.json", help="The audit.")],
    policy: Annotated[Path, typer.Option("--policy", metavar="FILE", help="policy.yaml: what is required.")],
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="An earlier audit.json that this one must not be worse than."),
    ] = None,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Also write JUnit XML here.")] = None,
    json: JsonFlag = False,
) -> None:
    """Decide, show and exit by the result."""
    held = audit_file.read(audit)
    decision = decide(held, read_policy(policy))
    if baseline is not None:
        decision = compare(decision, held, audit_file.read(baseline))
    if junit is not None:
        junit.parent.mkdir(parents=True, exist_ok=True)
        junit.write_text(as_junit(decision, name=held.name), encoding="utf-8")
    if json:
        echo_json({"audit": held.name, "result": decision.result, "requirements": [_row(x) for x in decision.lines]})
        echo(f"gate: {decision.result}", stderr=True)
    else:
        show(decision)
    finish(decision.exit_code)


def show(decision: Decision) -> None:
    """Print the decision: one line a requirement with the reason, wrapped at 80 columns, and the result."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in decision.lines:
        table.add_row(Text(line.result, style=_STYLES[line.result]), for_terminal(line.text))
    console().print(table)
    echo(f"gate: {decision.result}")


def _row(line: RequirementResult) -> dict[str, Any]:
    estimate = line.estimate
    return {
        "result": line.result,
        "requirement": line.requirement.model_dump(exclude_none=True),
        "judge": line.judge,
        "rubric": line.rubric,
        "value": None if estimate is None else estimate.value,
        "low": None if estimate is None else estimate.low,
        "high": None if estimate is None else estimate.high,
        "bound": line.bound,
        "limit": line.limit,
        "n": line.n,
        "more_labels": line.more_labels,
        "reason": line.reason,
    }
