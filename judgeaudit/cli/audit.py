"""Audit what stands in the store of an audit.yaml; no model and no judge is asked.

For new figures after labels, slices or the policy have changed. Files named in audit.yaml are read, the report is written and
the gate is decided as by `run`. Where outputs are still to be collected or judged it ends with exit code 3.

  judgeaudit audit audit.yaml
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from judgeaudit.cli._audited import conclude, policy_of
from judgeaudit.cli._frame import JsonFlag
from judgeaudit.cli._progress import note


def run(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT.yaml", help="The audit; `judgeaudit init` writes one.")],
    redact: Annotated[bool, typer.Option("--redact", help="Write no prompts, responses or rationales.")] = False,
    json: JsonFlag = False,
) -> None:
    """Audit, write, show and decide."""
    from judgeaudit.config import read_audit_config
    from judgeaudit.engine.work import stored
    from judgeaudit.store import Store

    config = read_audit_config(audit)
    policy = policy_of(config)
    with Store.open(config.store_url) as store:
        worked = stored(store, config, note=note)
    conclude(worked, config, policy, redact=redact, json=json)
