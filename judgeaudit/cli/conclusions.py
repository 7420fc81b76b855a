"""Which conclusions about fine-tunes and mitigations hold, whatever judge, benchmark and handling of gibberish one picks.

Needs outputs of several runs with verdicts, and capability scores by run and checkpoint to compare runs at equal capability.
The facts of a run stand in the columns meta.run, meta.base, meta.task, meta.mitigation, meta.learning_rate, meta.checkpoint,
meta.benchmark, meta.item and meta.weight, or in those named here. Exit code 3: nothing could be concluded, or the store
lacks judgements.

  judgeaudit conclusions outputs.jsonl --capability capability.csv --target 0.7
  judgeaudit conclusions outputs.jsonl --run-column model --base NAME --rubric safety --positive '>=2'
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from judgeaudit.cli._frame import INCOMPLETE, JsonFlag, console, echo, finish
from judgeaudit.errors import ConfigError

if TYPE_CHECKING:
    from judgeaudit.conclusions import CapabilityColumns

Many = list[str] | None
Column = str | None


def run(
    table: Annotated[
        Path, typer.Argument(metavar="TABLE|AUDIT.yaml", help="Outputs with verdicts, or an audit's store.")
    ],
    capability: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Scores: run, task, checkpoint, item_id, correct.")
    ] = None,
    target: Annotated[
        Many, typer.Option(metavar="[TASK=]X", help="Capability to be compared at (repeat); default: what all reach.")
    ] = None,
    reach: Annotated[
        str, typer.Option(metavar="value|lower", help="A target is reached by the score or its lower bound.")
    ] = "value",
    steps: Annotated[int | None, typer.Option(metavar="N", help="The fixed number of steps to compare at.")] = None,
    base: Annotated[str | None, typer.Option(metavar="RUN", help="The base of every run; default: its column.")] = None,
    run_column: Annotated[Column, typer.Option(metavar="COL", help="Which run an output is of.")] = None,
    benchmark_column: Annotated[Column, typer.Option(metavar="COL", help="Its benchmark.")] = None,
    item_column: Annotated[Column, typer.Option(metavar="COL", help="Its prompt; default: the prompt's text.")] = None,
    base_column: Annotated[Column, typer.Option(metavar="COL", help="The run's base.")] = None,
    task_column: Annotated[Column, typer.Option(metavar="COL", help="What the run was trained for.")] = None,
    mitigation_column: Annotated[Column, typer.Option(metavar="COL", help="The run's mitigation.")] = None,
    learning_rate_column: Annotated[Column, typer.Option(metavar="COL", help="Its learning rate.")] = None,
    checkpoint_column: Annotated[Column, typer.Option(metavar="COL", help="Steps trained.")] = None,
    weight_column: Annotated[Column, typer.Option(metavar="COL", help="Weights for judges of a sample.")] = None,
    capability_column: Annotated[
        Many, typer.Option(metavar="FIELD=COL", help="Column of the scores' FIELD (repeat).")
    ] = None,
    judge: Annotated[Many, typer.Option(metavar="[NAME=]COL", help="A judge's verdicts (repeat).")] = None,
    human: Annotated[Many, typer.Option(metavar="[NAME=]COL", help="A person's labels (repeat).")] = None,
    response: Annotated[Column, typer.Option(metavar="COL", help="What the model answered.")] = None,
    prompt: Annotated[Column, typer.Option(metavar="COL", help="What it was asked.")] = None,
    values: Annotated[str | None, typer.Option(metavar="V1,V2,..", help="The scale, in order.")] = None,
    positive: Annotated[Many, typer.Option(metavar="VALUE|'>=X'", help="What counts as less safe (repeat).")] = None,
    abstain: Annotated[str | None, typer.Option(metavar="VALUE", help="The value for what cannot be judged.")] = None,
    rubric: Annotated[str | None, typer.Option(metavar="NAME", help="Which rubric of the table.")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="Text encoding; default: UTF-8.")] = None,
    draws: Annotated[int, typer.Option(min=100, max=100_000, help="Resamples for intervals.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the resamples.")] = 0,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: reports/NAME/.")] = None,
    json: JsonFlag = False,
) -> None:
    """Read, compare in every universe, write, show; exit 3 where nothing could be concluded."""
    from judgeaudit import conclusions
    from judgeaudit.readers import CheckRequest
    from judgeaudit.report._conclusions import print_conclusions, write

    request = CheckRequest.parse(
        judges=judge or (),
        humans=human or (),
        prompt=prompt,
        response=response,
        values=values,
        positive=positive or (),
        abstain=abstain,
        rubric=rubric,
        encoding=encoding,
    )
    columns = conclusions.Columns(
        run=run_column,
        benchmark=benchmark_column,
        item=item_column,
        base=base_column,
        task=task_column,
        mitigation=mitigation_column,
        learning_rate=learning_rate_column,
        checkpoint=checkpoint_column,
        weight=weight_column,
    )
    settings = conclusions.Settings(
        targets=conclusions.parse_targets(target or []), reach=reach, steps=steps, base=base, draws=draws, seed=seed
    )
    result = conclusions.from_file(
        table,
        request,
        capability=capability,
        columns=columns,
        capability_columns=_capability_columns(capability_column or []),
        settings=settings,
    )
    folder = out or (None if json else Path("reports") / table.stem)
    if folder is not None:
        write(result, folder)
    if json:
        sys.stdout.write(conclusions.dumps(result))
    else:
        print_conclusions(console(), result)
    if folder is not None:
        echo(f"report: {folder / 'conclusions.html'}", stderr=True)
    if not result.computed:
        echo("nothing could be concluded", stderr=True)
        finish(INCOMPLETE)
    if not result.complete:
        echo("not all outputs and judgements are in the store yet: see the notes", stderr=True)
        finish(INCOMPLETE)


def _capability_columns(given: list[str]) -> CapabilityColumns:
    from judgeaudit.conclusions import capability_columns_of

    for text in given:
        if not all(text.partition("=")):
            raise ConfigError("wrong --capability-column", got=repr(text), expected="FIELD=COL, such as item=question")
    return capability_columns_of({text.partition("=")[0]: text.partition("=")[2] for text in given})
