"""The library: what the verbs do, for a notebook or a pipeline.

import judgeaudit as ja
result = ja.check("verdicts.csv", judges=["gpt4", "guard"], humans=["h1", "h2"], positive="1", response="text")
result.estimates, result.table(by="mode"), result.gate("policy.yaml"), result.to_html("reports/audit.html")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

from judgeaudit import audit_file
from judgeaudit.audit import Options, audit
from judgeaudit.errors import ConfigError
from judgeaudit.gate import Plan, Policy, make_plan
from judgeaudit.measures._alt_test import AnnotatorKind
from judgeaudit.model import Audit
from judgeaudit.readers import CheckRequest, read_table
from judgeaudit.result import AUDIT, ITEMS, Result, as_policy, joined
from judgeaudit.table import AuditInput
from judgeaudit.verify import SecondOpinion

if TYPE_CHECKING:
    from judgeaudit.conclusions import Conclusions

__all__ = [
    "AUDIT",
    "ITEMS",
    "Options",
    "Result",
    "as_policy",
    "audit_inputs",
    "check",
    "check_request",
    "conclude",
    "joined",
    "plan",
]


def check(
    table: str | Path,
    *,
    judges: Sequence[str] = (),
    humans: Sequence[str] = (),
    scores: Mapping[str, str] | None = None,
    rationales: Mapping[str, str] | None = None,
    votes: Mapping[str, int] | None = None,
    id: str | None = None,
    prompt: str | None = None,
    response: str | None = None,
    model: str | None = None,
    values: Sequence[str] = (),
    maps: Mapping[str, Mapping[str, str]] | None = None,
    positive: str | Sequence[str] = (),
    abstain: str | None = None,
    level: str | None = None,
    group: str | None = None,
    weight: str | None = None,
    selected_by: str | None = None,
    slices: Sequence[str] = (),
    trials: str | None = None,
    reference: str = "auto",
    annotators: AnnotatorKind | None = None,
    rubric: str | None = None,
    encoding: str | None = None,
    draws: int = 1000,
    seed: int = 0,
    verify: bool = True,
) -> Result:
    """Audit the judges of a table of verdicts and labels (csv, tsv, jsonl, parquet), as `judgeaudit check` does.

    Parameters
    ----------
    judges, humans
        Columns, each "COL" or "NAME=COL".
    scores
        Judge's name to the column with its probability of positive.
    rationales
        Judge's name to the column with the reasons it gave, in words.
    votes
        Column to the number of anonymous annotators whose positive votes it counts.
    maps
        Column to {value there: value on the scale}.
    positive
        The positive value or values, or a rule such as ">=2".
    weight, selected_by
        Column of inclusion weights; how outputs were selected for a label: "random", "all", "judge:NAME" where that judge's
        verdict decided it, or "column:COL". Where it is given, weights are those of labels: how many outputs each stands for.
    group
        Column whose equal values are resampled together; "none": no column; None: the prompt where prompts repeat.
    annotators
        Who the people are, for the epsilon of the alternative annotator test: "expert" (0.2), "skilled" (0.15), "crowd" (0.1);
        None: not stated, and the strictest is taken.

    Raises
    ------
    InputError, ConfigError
        The table or the request cannot be used as it is; the message says what, where, and what to do.
    """
    options = Options(draws=draws, seed=seed, reference=reference, verify=verify, annotators=annotators)
    _need("a path", (str, PathLike), table=table)
    _need("a list", (list, tuple, str), judges=judges, humans=humans, slices=slices)
    _need("a dict", (Mapping, NoneType), scores=scores, rationales=rationales, votes=votes, maps=maps)
    names = {"id": id, "prompt": prompt, "response": response, "model": model, "group": group, "weight": weight}
    names["selected_by"] = selected_by
    _need("text", (str, NoneType), **names, level=level, trials=trials, rubric=rubric, encoding=encoding)
    positives: list[Any] = list(positive) if isinstance(positive, (list, tuple)) else [positive]
    request = CheckRequest.make(
        judges=judges,
        scores=scores or {},
        rationales=rationales or {},
        humans=humans,
        votes=votes or {},
        id=id,
        prompt=prompt,
        response=response,
        model=model,
        values=values,
        maps=maps or {},
        positive=positives,
        abstain=abstain,
        level=level,
        group=group,
        weight=weight,
        selected_by=selected_by,
        slices=slices,
        trials=trials,
        reference=reference,
        rubric=rubric,
        encoding=encoding,
    )
    return check_request(Path(table), request, options)


def conclude(
    table: str | Path,
    *,
    capability: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    capability_columns: Mapping[str, str] | None = None,
    base: str | None = None,
    targets: Mapping[str, float] | float | None = None,
    reach: str = "value",
    steps: int | None = None,
    judges: Sequence[str] = (),
    humans: Sequence[str] = (),
    positive: str | Sequence[str] = (),
    rubric: str | None = None,
    draws: int = 1000,
    seed: int = 0,
    out: str | Path | None = None,
) -> Conclusions:
    """Which conclusions about fine-tunes hold in which universe of choices, as `judgeaudit conclusions` does.

    Parameters
    ----------
    table
        Outputs of several runs with verdicts, or an audit.yaml whose store holds them.
    capability
        Scores: one row an item, run and checkpoint. None: runs are not compared at equal capability.
    columns
        A fact of a run (run, benchmark, item, base, task, mitigation, learning_rate, checkpoint, weight) to its column, where
        it is not `meta.FACT` or `FACT`.
    capability_columns
        run, task, checkpoint, item or correct to the column of the scores.
    targets
        Capability to be compared at, for all tasks or by task; None: the highest multiple of 0.05 that all runs of a task reach.
    out
        Folder for conclusions.json, conclusions.html and conclusions.md; None: nothing is written.

    Raises
    ------
    InputError, ConfigError
        A file or the request cannot be used as it is; the message says what, where, and what to do.
    """
    from judgeaudit import conclusions

    _need("a path", (str, PathLike), table=table)
    stated = targets if isinstance(targets, Mapping) else {} if targets is None else {"": targets}
    result = conclusions.from_file(
        Path(table),
        CheckRequest.make(judges=judges, humans=humans, positive=positive, rubric=rubric),
        capability=None if capability is None else Path(capability),
        columns=conclusions.columns_of(columns or {}),
        capability_columns=conclusions.capability_columns_of(capability_columns or {}),
        settings=conclusions.Settings(targets=stated, reach=reach, steps=steps, base=base, draws=draws, seed=seed),
    )
    if out is not None:
        from judgeaudit.report._conclusions import write

        write(result, Path(out))
    return result


def plan(
    audit: str | Path | Audit | Result,
    policy: str | Path | Mapping[str, Any] | Policy,
    *,
    width: float | None = None,
    power: float = 0.8,
) -> Plan:
    """How many further labels an audit that serves as pilot needs, as `judgeaudit plan` says.

    Parameters
    ----------
    audit
        The pilot: audit.json, or what it holds.
    width
        Full width of the two-sided intervals wanted, beside deciding the policy; None: decide alone.
    power
        Chance of deciding, from 0.5 to below 1, if the pilot's value is the true one.

    Raises
    ------
    InputError, ConfigError
        The audit or the policy cannot be read, or they do not fit each other.
    """
    if isinstance(audit, Result):
        return audit.plan(policy, width=width, power=power)
    held = audit if isinstance(audit, Audit) else audit_file.read(Path(audit))
    return make_plan(held, as_policy(policy), width=width, power=power)


def check_request(table: Path, request: CheckRequest, options: Options) -> Result:
    """The same from a request as the command line makes it."""
    # The second opinion's packages take a second to load; they do so while the table is read.
    opinion = SecondOpinion() if options.verify else None
    try:
        inputs = read_table(table, request)
        return audit_inputs(inputs, options, name=table.stem, opinion=opinion)
    finally:
        if opinion is not None:
            opinion.close()


def audit_inputs(
    inputs: Sequence[AuditInput], options: Options, *, name: str, opinion: SecondOpinion | None = None
) -> Result:
    """Audit one input a rubric, all over the same outputs, and detect the outputs' modes where they have responses.

    Parameters
    ----------
    opinion
        A second opinion that is already loading its packages, closed by the caller; None: one is started and closed here
        if `options.verify`.
    """
    if opinion is None and options.verify:
        opinion = SecondOpinion()
        try:
            return audit_inputs(inputs, options, name=name, opinion=opinion)
        finally:
            opinion.close()
    if inputs and inputs[0].responses is not None and inputs[0].modes is None:
        from judgeaudit.modes._detect import detect_many

        first = inputs[0]
        modes = detect_many(inputs[0].responses, prompts=first.prompts, finish_reasons=first.finish_reasons)
        inputs = [replace(data, modes=modes) for data in inputs]
    return joined([audit(data, options, name=name, opinion=opinion) for data in inputs], name=name)


def _need(what: str, kinds: tuple[type, ...], **given: object) -> None:
    """Arguments of a wrong type are a wrong request and no bug: one sentence that names the argument."""
    for name, value in given.items():
        if not isinstance(value, kinds):
            raise ConfigError(f"wrong {name}", got=repr(value), expected=what)
