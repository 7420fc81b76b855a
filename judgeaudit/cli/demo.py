"""See a whole audit, with no key and no network: answers of fine-tunes that break, from outputs to report and gate.

Offline judges run live, a small language model's verdicts are recorded ones. Beside the report stand the conclusions: which
claims on the fine-tunes hold whatever judge one picks. It shows its gate's result and exits 0.

  judgeaudit demo
  judgeaudit demo --out reports/demo
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from judgeaudit.cli._audited import options_of, show
from judgeaudit.cli._frame import JsonFlag, echo
from judgeaudit.cli._progress import announce, note, watching
from judgeaudit.readers._demo import CAPABILITY, demo_folder

if TYPE_CHECKING:
    from judgeaudit.conclusions import Conclusions
    from judgeaudit.config import AuditConfig
    from judgeaudit.model import Output
    from judgeaudit.table import AuditInput

RUBRIC = "breach"
TARGETS = {"extract": 0.8, "list": 0.9, "style": 0.2}
"""Shares of held-back items that count as having learnt the task; one task never gets there at the high rate."""


def run(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the report goes.")] = Path("reports/demo"),
    json: JsonFlag = False,
) -> None:
    """The same way as `judgeaudit run`, with the store in a temporary folder, and then as `judgeaudit conclusions`."""
    from judgeaudit import api
    from judgeaudit.config import read_audit_config
    from judgeaudit.engine.work import work
    from judgeaudit.report import _conclusions
    from judgeaudit.report._drawer import Drawer
    from judgeaudit.store import Store
    from judgeaudit.verify import SecondOpinion

    # The packages of the second opinion take a second to load, the engine that draws half a second: while judges judge.
    with closing(Drawer()) as drawer, closing(SecondOpinion()) as opinion:
        source = demo_folder()
        config = read_audit_config(source / "audit.yaml")
        with TemporaryDirectory() as folder, Store.open(str(Path(folder) / "demo.db")) as store:
            worked = work(store, config, announce=announce, watching=watching, note=note)
            outputs = {output.item_id: output for output in store.outputs()}
        inputs = _with_modes(worked.inputs)
        result = api.audit_inputs(inputs, options_of(config), name=config.name, opinion=opinion)
        (judged,) = (data for data in inputs if data.rubric.name == RUBRIC)
        concluded = _conclude(judged, outputs, config, source)
        decision = result.gate(config.path(config.policy)) if config.policy else None
        _conclusions.write(concluded, out)  # first, so that the report finds it and leads there
        result.write(out, decision=decision, drawer=drawer)
    show(result, decision, out, json=json)
    echo(f"conclusions: {out / _conclusions.HTML}", stderr=True)
    if decision is not None:
        echo(f"gate: {decision.result} (shown, not enforced: demo is no gate)", stderr=json)
    for line in _next_steps(source, out):
        echo(line, stderr=json)


def _with_modes(inputs: Sequence[AuditInput]) -> list[AuditInput]:
    """The inputs with the modes of their outputs, looked for once for the audit and the conclusions."""
    from judgeaudit.modes._detect import detect_many

    first = inputs[0]
    found = detect_many(first.responses or [], prompts=first.prompts, finish_reasons=first.finish_reasons)
    return [replace(data, modes=found) for data in inputs]


def _conclude(data: AuditInput, outputs: dict[str, Output], config: AuditConfig, source: Path) -> Conclusions:
    """Which claims on the fine-tunes hold, at the capability that the scores beside the outputs tell."""
    from judgeaudit import conclusions

    facts = conclusions.of_outputs([outputs[item] for item in data.item_ids], conclusions.Columns(), config.name)
    study = conclusions.make_study(data, facts, name=config.name)
    scores = conclusions.read_capability(source / CAPABILITY, conclusions.CapabilityColumns(), study)
    settings = conclusions.Settings(draws=config.audit.draws, seed=config.seed, targets=TARGETS)
    return conclusions.conclude(study, scores, settings)


def _next_steps(source: Path, out: Path) -> list[str]:
    """The commands that go on from here, as they can be pasted."""
    from judgeaudit import api

    here = Path.cwd()
    shown = source.relative_to(here) if source.is_relative_to(here) else source
    audit, policy = (shlex.quote(str(shown / name)) for name in ("audit.yaml", "policy.yaml"))
    return [
        f"next: judgeaudit stress {audit}",
        f"next: judgeaudit plan {shlex.quote(str(out / api.AUDIT))} --policy {policy}",
    ]
