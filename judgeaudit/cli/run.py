"""Run a whole audit.yaml: collect, judge, audit, report; with a policy, exit by its result.

Each step keeps what it has done in the store, so an interrupted run can simply be started once more. With a policy only
PASS exits 0.

  judgeaudit run audit.yaml --dry-run
  judgeaudit run audit.yaml
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from judgeaudit import kinds
from judgeaudit.cli._audited import options_of, show
from judgeaudit.cli._frame import JsonFlag, echo, echo_json, finish
from judgeaudit.cli._progress import announce, note, plan_as_json, watching
from judgeaudit.errors import ConfigError, nearest
from judgeaudit.model import BASELINE

if TYPE_CHECKING:
    from judgeaudit.config import AuditConfig
    from judgeaudit.gate import Policy


def run(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT.yaml", help="The audit; `judgeaudit init` writes one.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    redact: Annotated[bool, typer.Option("--redact", help="Write no prompts, responses or rationales.")] = False,
    json: JsonFlag = False,
) -> None:
    """Do what is missing, then audit, write, show and decide."""
    from judgeaudit import api
    from judgeaudit.config import read_audit_config
    from judgeaudit.engine.work import plan_work, work
    from judgeaudit.gate import decide
    from judgeaudit.store import Store

    config = read_audit_config(audit)
    policy = None if config.policy is None else api.as_policy(config.path(config.policy))
    if policy is not None:
        _check_names(policy, config)
    with Store.open(config.store_url) as store:
        if dry_run:
            plan = plan_work(store, config)
            announce(plan)
            if json:
                echo_json(plan_as_json(plan))
            return
        worked = work(store, config, announce=announce, watching=watching, note=note)
    # An unfinished run ends with exit 3 whatever the figures are; recomputing them can wait for the finished one.
    options = options_of(config, verify=worked.incomplete is None)
    result = api.audit_inputs(worked.inputs, options, name=config.name)
    decision = None if policy is None else decide(result.audit, policy)
    result.write(config.out_folder, decision=decision, redact=redact)
    show(result, decision, config.out_folder, json=json)
    if worked.incomplete is not None:
        raise worked.incomplete
    if decision is not None:
        echo(f"gate: {decision.result}", stderr=json)
        finish(decision.exit_code)


def _check_names(policy: Policy, config: AuditConfig) -> None:
    """Find a misspelt measure or judge before a judge is paid; the gate would find it after."""
    measures = kinds.names("judgeaudit.measures")
    judges = {judge.name for judge in config.judges}
    for number, required in enumerate(policy.require):
        where = f"{config.policy}: require.{number}"
        if required.measure not in measures:
            raise ConfigError(
                "unknown measure",
                where=where,
                got=repr(required.measure),
                next_step=nearest(required.measure, measures),
            )
        for name in (required.judge, required.other or "*"):
            if name not in {"*", *judges} and not name.startswith(BASELINE):
                raise ConfigError("unknown judge", where=where, got=repr(name), next_step=nearest(name, judges))
