"""See a whole audit, with no key and no network: the embedded set from outputs to report and gate.

Offline judges run live, a small language model's verdicts are recorded ones. It shows its gate's result and exits 0.

  judgeaudit demo
  judgeaudit demo --out reports/demo
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from judgeaudit.cli._audited import options_of, show
from judgeaudit.cli._frame import JsonFlag, echo
from judgeaudit.cli._progress import announce, note, watching


def run(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the report goes.")] = Path("reports/demo"),
    json: JsonFlag = False,
) -> None:
    """The same way as `judgeaudit run`, with the store in a temporary folder."""
    from judgeaudit import api
    from judgeaudit.config import read_audit_config
    from judgeaudit.engine.work import work
    from judgeaudit.readers._demo import demo_folder
    from judgeaudit.report import html
    from judgeaudit.store import Store
    from judgeaudit.verify import SecondOpinion

    html.prepare()
    with closing(SecondOpinion()) as opinion:  # its packages take a second to load; they do so while judges judge
        config = read_audit_config(demo_folder() / "audit.yaml")
        with TemporaryDirectory() as folder, Store.open(str(Path(folder) / "demo.db")) as store:
            worked = work(store, config, announce=announce, watching=watching, note=note)
        result = api.audit_inputs(worked.inputs, options_of(config), name=config.name, opinion=opinion)
    decision = result.gate(config.path(config.policy)) if config.policy else None
    result.write(out, decision=decision)
    show(result, decision, out, json=json)
    if decision is not None:
        echo(f"gate: {decision.result} (shown, not enforced: demo is no gate)", stderr=json)
