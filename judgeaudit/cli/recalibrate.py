"""Make a judge's scores mean what they say: fit a recalibrator on labelled outputs, or apply one.

Without --apply the judge's scores are fitted to the labels, and judged on folds that the fit has not seen; equal prompts, equal
texts and clusters stay together. --out keeps the recalibrator as JSON, for --apply here or judgeaudit.Recalibrator.from_json in a
pipeline. With --apply no labels are needed; each output is given with its score and the recalibrated one, as JSON Lines.

  judgeaudit recalibrate verdicts.csv --judge guard --score guard=p --human h1 --positive 1 --method beta --out guard.json
  judgeaudit recalibrate new.csv --judge guard --score guard=p --apply guard.json --out rescored.jsonl
"""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from judgeaudit.cli._frame import JsonFlag, console, echo, echo_json
from judgeaudit.errors import ConfigError
from judgeaudit.text import for_terminal

if TYPE_CHECKING:
    from judgeaudit.recalibration import Recalibrated, Recalibrator
    from judgeaudit.table import AuditInput

Many = list[str] | None
_NAMES = {
    "brier": "Brier score",
    "calibration_error_squared_debiased": "squared calibration error, debiased",
    "expected_calibration_error": "ECE (plug-in)",
    "auroc": "AUROC",
}


def run(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="The table: csv, tsv, jsonl or parquet.")],
    method: Annotated[str, typer.Option(metavar="NAME", help="temperature, platt, isotonic or beta.")] = "beta",
    judge: Annotated[Many, typer.Option(metavar="[NAME=]COL", help="A judge's verdicts (repeat).")] = None,
    score: Annotated[Many, typer.Option(metavar="JUDGE=COL", help="Its probability of positive (repeat).")] = None,
    of: Annotated[str | None, typer.Option("--of", metavar="JUDGE", help="Whose scores, where several have.")] = None,
    human: Annotated[Many, typer.Option(metavar="[NAME=]COL", help="A person's labels (repeat).")] = None,
    votes: Annotated[Many, typer.Option(metavar="COL:N", help="Positive votes of N anonymous people (repeat).")] = None,
    id: Annotated[str | None, typer.Option(metavar="COL", help="Distinct ids; default: row numbers.")] = None,
    prompt: Annotated[str | None, typer.Option(metavar="COL", help="Equal prompts stay in one fold.")] = None,
    response: Annotated[str | None, typer.Option(metavar="COL", help="Equal responses stay in one fold.")] = None,
    values: Annotated[str | None, typer.Option(metavar="V1,V2,..", help="The scale, in order.")] = None,
    map: Annotated[Many, typer.Option(metavar="COL:FROM=TO", help="Rename a value of a column (repeat).")] = None,
    positive: Annotated[Many, typer.Option(metavar="VALUE|'>=X'", help="What counts as positive (repeat).")] = None,
    abstain: Annotated[str | None, typer.Option(metavar="VALUE", help="The value for what cannot be judged.")] = None,
    group: Annotated[str | None, typer.Option(metavar="COL|none", help="Rows that stay in one fold.")] = None,
    weight: Annotated[str | None, typer.Option(metavar="COL", help="Inclusion weights.")] = None,
    reference: Annotated[str, typer.Option(metavar="RULE", help="As in check.")] = "auto",
    rubric: Annotated[str | None, typer.Option(metavar="NAME", help="Which rubric of the table.")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="Text encoding; default: UTF-8.")] = None,
    folds: Annotated[int, typer.Option(min=2, max=50, help="Number of folds.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Seed of folds and resamples.")] = 0,
    apply: Annotated[Path | None, typer.Option(metavar="FILE", help="A recalibrator to apply; fits nothing.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where the result is written.")] = None,
    json: JsonFlag = False,
) -> None:
    """Read the table; fit and show, or apply.

    Raises
    ------
    InputError, ConfigError
        The table, the recalibrator or the request cannot be used as it is.
    """
    from judgeaudit.readers import CheckRequest, read_table
    from judgeaudit.recalibration import Recalibrator, recalibrate

    request = CheckRequest.parse(
        judges=judge or (),
        scores=score or (),
        humans=human or (),
        votes=votes or (),
        id=id,
        prompt=prompt,
        response=response,
        values=values,
        maps=map or (),
        positive=positive or (),
        abstain=abstain,
        group=group,
        weight=weight,
        reference=reference,
        rubric=rubric,
        encoding=encoding,
    )
    if apply is not None:
        _apply(read_table(table, request), Recalibrator.from_json(apply), of, out)
        return
    inputs = read_table(table, request)
    if len(inputs) > 1:
        names = ", ".join(data.rubric.name for data in inputs)
        raise ConfigError("several rubrics", got=names, next_step="name one with --rubric")
    found = recalibrate(inputs[0], method, judge=of, reference=reference, folds=folds, seed=seed)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(found.recalibrator.to_json(), encoding="utf-8")
    if json:
        echo_json(json_format.loads(found.recalibrator.to_json()))
    else:
        _show(found, out)


def _apply(inputs: list[AuditInput], recalibrator: Recalibrator, judge: str | None, out: Path | None) -> None:
    from judgeaudit.recalibration import rescored, scored_judge

    fitted, own = recalibrator.about.get("judge"), scored_judge(inputs[0], judge)
    if fitted is not None and fitted != own:
        echo(f"note: fitted on the scores of {fitted!r}, applied to those of {own!r}", stderr=True)
    rows = [row for data in inputs for row in rescored(data, recalibrator, judge=judge)]
    if out is None:
        for row in rows:
            echo_json(row, indent=None)
        return
    lines = "".join(json_format.dumps(row, ensure_ascii=True, allow_nan=False) + "\n" for row in rows)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(lines, encoding="utf-8")
    scored = sum(row["recalibrated"] is not None for row in rows)
    echo(f"{scored} of {len(rows)} outputs have a recalibrated score: {out}")


def _show(found: Recalibrated, out: Path | None) -> None:
    from rich.table import Table

    about, way = found.recalibrator.about, found.recalibrator
    name = for_terminal(str(about["judge"]), 40)
    echo(f"{name}, {way.method}: {found.n} labelled outputs in {found.groups} groups, {about['folds']} folds")
    if found.left_out:
        echo(f"left out: {', '.join(f'{n} with {why}' for why, n in found.left_out.items())}")
    table = Table()
    table.add_column("on outputs that the fit had not seen")
    for heading in ("before", "after"):
        table.add_column(heading, justify="right")
    for key, words in _NAMES.items():
        table.add_row(words, *(("-" if x is None else f"{x:.4f}") for x in (found.before[key], found.after[key])))
    console().print(table)
    value, low, high = found.brier_difference
    if found.reversed_scores:
        echo("warning: scores are lower on positive outputs than on negative ones: are they those of the other value?")
    if low is None or high is None:
        echo(f"Brier score, after - before: {value:+.4f}, no interval: {found.groups} groups are too few")
    else:
        echo(f"Brier score, after - before: {value:+.4f} [{low:+.4f}, {high:+.4f}]: {_verdict(low, high)}")
    if way.method != "isotonic":
        echo("parameters: " + ", ".join(f"{k} {v:.4g}" for k, v in way.parameters.items() if isinstance(v, float)))
    echo(f"written to {out}" if out is not None else "nothing was written: name a file with --out")


def _verdict(low: float, high: float) -> str:
    if high < 0:
        return "recalibration helps"
    return "recalibration harms" if low > 0 else "no difference is shown"
