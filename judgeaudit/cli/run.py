"""Run a whole audit.yaml: collect, judge, audit, report; with a policy, exit by its result.

Each step keeps what it has done in the store, so an interrupted run can simply be started once more. With a policy only
PASS exits 0.

  judgeaudit run audit.yaml --dry-run
  judgeaudit run audit.yaml
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from judgeaudit.cli._audited import conclude, policy_of
from judgeaudit.cli._frame import JsonFlag, echo_json
from judgeaudit.cli._progress import announce, note, plan_as_json, watching


def run(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT.yaml", help="The audit; `judgeaudit init` writes one.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    redact: Annotated[bool, typer.Option("--redact", help="Write no prompts, responses or rationales.")] = False,
    json: JsonFlag = False,
) -> None:
    """Do what is missing, then audit, write, show and decide."""
    from judgeaudit.config import read_audit_config
    from judgeaudit.engine.work import plan_work, work
    from judgeaudit.store import Store

    config = read_audit_config(audit)
    policy = policy_of(config)
    with Store.open(config.store_url) as store:
        if dry_run:
            plan = plan_work(store, config)
            announce(plan)
            if json:
                echo_json(plan_as_json(plan))
            return
        worked = work(store, config, announce=announce, watching=watching, note=note)
    conclude(worked, config, policy, redact=redact, json=json)
