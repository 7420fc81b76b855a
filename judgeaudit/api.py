"""The library: what the verbs do, for a notebook or a pipeline.

import judgeaudit as ja
result = ja.check("verdicts.csv", judges=["gpt4", "guard"], humans=["h1", "h2"], positive="1", response="text")
result.estimates, result.table(by="mode"), result.gate("policy.yaml"), result.to_html("reports/audit.html")
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from os import PathLike
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

from judgeaudit import audit_file
from judgeaudit.audit import Audited, Options, audit, merge
from judgeaudit.errors import ConfigError, nearest
from judgeaudit.gate import Decision, Plan, Policy, decide, make_plan, make_policy, read_policy
from judgeaudit.model import Audit, Estimate, Finding
from judgeaudit.readers import CheckRequest, read_table
from judgeaudit.table import AuditInput
from judgeaudit.verify import SecondOpinion

if TYPE_CHECKING:
    import pandas as pd

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

AUDIT, ITEMS = "audit.json", "disagreements.jsonl"
_TELLING = ("reference", "reference_rule", "scale", "level", "weights", "panel", "rubric")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An audit with the outputs to look at.

    Parameters
    ----------
    audit
        The frozen audit, as in audit.json.
    items
        Single outputs for the disagreement browser, worst first; they hold judged text.
    """

    audit: Audit
    items: Sequence[Mapping[str, Any]] = ()

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """All estimates."""
        return self.audit.estimates

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, most severe first."""
        return self.audit.findings

    def one(self, measure: str, judge: str | None = None, *, slice: str = "all", **fields: str | None) -> Estimate:
        """The one estimate of a measure with these fields; no contrast where `against` is not given.

        Raises
        ------
        ConfigError
            There is none, or several: the message names what would tell them apart.
        """
        known_keys = {f.name for f in fields_of(Estimate)}
        for key in fields:
            if key not in known_keys:
                raise ConfigError("no such field of an estimate", got=repr(key), next_step=nearest(key, known_keys))
        wanted = {"judge": judge, "slice": slice, "against": None, "other": None, **fields}
        found = [
            e for e in self.estimates if e.measure == measure and all(getattr(e, k) == v for k, v in wanted.items())
        ]
        if "weights" not in fields:
            found = [e for e in found if e.weights is None] or found
        if len(found) == 1:
            return found[0]
        if not found:
            known = {e.measure for e in self.estimates}
            raise ConfigError("no such estimate", got=f"{measure} {wanted}", next_step=nearest(measure, known))
        apart = [k for k in _TELLING if len({getattr(e, k) for e in found}) > 1]
        raise ConfigError(
            "several estimates fit", got=f"{len(found)} of {measure}", next_step=f"give {', '.join(apart)}"
        )

    def table(self, by: str | None = None) -> pd.DataFrame:
        """Estimates as a pandas frame, one row each.

        Parameters
        ----------
        by
            mode, coherence, or a user column: only slices of that kind, without contrasts, with a column of that name
            for the slice's value. None: everything.
        """
        import pandas as pd

        frame = pd.DataFrame([_plain(e) for e in self.estimates])
        if by is None or frame.empty:
            return frame
        prefixes = (f"{by}=", f"col.{by}=")
        kept = frame[
            frame["slice"].str.startswith(prefixes) & ~frame["slice"].str.contains("&") & frame["against"].isna()
        ]
        if kept.empty:
            known = {s.partition("=")[0].removeprefix("col.") for s in frame["slice"] if "=" in s}
            raise ConfigError("no slice of that kind", got=repr(by), next_step=nearest(by, known))
        return kept.assign(**{by: kept["slice"].str.partition("=")[2]}).reset_index(drop=True)

    def gate(self, policy: str | Path | Mapping[str, Any] | Policy) -> Decision:
        """The audit held against a policy: a file, its content, or a policy made before."""
        return decide(self.audit, as_policy(policy))

    def plan(
        self,
        policy: str | Path | Mapping[str, Any] | Policy,
        *,
        width: float | None = None,
        power: float = 0.8,
    ) -> Plan:
        """How many further labels decide a policy with a chance of `power`, or give intervals of a full `width`."""
        return make_plan(self.audit, as_policy(policy), width=width, power=power)

    def to_html(
        self, path: str | Path, *, policy: str | Path | Mapping[str, Any] | Policy | None = None, redact: bool = False
    ) -> Path:
        """Write the report as one HTML file; `redact` leaves no judged text in it."""
        from judgeaudit.report import html
        from judgeaudit.text import utf8

        decision = None if policy is None else self.gate(policy)
        place = Path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(utf8(html.render(self.audit, decision=decision, items=self.items, redact=redact)))
        return place

    def to_json(self, path: str | Path) -> Path:
        """Write audit.json."""
        place = Path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        audit_file.write(place, self.audit)
        return place

    def write(self, out: str | Path, *, decision: Decision | None = None, redact: bool = False) -> list[Path]:
        """Write audit.json, disagreements.jsonl, report.html and report.md into a folder.

        With `redact` no judged text is written at all, so there is no disagreements.jsonl.
        """
        from judgeaudit.report._write import write

        folder = Path(out)
        folder.mkdir(parents=True, exist_ok=True)
        places = [self.to_json(folder / AUDIT)]
        if redact:
            (folder / ITEMS).unlink(missing_ok=True)
        else:
            (folder / ITEMS).write_bytes(_lines(self.items))
            places.append(folder / ITEMS)
        return [*places, *write(self.audit, folder, decision=decision, items=self.items, redact=redact)]


def check(
    table: str | Path,
    *,
    judges: Sequence[str] = (),
    humans: Sequence[str] = (),
    scores: Mapping[str, str] | None = None,
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
    slices: Sequence[str] = (),
    trials: str | None = None,
    reference: str = "auto",
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
    votes
        Column to the number of anonymous annotators whose positive votes it counts.
    maps
        Column to {value there: value on the scale}.
    positive
        The positive value or values, or a rule such as ">=2".
    group
        Column whose equal values are resampled together; "none": no column; None: the prompt where prompts repeat.

    Raises
    ------
    InputError, ConfigError
        The table or the request cannot be used as it is; the message says what, where, and what to do.
    """
    options = Options(draws=draws, seed=seed, reference=reference, verify=verify)
    _need("a path", (str, PathLike), table=table)
    _need("a list", (list, tuple, str), judges=judges, humans=humans, slices=slices)
    _need("a dict", (Mapping, NoneType), scores=scores, votes=votes, maps=maps)
    names = {"id": id, "prompt": prompt, "response": response, "model": model, "group": group, "weight": weight}
    _need("text", (str, NoneType), **names, level=level, trials=trials, rubric=rubric, encoding=encoding)
    positives: list[Any] = list(positive) if isinstance(positive, (list, tuple)) else [positive]
    request = CheckRequest.make(
        judges=judges,
        scores=scores or {},
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
        return audit_inputs(read_table(table, request), options, name=table.stem, opinion=opinion)
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


def joined(parts: Sequence[Audited], *, name: str) -> Result:
    """Audits of several rubrics as one, with the hash of the outputs to look at in its settings."""
    items = [item for part in parts for item in part.items]
    whole = merge([part.audit for part in parts], name=name)
    sha = hashlib.sha256(_lines(items)).hexdigest()
    return Result(audit=replace(whole, settings={**whole.settings, "items_sha256": sha}), items=items)


def _need(what: str, kinds: tuple[type, ...], **given: object) -> None:
    """Arguments of a wrong type are a wrong request and no bug: one sentence that names the argument."""
    for name, value in given.items():
        if not isinstance(value, kinds):
            raise ConfigError(f"wrong {name}", got=repr(value), expected=what)


def as_policy(policy: str | Path | Mapping[str, Any] | Policy) -> Policy:
    """A policy from a file, its content, or itself."""
    if isinstance(policy, Policy):
        return policy
    return read_policy(Path(policy)) if isinstance(policy, (str, Path)) else make_policy(policy)


def _lines(items: Sequence[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(i, ensure_ascii=True, allow_nan=False, sort_keys=True) + "\n" for i in items).encode()


def _plain(e: Estimate) -> dict[str, Any]:
    return {f.name: getattr(e, f.name) for f in fields_of(e) if f.name != "bounds"}
