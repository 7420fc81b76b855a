"""Run a whole audit.yaml: collect, judge, audit, report; with a policy, exit by its result.

Each step keeps what it has done in the store, so an interrupted run can simply be started once more. With a policy only
PASS exits 0.

  judgeaudit run audit.yaml --dry-run
  judgeaudit run audit.yaml
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from judgeaudit.cli._frame import JsonFlag, console, echo, echo_json, finish
from judgeaudit.cli._progress import announce, note, plan_as_json, watching


def run(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT.yaml", help="The audit; `judgeaudit init` writes one.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    redact: Annotated[bool, typer.Option("--redact", help="Write no prompts, responses or rationales.")] = False,
    json: JsonFlag = False,
) -> None:
    """Do what is missing, then audit, write, show and decide."""
    from judgeaudit import api, audit_file
    from judgeaudit.config import read_audit_config
    from judgeaudit.engine.work import plan_work, work
    from judgeaudit.gate import decide
    from judgeaudit.store import Store

    config = read_audit_config(audit)
    policy = None if config.policy is None else api.as_policy(config.path(config.policy))
    with Store.open(config.store_url) as store:
        if dry_run:
            plan = plan_work(store, config)
            announce(plan)
            if json:
                echo_json(plan_as_json(plan))
            return
        worked = work(store, config, announce=announce, watching=watching, note=note)
    seed = config.seed if config.audit.seed is None else config.audit.seed
    options = api.Options(draws=config.audit.draws, seed=seed, reference=config.audit.reference)
    result = api.audit_inputs(worked.inputs, options, name=config.name)
    decision = None if policy is None else decide(result.audit, policy)
    result.write(config.out_folder, decision=decision, redact=redact)
    if json:
        sys.stdout.write(audit_file.dumps(result.audit))
    else:
        from judgeaudit.report.terminal import print_summary

        print_summary(console(), result.audit, decision=decision)
    echo(f"report: {config.out_folder / 'report.html'}", stderr=True)
    if worked.incomplete is not None:
        raise worked.incomplete
    if decision is not None:
        echo(f"gate: {decision.result}", stderr=json)
        finish(decision.exit_code)
