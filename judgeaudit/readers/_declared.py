"""Rubrics that a file of outputs describes itself, so that a scale is not guessed again after an export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judgeaudit.errors import InputError, nearest
from judgeaudit.model import LEVELS, Rubric, as_value

_FIELDS = ("question", "values", "level", "positive", "cannot_judge", "descriptions")


def declared_rubrics(given: Any, where: str) -> list[Rubric]:
    """Rubrics of ``{NAME: {question, values, level, positive, cannot_judge, descriptions}}``; each field may be left out.

    Raises
    ------
    InputError
        It is not of that form.
    """
    if not isinstance(given, dict):
        raise InputError("rubrics must be an object", where=where, got=type(given).__name__)
    return [_rubric(name, fields, f"{where}, rubric {name!r}") for name, fields in given.items()]


def declaration(rubric: Rubric) -> dict[str, Any]:
    """The object that `declared_rubrics` reads; fields that say nothing are left out."""
    fields = {name: getattr(rubric, name) for name in _FIELDS}
    plain = Rubric(name=rubric.name)
    return {
        name: list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
        for name, value in fields.items()
        if value != getattr(plain, name)
    }


def _rubric(name: str, fields: Any, where: str) -> Rubric:
    if not isinstance(fields, dict):
        raise InputError("a rubric must be an object", where=where, got=type(fields).__name__)
    unknown = sorted(set(fields) - set(_FIELDS))
    if unknown:
        raise InputError(
            "unknown field of a rubric", where=where, got=repr(unknown[0]), next_step=nearest(unknown[0], _FIELDS)
        )
    level = fields.get("level", "nominal")
    if level not in LEVELS:
        raise InputError(
            "unknown level of measurement", where=where, got=repr(level), next_step=nearest(str(level), LEVELS)
        )
    return Rubric(
        name=name,
        question=str(fields.get("question", "")),
        values=_values(fields.get("values", []), where),
        level=level,
        positive=_values(fields.get("positive", []), where),
        cannot_judge=as_value(fields.get("cannot_judge")),
        descriptions={str(k): str(v) for k, v in fields.get("descriptions", {}).items()},
    )


def _values(given: Any, where: str) -> tuple[str, ...]:
    values = [as_value(v) for v in given] if isinstance(given, list) else [None]
    if None in values:
        raise InputError("values of a rubric must be a list of values", where=where, got=str(given))
    return tuple(v for v in values if v is not None)
