"""The words of the project as frozen types. Nothing here reads, writes or computes a statistic."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, get_args

from judgeaudit.text import text_hash, utf8

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LabelKind = Literal["human", "construction", "model"]
Coherence = Literal["coherent", "degenerate", "unknown"]
ConfidenceSource = Literal["measured", "self_reported", "trials", "none"]
Severity = Literal["error", "warning", "note"]

LEVELS: tuple[Level, ...] = get_args(Level)
LABEL_KINDS: tuple[LabelKind, ...] = get_args(LabelKind)
"""In the order in which they are taken: the first that is there, unless it is `model`, is the default reference."""
BASELINE = "baseline:"
"""How the names of baselines begin that an audit adds to the judges under audit."""


class Status(StrEnum):
    """How a judgement ended. A verdict exists if and only if the status is `OK`."""

    OK = "ok"
    UNPARSABLE = "unparsable"
    REFUSED = "refused"
    FILTERED = "filtered"
    TRUNCATED = "truncated"
    OUT_OF_RANGE = "out_of_range"
    MISSING = "missing"
    ERROR = "error"
    SKIPPED = "skipped"


REUSABLE = frozenset({Status.OK, Status.UNPARSABLE, Status.REFUSED, Status.OUT_OF_RANGE, Status.MISSING})
"""Statuses whose judgement may be reused by a later run; errors, filtered and truncated replies never are."""


def as_value(raw: object) -> str | None:
    """A verdict or label as text; None where nothing stands there.

    Whole numbers with and without ".0" are equal, JSON ``true`` is ``"true"``; "NA" and "null" as text stay text.

    Examples
    --------
    >>> as_value(1.0), as_value("1.0"), as_value(True), as_value(None), as_value("  "), as_value("NA")
    ('1', '1', 'true', None, None, 'NA')
    """
    if raw is None:
        return None
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int):
        return str(raw)
    if isinstance(raw, float):
        if not math.isfinite(raw):
            return None
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e16 else repr(raw)
    text = (raw if isinstance(raw, str) else json.dumps(raw, sort_keys=True)).strip()
    if not text:
        return None
    whole, dot, zeros = text.partition(".")
    if dot and zeros and not zeros.strip("0") and whole.lstrip("+-").isdecimal() and whole.isascii():
        return whole
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One response of one model to one prompt; `meta` holds benchmark, run, checkpoint, finish_reason and the like."""

    item_id: str
    prompt: str
    response: str
    model: str | None = None
    dataset: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """What a judge sees of this output, hashed: prompt and response, not the model's name."""
        return text_hash(json.dumps([self.prompt, self.response]))

    @property
    def finish_reason(self) -> str | None:
        """Why the response ended ("length": cut off), as its meta tells; None where it does not."""
        return finish_reason(self.meta)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """One question with its scale.

    Parameters
    ----------
    values
        The scale in order, lowest first; text. `cannot_judge` is one of them or stands beside them.
    level
        Level of measurement.
    positive
        The values that count as positive in binary measures (harmful, jailbroken, ...); empty: no binary measures.
    cannot_judge
        The value for what cannot be judged: a verdict, but outside binary measures; None: the scale has none.
    descriptions
        For each value what it means, shown to judges and people.
    """

    name: str
    question: str = ""
    values: tuple[str, ...] = ()
    level: Level = "nominal"
    positive: tuple[str, ...] = ()
    cannot_judge: str | None = None
    descriptions: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """First 16 hex digits of a hash over everything that a judge is told."""
        return digest(
            [self.question, self.values, self.level, self.positive, self.cannot_judge, dict(self.descriptions)]
        )

    @property
    def offered(self) -> tuple[str, ...]:
        """All values a judge may answer with: the scale and, where there is one, `cannot_judge`."""
        extra = self.cannot_judge is not None and self.cannot_judge not in self.values
        return (*self.values, self.cannot_judge) if extra and self.cannot_judge is not None else self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one call cost. None: not told, which is not 0."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    requests: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One judge's answer on one output for one rubric and trial.

    `score` is the probability of positive in [0, 1] or None. `detail` says why there is no verdict.
    `parse_method` names how the verdict was found in `raw`.
    """

    item_id: str
    judge: str
    rubric: str
    trial: int = 1
    status: Status = Status.OK
    verdict: str | None = None
    score: float | None = None
    confidence: float | None = None
    confidence_source: ConfidenceSource = "none"
    rationale: str = ""
    raw: str = ""
    parse_method: str = ""
    detail: str = ""
    usage: Usage | None = None
    seconds: float | None = None
    fingerprint: str = ""
    output_hash: str = ""
    rubric_version: str = ""

    def __post_init__(self) -> None:
        if (self.status is Status.OK) != (self.verdict is not None):
            raise ValueError(f"a verdict exists if and only if the status is ok: {self.status}, {self.verdict!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What somebody or something says is true of one output.

    `kind`: `human` (a person), `construction` (follows from how the text was made, or from a program on it), `model`
    (a language model read it). `annotator` None: an anonymous vote. `weight`: inclusion weight, 1 where all were labelled.
    """

    item_id: str
    annotator: str | None
    rubric: str
    value: str
    kind: LabelKind
    note: str = ""
    time: str = ""
    selected_by: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeHit:
    """One mode of degenerate output found in a text: strength in (0, 1], spans as [start, end) in characters."""

    mode: str
    strength: float
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A measure's value with interval and counts, or no value and the reason. Fields up to `against` are a unique key.

    `bounds` maps a one-sided confidence ("0.95") to [lower, upper]; None where the gate computes them from k and
    `effective_n`. `unscored_bounds`: the value with all unscored counted negative and positive, lowest first.
    """

    measure: str
    rubric: str
    judge: str | None = None
    other: str | None = None
    panel: str | None = None
    reference: str | None = None
    reference_rule: str | None = None
    scale: str | None = None
    level: Level | None = None
    weights: str | None = None
    slice: str = "all"
    against: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    confidence_level: float = 0.95
    n: float = 0
    k: float | None = None
    clusters: int | None = None
    distinct_texts: int | None = None
    effective_n: float | None = None
    left_out: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, tuple[float | None, float | None]] | None = None
    unscored_bounds: tuple[float, float] | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    family: str | None = None
    method: str = ""
    reason: str | None = None

    @property
    def key(self) -> tuple[str | None, ...]:
        """The fields that make an estimate unique in an audit."""
        return (
            self.measure,
            self.rubric,
            self.judge,
            self.other,
            self.panel,
            self.reference,
            self.reference_rule,
            self.scale,
            self.level,
            self.weights,
            self.slice,
            self.against,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a reader of the report must know: a stable code, a severity, one or two plain sentences."""

    code: str
    severity: Severity
    text: str
    judge: str | None = None
    slice: str | None = None
    output_ids: tuple[str, ...] = ()


AUDIT_SCHEMA = "judgeaudit.audit/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """All estimates and findings with what they were made from; written once as audit.json and never changed.

    Parameters
    ----------
    name
        Short name of what was audited (file stem or audit.yaml's name).
    inputs, judges, rubrics, verification
        JSON objects: files with hashes and counts; judges with fingerprints and costs; rubrics with their scales;
        the second opinion's comparisons.
    tables
        Counts behind the figures (confusion matrices, reliability bins, mode counts, agreement matrices): JSON objects by name.
    settings
        Everything that changes a figure: draws, confidence level, reference rule, cluster rule, and the like.
    """

    name: str
    inputs: tuple[Mapping[str, Any], ...] = ()
    judges: tuple[Mapping[str, Any], ...] = ()
    rubrics: tuple[Mapping[str, Any], ...] = ()
    seed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    verification: tuple[Mapping[str, Any], ...] = ()
    estimates: tuple[Estimate, ...] = ()
    findings: tuple[Finding, ...] = ()
    tables: Mapping[str, Any] = field(default_factory=dict)


def finish_reason(meta: object) -> str | None:
    """Why a response ended, as its meta tells; None where it does not.

    Examples
    --------
    >>> finish_reason({"finish_reason": "length"}), finish_reason(None)
    ('length', None)
    """
    told = meta.get("finish_reason") if isinstance(meta, Mapping) else None
    return told if isinstance(told, str) else None


def digest(content: object) -> str:
    """First 16 hex digits of SHA-256 over the content as sorted JSON.

    Examples
    --------
    >>> digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(utf8(json.dumps(content, sort_keys=True, ensure_ascii=True, default=str))).hexdigest()[:16]


def positive_values(values: Sequence[str], rules: Sequence[str]) -> tuple[str, ...]:
    """The values that the rules make positive: a value by name, or a numeric rule such as ``>=2``.

    Examples
    --------
    >>> positive_values(["0", "1", "2", "3"], [">=2"])
    ('2', '3')
    >>> positive_values(["no", "yes"], ["yes"])
    ('yes',)
    """
    chosen: set[str] = set()
    for rule in rules:
        operator = next((op for op in (">=", "<=", ">", "<") if rule.startswith(op)), None)
        limit = number(rule[len(operator) :]) if operator else None
        if operator is None or limit is None:
            chosen.add(as_value(rule) or rule)
            continue
        for value in values:
            x = number(value)
            if x is not None and _compare(x, operator, limit):
                chosen.add(value)
    listed = [v for v in values if v in chosen]
    return tuple(listed + sorted(chosen.difference(listed)))


def number(text: str) -> float | None:
    """The finite number that the text spells, or None.

    Examples
    --------
    >>> number("2.5"), number("nan"), number("two")
    (2.5, None, None)
    """
    try:
        x = float(text)
    except ValueError:
        return None
    return x if math.isfinite(x) else None


def _compare(x: float, operator: str, limit: float) -> bool:
    match operator:
        case ">=":
            return x >= limit
        case "<=":
            return x <= limit
        case ">":
            return x > limit
        case _:
            return x < limit
