"""From an audit to the text of audit.json.

Estimates are put together field by field: the JSON encoder of the standard library cannot round, and rounding first takes
twice as long as writing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

from judgeaudit.model import AUDIT_SCHEMA, Audit, Estimate, Finding

OPTIONAL = ("bounds", "effective_n", "family", "p_adjusted", "p_value", "unscored_bounds")
"""Fields of an estimate that are left out of the file where they are None; all others always stand there."""


def dumps(audit: Audit) -> str:
    """The text of audit.json.

    Raises
    ------
    ValueError
        The audit breaks an invariant, which is a bug: a number that is not finite, no value without a reason, or two
        estimates with one key.

    Examples
    --------
    >>> audit = Audit(name="demo", seed=7)
    >>> print(dumps(audit), end="")
    {
    "estimates": [],
    "findings": [],
    "inputs": [],
    "judges": [],
    "name": "demo",
    "rubrics": [],
    "schema": "judgeaudit.audit/1",
    "seed": 7,
    "settings": {},
    "tables": {},
    "verification": [],
    "versions": {}
    }
    """
    refuse_repeated(estimate.key for estimate in audit.estimates)
    parts = {
        "schema": _json(AUDIT_SCHEMA),
        "name": _json(audit.name),
        "seed": _json(audit.seed),
        "settings": _json(audit.settings),
        "versions": _json(audit.versions),
        "inputs": _array(map(_json, audit.inputs)),
        "judges": _array(map(_json, audit.judges)),
        "rubrics": _array(map(_json, audit.rubrics)),
        "verification": _array(map(_json, audit.verification)),
        "estimates": _array(map(_estimate, audit.estimates)),
        "findings": _array(_json({name: getattr(x, name) for name in _FINDING}) for x in audit.findings),
        "tables": _object({name: _json(table) for name, table in audit.tables.items()}),
    }
    return "{\n" + ",\n".join(f'"{key}": {parts[key]}' for key in sorted(parts)) + "\n}\n"


def refuse_repeated(keys: Iterable[tuple[str | None, ...]]) -> None:
    """See that no key comes twice.

    Raises
    ------
    ValueError
        One does; the message names it.
    """
    seen: set[tuple[str | None, ...]] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"two estimates with one key: {' '.join(part for part in key if part)}")
        seen.add(key)


@lru_cache(maxsize=4096)
def _text(value: str | None) -> str:
    return json.dumps(value)


def _number(value: float | None) -> str:
    """Twelve significant digits; whole numbers without a fraction; -0 is 0."""
    if value is None:
        return "null"
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    return f"{value + 0.0:.12g}"


def _counts(value: Mapping[str, float]) -> str:
    return "{" + ", ".join(f"{_text(name)}: {_number(value[name])}" for name in sorted(value)) + "}" if value else "{}"


def _pair(value: tuple[float | None, float | None] | None) -> str:
    return "null" if value is None else f"[{_number(value[0])}, {_number(value[1])}]"


def _bounds(value: Mapping[str, tuple[float | None, float | None]] | None) -> str:
    if value is None:
        return "null"
    return "{" + ", ".join(f"{_text(name)}: {_pair(value[name])}" for name in sorted(value)) + "}"


_NUMBERS = (
    "value", "low", "high", "confidence_level", "n", "k", "clusters", "distinct_texts", "effective_n", "p_value", "p_adjusted",
)  # fields, several a line  # fmt: skip
_WRITERS: Mapping[str, Callable[[Any], str]] = {
    **dict.fromkeys(_NUMBERS, _number), "left_out": _counts, "bounds": _bounds, "unscored_bounds": _pair
}  # fields, several a line  # fmt: skip
_ESTIMATE = tuple(sorted(field.name for field in fields(Estimate)))
_FIELDS = tuple((f'"{name}": ', _WRITERS.get(name, _text), name in OPTIONAL) for name in _ESTIMATE)
_FINDING = tuple(field.name for field in fields(Finding))
_VALUES = attrgetter(*_ESTIMATE)


def _estimate(estimate: Estimate) -> str:
    if estimate.value is None and not estimate.reason:
        raise ValueError(f"no value and no reason: {estimate.key}")
    try:
        written = [
            label + write(value)
            for (label, write, optional), value in zip(_FIELDS, _VALUES(estimate), strict=True)
            if not (optional and value is None)
        ]
    except ValueError as error:
        raise ValueError(f"{error}: {estimate.key}") from error
    return "{" + ", ".join(written) + "}"


def _json(value: Any) -> str:
    """Any JSON value on one line with sorted keys; a numpy scalar is taken as Python's own."""
    return json.dumps(_plain(value), ensure_ascii=True, allow_nan=False, sort_keys=True, default=_of_numpy)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return json.loads(_number(value))
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(inner) for inner in value]
    return value


def _of_numpy(value: Any) -> Any:
    if not hasattr(value, "item"):
        raise TypeError(f"not JSON: {type(value).__name__}")
    return _plain(value.item())


def _array(lines: Iterable[str]) -> str:
    body = ",\n".join(lines)
    return f"[\n{body}\n]" if body else "[]"


def _object(lines: Mapping[str, str]) -> str:
    body = ",\n".join(f"{_text(name)}: {lines[name]}" for name in sorted(lines))
    return f"{{\n{body}\n}}" if body else "{}"
