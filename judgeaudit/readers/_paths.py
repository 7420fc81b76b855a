"""Dotted paths into JSON objects: at each step the longest key that fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from judgeaudit.readers._codes import ABSENT

Getter = Callable[[Mapping[str, Any]], Any]


def getter(path: str) -> Getter:
    """A function from an object to what stands at the path, or `ABSENT`.

    Examples
    --------
    >>> record = {"baselines": {"gpt4": 1, "rogue.v3": 0}, "meta.run": "a"}
    >>> [getter(p)(record) for p in ("baselines.gpt4", "baselines.rogue.v3", "meta.run")]
    [1, 0, 'a']
    """
    if "." not in path:
        return lambda record: record.get(path, ABSENT)
    return lambda record: _find(record, path)


def _find(record: Mapping[str, Any], path: str) -> Any:
    if path in record:
        return record[path]
    cut = path.rfind(".")
    while cut > 0:
        # A key fits as a step only if it leads into an object.
        inside = record.get(path[:cut])
        if isinstance(inside, dict):
            return _find(inside, path[cut + 1 :])
        cut = path.rfind(".", 0, cut)
    return ABSENT


def known_paths(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Paths that lead to single values in these objects, for messages."""
    found: dict[str, None] = {}
    for record in records:
        _collect(record, "", found)
    return list(found)


def _collect(record: Mapping[str, Any], prefix: str, found: dict[str, None]) -> None:
    for key, value in record.items():
        if isinstance(value, dict) and prefix.count(".") < 3:
            _collect(value, f"{prefix}{key}.", found)
        elif not isinstance(value, (dict, list)):
            found.setdefault(prefix + key)
