"""Collect outputs: the prompts x models x samples of an audit.yaml, into its store.

What the store holds already is not asked for again, so an interrupted run can simply be started once more.

  judgeaudit collect audit.yaml --dry-run
  judgeaudit collect audit.yaml
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from judgeaudit.cli._frame import JsonFlag, echo, echo_json
from judgeaudit.cli._progress import announce, plan_as_json, watching
from judgeaudit.errors import ConfigError


def run(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT.yaml", help="The audit; `judgeaudit init` writes one.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    json: JsonFlag = False,
) -> None:
    """Collect what is missing and say how many outputs there are."""
    from judgeaudit.config import read_audit_config
    from judgeaudit.engine import collect, plan_collecting, wanted
    from judgeaudit.store import Store

    config = read_audit_config(audit)
    if config.collect is None:
        raise ConfigError("nothing to collect", where=str(audit), next_step="add `collect:` with prompts and models")
    draws = wanted(config)
    with Store.open(config.store_url) as store:
        if dry_run:
            plan = plan_collecting(store, draws)
            announce(plan)
        else:
            with watching("collect") as watch:
                plan = collect(store, draws, limits=config.limits, seed=config.seed, announce=announce, watch=watch)
        ids = {draw.item_id for draw in draws}
        kept = len(ids & set(store.output_hashes()))
    if json:
        echo_json({"store": config.store_url, "outputs": kept, "wanted": len(draws), "plan": plan_as_json(plan)})
    else:
        echo(f"{kept} of {len(draws)} outputs in {config.store_url}")
