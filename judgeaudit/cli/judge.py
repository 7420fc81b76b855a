"""Ask the judges of an audit.yaml about its outputs; every judgement is in the store before the next call is made.

What the store holds already is not asked for again, so an interrupted run can simply be started once more.

  judgeaudit judge audit.yaml --dry-run
  judgeaudit judge audit.yaml
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from judgeaudit.cli._frame import JsonFlag, echo, echo_json
from judgeaudit.cli._progress import announce, note, plan_as_json, watching

if TYPE_CHECKING:
    from judgeaudit.model import Judgement


def run(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT.yaml", help="The audit; `judgeaudit init` writes one.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    json: JsonFlag = False,
) -> None:
    """Ask for what is missing and say how the judgements ended."""
    from judgeaudit.config import read_audit_config
    from judgeaudit.engine import assignments
    from judgeaudit.engine.work import judge_outputs, plan_work
    from judgeaudit.store import Store

    config = read_audit_config(audit)
    with Store.open(config.store_url) as store:
        if dry_run:
            plan = plan_work(store, config)
            announce(plan)
        else:
            plan = judge_outputs(store, config, announce=announce, watching=watching, note=note)
        kept = store.judgements({a.cell: a.fingerprint for a in assignments(config)})
    counts = {cell: Counter(str(j.status) for j in kept if (j.judge, j.rubric) == cell) for cell in _cells(kept)}
    if json:
        rows = [{"judge": judge, "rubric": rubric, "statuses": dict(n)} for (judge, rubric), n in counts.items()]
        echo_json({"store": config.store_url, "judgements": rows, "plan": plan_as_json(plan)})
        return
    for (judge, rubric), n in counts.items():
        echo(f"{judge}, {rubric}: " + ", ".join(f"{count} {status}" for status, count in sorted(n.items())))


def _cells(judgements: list[Judgement]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((j.judge, j.rubric) for j in judgements))
