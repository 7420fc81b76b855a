"""Probe the judges of an audit.yaml with known texts, degraded, decorated, or made to address the judge.

Sound outputs whose verdict is known by construction, or by people who all agree, are turned into each mode of gibberish
at several doses, decorated in ways that must change nothing, and given texts that try to command the judge; copies show
how often a judge contradicts itself. What the store holds already is not asked for again. --self-test shows that planted
failures are found and that a sound judge is not accused.

  judgeaudit stress audit.yaml --dry-run
  judgeaudit stress audit.yaml --only word_loop --only instruction
  judgeaudit stress --self-test
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from judgeaudit.cli._frame import FAIL, INCOMPLETE, JsonFlag, console, echo, echo_json, finish
from judgeaudit.cli._progress import announce, note, plan_as_json, watching
from judgeaudit.errors import ConfigError, IncompleteError, StoreError

if TYPE_CHECKING:
    from judgeaudit.config import AuditConfig
    from judgeaudit.engine.probing import Stressing
    from judgeaudit.probes._make import Design
    from judgeaudit.store import Store


def run(
    audit: Annotated[
        Path | None, typer.Argument(metavar="AUDIT.yaml", help="The audit; `judgeaudit init` writes one.")
    ] = None,
    bases: Annotated[int, typer.Option(min=2, max=1000, help="Sound texts of each side, per rubric.")] = 12,
    doses: Annotated[str, typer.Option(help="Doses above 0, up to 1.")] = "0.25,0.5,0.75,1",
    retests: Annotated[int, typer.Option(min=0, max=20, help="Copies of each sound text.")] = 2,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this mode or kind of probe; may be repeated.")
    ] = None,
    judge: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this judge; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the report; by default the audit's.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many calls and how wide the intervals, and send nothing.")
    ] = False,
    redact: Annotated[
        bool, typer.Option("--redact", help="Write no text of a probe: no probes.jsonl, and none in the report.")
    ] = False,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Try the stress test on judges of known failure.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Probe, count, write and show."""
    from judgeaudit.config import read_audit_config
    from judgeaudit.engine.probing import prepare
    from judgeaudit.probes._make import Design
    from judgeaudit.store import Store

    if self_test:
        _self_test(json)
        return
    if audit is None:
        raise ConfigError("which audit?", next_step="give an AUDIT.yaml, or --self-test")
    config = read_audit_config(audit)
    design = Design(seed=config.seed, doses=_doses(doses), retests=retests, only=frozenset(only) if only else None)
    with Store.open(config.store_url) as store:
        stressing = prepare(store, config, design, per_side=bases, judges=judge or ())
        for text in stressing.notes:
            note(text)
        if dry_run:
            _plan(store, stressing, design, json)
        else:
            _probe(store, stressing, config, design, out or config.out_folder, redact=redact, json=json)


def _probe(
    store: Store, stressing: Stressing, config: AuditConfig, design: Design, out: Path, *, redact: bool, json: bool
) -> None:
    from judgeaudit.engine.probing import kept, stress
    from judgeaudit.probing._examples import examples, sha256
    from judgeaudit.probing._result import dumps, result
    from judgeaudit.report import _stress as report

    incomplete: IncompleteError | None = None
    try:
        with watching("stress") as watch:
            judgements = stress(
                store, stressing, limits=config.limits, seed=config.seed, announce=announce, watch=watch
            )
    except StoreError:
        raise
    except IncompleteError as error:
        incomplete, judgements = error, kept(store, stressing)
    told = None if incomplete is None else str(incomplete)
    shown = examples(stressing, judgements)
    content = result(
        stressing,
        judgements,
        design,
        name=config.name,
        draws=config.audit.draws,
        incomplete=told,
        examples_sha256=sha256(shown),
    )
    places = report.write(content, dumps(content), out, shown, redact=redact)
    if json:
        echo_json(content)
    else:
        screen = console()
        for line in report.lines(content):
            indent = len(line) - len(line.lstrip())
            screen.print(_wrapped(line, screen.width, indent))
    echo(f"report: {places[1]}", stderr=True)
    if (out / "audit.json").is_file():
        echo(
            f"to see the curves in the audit's report: judgeaudit report {shlex.quote(str(out / 'audit.json'))}",
            stderr=True,
        )
    if incomplete is not None:
        raise incomplete
    silent = [x["judge"] for x in content["findings"] if x["code"] == "no_verdicts"]
    if silent:
        echo(f"no verdict at all: {', '.join(silent)}", stderr=True)
        finish(INCOMPLETE)


def _plan(store: Store, stressing: Stressing, design: Design, json: bool) -> None:
    from judgeaudit.engine.probing import plan_stress
    from judgeaudit.probing._expected import expected

    plan = plan_stress(store, stressing)
    widths = {name: expected(b, design) for name, b in stressing.bases.items()}
    announce(plan)
    if json:
        echo_json({"plan": plan_as_json(plan), "expected_widths": widths})
        return
    for send in plan.sends:
        echo(
            f"{send.name}, {send.task}: {send.calls} {'calls' if send.host else 'texts, judged here'}, {send.reused} done before"
        )
    for name, some in widths.items():
        for what, width in some.items():
            echo(
                f"{name}, {what}: interval about {width} wide" if width is not None else f"{name}, {what}: no interval"
            )


def _self_test(json: bool) -> None:
    from judgeaudit.probing._self_test import self_test

    tried = self_test()
    if json:
        echo_json(
            [
                {
                    "judge": t.judge,
                    "failure": t.failure,
                    "passed": t.passed,
                    "accused_of": [list(a) for a in t.accused_of],
                }
                for t in tried
            ]
        )
    else:
        for t in tried:
            accused = ", ".join(dict.fromkeys(code for code, _ in t.accused_of)) or "nothing"
            echo(f"{t.words}: {t.judge} (planted: {t.failure}); accused of {accused}")
    if not all(t.passed for t in tried):
        finish(FAIL)


def _doses(text: str) -> tuple[float, ...]:
    try:
        doses = tuple(sorted({float(part) for part in text.split(",")}))
    except ValueError:
        doses = ()
    if not doses or not all(0 < dose <= 1 for dose in doses):
        raise ConfigError("no doses", where="--doses", got=repr(text), expected="numbers above 0 and up to 1, as 0.5,1")
    return doses


def _wrapped(line: str, width: int, indent: int) -> str:
    import textwrap

    from judgeaudit.text import for_terminal

    return textwrap.fill(for_terminal(line), max(40, width - 1), subsequent_indent=" " * (indent + 2)) if line else ""
