"""From the text of audit.json to an audit; whatever is not exactly the contract's form is refused by name."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, get_args

from judgeaudit.audit_file._encode import OPTIONAL, refuse_repeated
from judgeaudit.errors import InputError, nearest
from judgeaudit.model import AUDIT_SCHEMA, Audit, Estimate, Finding, Severity

Check = Callable[[Any], bool]


def loads(text: str, *, where: str = "audit") -> Audit:
    """The audit that `dumps` wrote.

    Parameters
    ----------
    where
        Name of the file, for messages.

    Raises
    ------
    InputError
        Torn JSON, another schema version, a missing, unknown or wrongly typed key, no value without a reason, or two
        estimates with one key.

    Examples
    --------
    >>> from judgeaudit.audit_file import dumps
    >>> audit = Audit(name="demo", estimates=(Estimate(measure="accuracy", rubric="harm", value=0.5, n=2, k=1),))
    >>> loads(dumps(audit)) == audit
    True
    """
    content = _object_of(text, where)
    version = content.pop("schema", None)
    if version != AUDIT_SCHEMA:
        got = f"schema {version!r}"[:120]
        raise InputError("not an audit that this version reads", where=where, got=got, expected=repr(AUDIT_SCHEMA))
    _check(content, _AUDIT, where)
    estimates = tuple(_estimate(x, f"{where}: estimates[{i}]") for i, x in enumerate(content.pop("estimates")))
    findings = tuple(_finding(x, f"{where}: findings[{i}]") for i, x in enumerate(content.pop("findings")))
    try:
        refuse_repeated(estimate.key for estimate in estimates)
    except ValueError as error:
        raise InputError(str(error), where=where, expected="each key once") from None
    lists = {name: tuple(value) for name, value in content.items() if isinstance(value, list)}
    return Audit(**{**content, **lists}, estimates=estimates, findings=findings)


def _object_of(text: str, where: str) -> dict[str, Any]:
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        what = "torn or broken JSON" if text.strip() else "empty file"
        place = f"{where}: line {error.lineno} column {error.colno}"
        raise InputError(what, where=place, got=error.msg, expected="an audit.json, whole") from None
    except (ValueError, RecursionError) as error:
        raise InputError("not JSON", where=where, got=str(error), expected="an audit.json") from None
    if not isinstance(content, dict):
        raise InputError("not an audit", where=where, got=type(content).__name__, expected="an object")
    return content


def _refuse_constant(word: str) -> float:
    raise ValueError(f"the number {word}")


def _is_text(x: object) -> bool:
    return isinstance(x, str)


def _is_number(x: object) -> bool:
    return isinstance(x, (int, float)) and not isinstance(x, bool) and abs(x) <= sys.float_info.max


def _is_whole(x: object) -> bool:
    return isinstance(x, int) and not isinstance(x, bool)


def _is_count(x: object) -> bool:
    return isinstance(x, int) and not isinstance(x, bool) and x >= 0


def _is_object(x: object) -> bool:
    return isinstance(x, dict)


def _is_severity(x: object) -> bool:
    return x in get_args(Severity)


def _or_null(fits: Check) -> Check:
    return lambda x: x is None or fits(x)


def _list_of(fits: Check) -> Check:
    return lambda x: isinstance(x, list) and all(map(fits, x))


def _pair_of(fits: Check) -> Check:
    return lambda x: isinstance(x, list) and len(x) == 2 and fits(x[0]) and fits(x[1])


def _object_of_all(fits: Check) -> Check:
    return lambda x: isinstance(x, dict) and all(map(fits, x.values()))


_TEXT = (_is_text, "text")
_TEXT_OR_NULL = (_or_null(_is_text), "text or null")
_NUMBER = (_is_number, "a number")
_NUMBER_OR_NULL = (_or_null(_is_number), "a number or null")
_COUNT_OR_NULL = (_or_null(_is_count), "a whole number from 0, or null")
_OBJECT = (_is_object, "an object")
_OBJECTS = (_list_of(_is_object), "a list of objects")

_AUDIT: Mapping[str, tuple[Check, str]] = {
    "name": _TEXT,
    "seed": (_is_whole, "a whole number"),
    **dict.fromkeys(("settings", "versions", "tables"), _OBJECT),
    **dict.fromkeys(("inputs", "judges", "rubrics", "verification", "estimates", "findings"), _OBJECTS),
}
_ESTIMATE: Mapping[str, tuple[Check, str]] = {
    **{field.name: _TEXT_OR_NULL for field in fields(Estimate)},
    **dict.fromkeys(("measure", "rubric", "slice", "method"), _TEXT),
    **dict.fromkeys(("n", "confidence_level"), _NUMBER),
    **dict.fromkeys(("value", "low", "high", "k", "effective_n", "p_value", "p_adjusted"), _NUMBER_OR_NULL),
    **dict.fromkeys(("clusters", "distinct_texts"), _COUNT_OR_NULL),
    "left_out": (_object_of_all(_is_number), "an object of counts"),
    "bounds": (_or_null(_object_of_all(_pair_of(_or_null(_is_number)))), "an object of pairs"),
    "unscored_bounds": (_or_null(_pair_of(_is_number)), "a pair of numbers"),
}
_FINDING: Mapping[str, tuple[Check, str]] = {
    **dict.fromkeys(("code", "text"), _TEXT),
    **dict.fromkeys(("judge", "slice"), _TEXT_OR_NULL),
    "severity": (_is_severity, f"one of {', '.join(get_args(Severity))}"),
    "output_ids": (_list_of(_is_text), "a list of texts"),
}
_FLOATS = tuple(name for name, check in _ESTIMATE.items() if check in (_NUMBER, _NUMBER_OR_NULL))


def _check(content: Mapping[str, Any], form: Mapping[str, tuple[Check, str]], where: str) -> None:
    for name, value in content.items():
        if name not in form:
            raise InputError("unknown key", where=where, got=repr(name), next_step=nearest(name, form))
        fits, expected = form[name]
        if not fits(value):
            raise InputError("wrong type", where=f"{where}: {name}", got=repr(value)[:80], expected=expected)
    missing = form.keys() - content.keys() - set(OPTIONAL)
    if missing:
        raise InputError("missing key", where=where, expected=", ".join(map(repr, sorted(missing))))


def _estimate(content: dict[str, Any], where: str) -> Estimate:
    _check(content, _ESTIMATE, where)
    if content["value"] is None and not content["reason"]:
        raise InputError("neither a value nor a reason", where=where, expected="one of them")
    for name in _FLOATS:
        if content.get(name) is not None:
            content[name] = float(content[name])
    for name, to_tuples in (("bounds", _tuples), ("unscored_bounds", tuple)):
        if content.get(name) is not None:
            content[name] = to_tuples(content[name])
    return Estimate(**content)


def _tuples(bounds: dict[str, list[float | None]]) -> dict[str, tuple[float | None, ...]]:
    return {confidence: tuple(pair) for confidence, pair in bounds.items()}


def _finding(content: dict[str, Any], where: str) -> Finding:
    _check(content, _FINDING, where)
    return Finding(**{**content, "output_ids": tuple(content["output_ids"])})
