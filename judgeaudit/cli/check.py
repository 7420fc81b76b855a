"""Audit the judges of a table that has their verdicts and labels already.

Reads csv, tsv, jsonl and parquet. A column is named as in the table; in JSON Lines a dotted path leads inside. JSON Lines in
the interchange form need no flags.

  judgeaudit check verdicts.csv --judge gpt4 --judge guard --human h1 --human h2 --positive 1 --response text
"""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path
from typing import Annotated, Literal

import typer

from judgeaudit.cli._audited import show
from judgeaudit.cli._frame import JsonFlag, echo, finish

Many = list[str] | None
AnnotatorKind = Literal["expert", "skilled", "crowd"]
"""The same as that of `measures._alt_test`, whose numpy would make --help wait."""


def run(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="The table: csv, tsv, jsonl or parquet.")],
    judge: Annotated[Many, typer.Option(metavar="[NAME=]COL", help="A judge's verdicts (repeat).")] = None,
    score: Annotated[
        Many, typer.Option(metavar="JUDGE=COL", help="A judge's probability of positive (repeat).")
    ] = None,
    rationale: Annotated[Many, typer.Option(metavar="JUDGE=COL", help="A judge's reasons in words (repeat).")] = None,
    human: Annotated[Many, typer.Option(metavar="[NAME=]COL", help="A person's labels (repeat).")] = None,
    votes: Annotated[Many, typer.Option(metavar="COL:N", help="Positive votes of N anonymous people (repeat).")] = None,
    id: Annotated[str | None, typer.Option(metavar="COL", help="Distinct ids; default: row numbers.")] = None,
    prompt: Annotated[str | None, typer.Option(metavar="COL", help="What the model was asked.")] = None,
    response: Annotated[str | None, typer.Option(metavar="COL", help="What it answered: modes are detected.")] = None,
    model: Annotated[str | None, typer.Option(metavar="COL", help="Which model answered.")] = None,
    values: Annotated[str | None, typer.Option(metavar="V1,V2,..", help="The scale, in order.")] = None,
    map: Annotated[Many, typer.Option(metavar="COL:FROM=TO", help="Rename a value of a column (repeat).")] = None,
    positive: Annotated[Many, typer.Option(metavar="VALUE|'>=X'", help="What counts as positive (repeat).")] = None,
    abstain: Annotated[str | None, typer.Option(metavar="VALUE", help="The value for what cannot be judged.")] = None,
    level: Annotated[str | None, typer.Option(metavar="LEVEL", help="nominal, ordinal, interval or ratio.")] = None,
    group: Annotated[
        str | None,
        typer.Option(metavar="COL|none", help="Rows resampled together; default: the prompt where it repeats."),
    ] = None,
    weight: Annotated[str | None, typer.Option(metavar="COL", help="Inclusion weights.")] = None,
    selected_by: Annotated[
        str | None,
        typer.Option(
            metavar="HOW",
            help="How outputs were selected for a label: random, all, judge:NAME or column:COL. Weights are then of labels.",
        ),
    ] = None,
    slice: Annotated[Many, typer.Option(metavar="COL", help="Also audit each value of this column (repeat).")] = None,
    trials: Annotated[
        str | None, typer.Option(metavar="SEP", help="Judges with equal names before SEP are trials of one.")
    ] = None,
    reference: Annotated[
        str, typer.Option(metavar="RULE", help="auto, majority, median, adjudicated, annotator:NAME or column:COL.")
    ] = "auto",
    annotators: Annotated[
        AnnotatorKind | None,
        typer.Option(help="Who the people are, for the alt-test's epsilon: 0.2, 0.15, 0.1. Default: the strictest."),
    ] = None,
    rubric: Annotated[str | None, typer.Option(metavar="NAME|all", help="Which rubric of the table.")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="Text encoding; default: UTF-8.")] = None,
    draws: Annotated[int, typer.Option(min=100, max=100_000, help="Resamples for intervals.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the resamples.")] = 0,
    policy: Annotated[Path | None, typer.Option(metavar="FILE", help="policy.yaml: exit 0 only on PASS.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: reports/NAME/.")] = None,
    redact: Annotated[bool, typer.Option("--redact", help="Write no prompts, responses or rationales.")] = False,
    json: JsonFlag = False,
) -> None:
    """Read, audit, write, show; with a policy, exit by its result."""
    from judgeaudit import api
    from judgeaudit.gate import decide
    from judgeaudit.readers import CheckRequest
    from judgeaudit.report._drawer import Drawer

    folder = out or (None if json else Path("reports") / table.stem)
    required = None if policy is None else api.as_policy(policy)
    request = CheckRequest.parse(
        judges=judge or (),
        scores=score or (),
        rationales=rationale or (),
        humans=human or (),
        votes=votes or (),
        id=id,
        prompt=prompt,
        response=response,
        model=model,
        values=values,
        maps=map or (),
        positive=positive or (),
        abstain=abstain,
        level=level,
        group=group,
        weight=weight,
        selected_by=selected_by,
        slices=slice or (),
        trials=trials,
        reference=reference,
        rubric=rubric,
        encoding=encoding,
    )
    options = api.Options(draws=draws, seed=seed, reference=reference, annotators=annotators)
    with nullcontext() if folder is None else closing(Drawer()) as drawer:
        result = api.check_request(table, request, options)
        decision = None if required is None else decide(result.audit, required)
        if folder is not None:
            result.write(folder, decision=decision, redact=redact, drawer=drawer)
    show(result, decision, folder, json=json)
    if decision is not None:
        echo(f"gate: {decision.result}", stderr=json)
        finish(decision.exit_code)
