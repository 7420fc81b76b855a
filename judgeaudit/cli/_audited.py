"""What the verbs that make an audit have in common: how its figures are computed, and how its result is shown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from judgeaudit import kinds
from judgeaudit.cli._frame import console, echo, finish
from judgeaudit.errors import ConfigError, nearest
from judgeaudit.model import BASELINE

if TYPE_CHECKING:
    from judgeaudit.api import Options, Result
    from judgeaudit.config import AuditConfig
    from judgeaudit.engine.work import Worked
    from judgeaudit.gate import Decision, Policy


def options_of(config: AuditConfig, *, verify: bool = True) -> Options:
    """The options that an audit.yaml asks for; `verify` False: no second opinion, whatever it says."""
    from judgeaudit.api import Options

    asked = config.audit
    return Options(
        draws=asked.draws,
        seed=config.seed if asked.seed is None else asked.seed,
        reference=asked.reference,
        verify=asked.verify and verify,
        annotators=asked.annotators,
    )


def show(result: Result, decision: Decision | None, folder: Path | None, *, json: bool) -> None:
    """The audit as JSON or its summary on stdout, and on stderr where the report lies (None: none was written)."""
    if json:
        from judgeaudit import audit_file

        sys.stdout.write(audit_file.dumps(result.audit))
    else:
        from judgeaudit.report.terminal import print_summary

        print_summary(console(), result.audit, decision=decision)
    if folder is not None:
        echo(f"report: {folder / 'report.html'}", stderr=True)


def policy_of(config: AuditConfig) -> Policy | None:
    """The policy that an audit.yaml names, its measures and judges checked before a judge is paid; None: it names none."""
    from judgeaudit.api import as_policy

    if config.policy is None:
        return None
    policy = as_policy(config.path(config.policy))
    _check_names(policy, config)
    return policy


def conclude(worked: Worked, config: AuditConfig, policy: Policy | None, *, redact: bool, json: bool) -> None:
    """Audit, write, show, decide, and end the verb by the result.

    Raises
    ------
    IncompleteError
        The work was not finished; what there is has been audited and written.
    """
    from judgeaudit import api
    from judgeaudit.gate import decide

    # Unfinished work ends with exit 3 whatever the figures are; recomputing them can wait for the finished one.
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
