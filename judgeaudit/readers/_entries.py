"""The parts of one object in the interchange form: verdicts, labels, references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from judgeaudit.errors import InputError, nearest
from judgeaudit.model import LABEL_KINDS, LabelKind, Status, as_value
from judgeaudit.readers._codes import STATUS_CELLS
from judgeaudit.readers._table import shown

_STATUSES = {str(status): status for status in Status}
_KINDS: dict[str, LabelKind] = {kind: kind for kind in LABEL_KINDS}
HUMAN_REFERENCE = "human_reference"


class Verdict(NamedTuple):
    """One answer of one judge: `cell` is the value or a status; `fields` what else is told, empty for a bare value."""

    trial: int
    cell: Any
    score: float | None
    fields: Mapping[str, Any]


class Said(NamedTuple):
    """One label or reference value."""

    annotator: str | None
    dimension: str | None
    kind: LabelKind
    value: Any
    weight: float | None
    fields: Mapping[str, Any]


_NOTHING: Mapping[str, Any] = {}
_MISSING = STATUS_CELLS[Status.MISSING]


def verdicts(value: Any, where: str) -> list[Verdict]:
    """The answers of one judge on one output: a value, null, an object, or a list of these (trials).

    Raises
    ------
    InputError
        A status is unknown or contradicts the verdict, a score is no probability, a trial no number from 1.
    """
    if type(value) is list:
        return [_verdict(v, k, where) for k, v in enumerate(value, 1)]
    return [_verdict(value, 1, where)]


def _verdict(value: Any, place: int, where: str) -> Verdict:
    if value is None:
        return Verdict(place, _MISSING, None, _NOTHING)
    if type(value) is not dict:
        return Verdict(place, value, None, _NOTHING)
    trial = value.get("trial", place)
    if type(trial) is not int or trial < 1:
        raise _wrong("a trial is no whole number from 1", where, trial)
    verdict = value.get("verdict")
    if isinstance(verdict, (dict, list)):
        raise _wrong("a verdict must be a single value", where, "an object" if isinstance(verdict, dict) else "a list")
    return Verdict(trial, _cell(verdict, value.get("status"), where), probability(value, "score", where), value)


def _cell(verdict: Any, told: Any, where: str) -> Any:
    has = as_value(verdict) is not None
    if told is None:
        return verdict if has else _MISSING
    status = _STATUSES.get(told) if isinstance(told, str) else None
    if status is None:
        raise InputError("unknown status", where=where, got=shown(str(told)), next_step=nearest(str(told), _STATUSES))
    if (status is Status.OK) != has:
        raise InputError(
            "a verdict exists if and only if the status is ok",
            where=where,
            got=f"status {status} and {'a' if has else 'no'} verdict",
        )
    return verdict if has else STATUS_CELLS[status]


def probability(fields: Mapping[str, Any], key: str, where: str) -> float | None:
    """A number from 0 to 1, or None where there is none."""
    x = fields.get(key)
    if x is None or (isinstance(x, float) and x != x):
        return None
    if isinstance(x, bool) or not isinstance(x, (int, float)) or not 0 <= x <= 1:
        raise _wrong(f"{key} must be a number from 0 to 1", where, x)
    return float(x)


def labels(record: Mapping[str, Any], where: str) -> Iterator[Said]:
    """The labels of one object.

    Raises
    ------
    InputError
        `human_labels` is no list of objects, or a kind is unknown.
    """
    given = record.get("human_labels")
    if given is None:
        return
    if type(given) is not list:
        raise _wrong("human_labels must be a list", where, type(given).__name__)
    for entry in given:
        if type(entry) is not dict or "label" not in entry:
            raise InputError("a label must be an object", where=where, expected="{annotator, label, ...}")
        yield _said(entry, entry["label"], entry.get("annotator"), entry.get("dimension"), where)


def references(record: Mapping[str, Any], where: str) -> Iterator[Said]:
    """The reference values of one object: of `reference`, else of a scalar `meta.human_reference` (no dimension)."""
    given = record.get("reference")
    if given is None:
        return
    if type(given) is not dict:
        yield _said(_NOTHING, given, None, None, where)
        return
    for dimension, value in given.items():
        for one in value if type(value) is list else [value]:
            if type(one) is dict:
                if "value" not in one:
                    raise InputError("a reference has no value", where=where, expected="a value or {value, kind}")
                yield _said(one, one["value"], one.get("annotator"), dimension, where)
            elif one is not None:
                yield _said(_NOTHING, one, None, dimension, where)


def human_reference(record: Mapping[str, Any]) -> Any:
    """A scalar ``meta.human_reference``, or None."""
    meta = record.get("meta")
    value = meta.get(HUMAN_REFERENCE) if type(meta) is dict else None
    return None if isinstance(value, (dict, list)) else value


def _said(fields: Mapping[str, Any], value: Any, annotator: Any, dimension: Any, where: str) -> Said:
    if isinstance(value, (dict, list)):
        raise _wrong("a label must be a single value", where, "an object" if isinstance(value, dict) else "a list")
    told = fields.get("kind")
    kind: LabelKind | None = "human" if told is None else _KINDS.get(told) if isinstance(told, str) else None
    if kind is None:
        raise InputError(
            "unknown kind of label", where=where, got=shown(str(told)), next_step=nearest(str(told), _KINDS)
        )
    weight = fields.get("weight")
    if weight is not None and (
        isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 < weight < 1e300
    ):
        raise _wrong("a label's weight must be a positive number", where, weight)
    name = None if annotator is None else annotator if isinstance(annotator, str) else as_value(annotator)
    axis = dimension if isinstance(dimension, str) else as_value(dimension)
    return Said(name, axis or None, kind, value, None if weight is None else float(weight), fields)


def _wrong(what: str, where: str, got: object) -> InputError:
    return InputError(what, where=where, got=shown(str(got)))


class Rubrics:
    """Which rubric each verdict key and label belongs to.

    Parameters
    ----------
    keys
        Keys of `judge_verdicts`.
    dimensions
        Dimensions of labels and references.
    declared
        Rubrics that the file itself describes.
    asked
        The rubric asked for by name, or None.
    """

    def __init__(
        self, keys: list[str], dimensions: list[str | None], declared: Iterable[str], asked: str | None
    ) -> None:
        known = {d for d in dimensions if d is not None} | set(declared) | ({asked} if asked is not None else set())
        ends: dict[str, set[str]] = {}
        for key in keys:
            judge, slash, rubric = key.rpartition("/")
            if slash and judge and rubric:
                ends.setdefault(rubric, set()).add(judge)
        known |= {rubric for rubric, judges in ends.items() if len(judges) >= 2}
        self.of_key = {key: _split(key, known) for key in keys}
        used = [d for d in dimensions if d is not None] + [r for _, r in self.of_key.values() if r is not None]
        self.named = sorted(dict.fromkeys(used))
        self.unnamed = any(r is None for _, r in self.of_key.values()) or None in dimensions


def _split(key: str, known: set[str]) -> tuple[str, str | None]:
    """Judge and rubric of a verdict key: at the last slash where that is a rubric, else the key is a judge's name."""
    judge, slash, rubric = key.rpartition("/")
    return (judge, rubric) if slash and judge and rubric in known else (key, None)
