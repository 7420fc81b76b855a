"""The scale of an audit: its values and their order, what is positive, what abstains; each decision noted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from judgeaudit.errors import ConfigError, nearest
from judgeaudit.model import Rubric, number, positive_values
from judgeaudit.readers._material import Material, Scale
from judgeaudit.readers._table import shown

MAX_VALUES = 200
"""Above it no table of values by values is of use; interval scales may have more."""

_BINARY = ("0", "1")


def decide(material: Material, scale: Scale) -> tuple[Rubric, list[str]]:
    """The rubric with its scale, and what was decided on the way.

    Raises
    ------
    ConfigError
        The scale asked for does not fit the values, or the values give none.
    """
    labels, judges = _seen(material, scale)
    values, notes = _values(material, scale, labels, judges)
    _check_level(values, scale)
    positive, more = _positive(values, scale, labels | judges)
    if scale.abstain is not None and scale.abstain not in _all_used(material):
        more.append(f"no cell says {shown(scale.abstain)} (--abstain)")
    rubric = replace(scale.rubric, values=values, level=scale.level, positive=positive, cannot_judge=scale.abstain)
    return rubric, [*notes, *more]


def label_values(material: Material) -> set[str]:
    """Values that labels of any kind have."""
    found: set[str] = set()
    for labels in material.labels.values():
        for rater in labels.columns:
            found |= rater.column.used
        if labels.ballots is not None:
            found |= set(labels.ballots.values)
    return found


def _all_used(material: Material) -> set[str]:
    judged = [r.column.used for trials in material.judges.values() for r in trials]
    return label_values(material).union(*judged)


def _seen(material: Material, scale: Scale) -> tuple[set[str], set[str]]:
    labels = label_values(material)
    judges: set[str] = set().union(*(r.column.used for t in material.judges.values() for r in t))
    return labels - {scale.abstain}, judges - {scale.abstain}


def _values(material: Material, scale: Scale, labels: set[str], judges: set[str]) -> tuple[tuple[str, ...], list[str]]:
    if scale.values:
        return tuple(v for v in scale.values if v != scale.abstain), []
    notes: list[str] = []
    chosen = set(labels)
    if len(labels) < 2:
        chosen |= judges
        if labels and judges - labels:
            notes.append("the labels have one value only, so the scale is the values seen in labels and verdicts")
    else:
        chosen |= {p for p in scale.positive if p in judges}
    # All zeros are one class of a binary scale, not a scale with one value.
    if chosen == {"0"} and scale.level == "nominal":
        chosen = set(_BINARY)
    if any(x.counts for x in material.labels.values()) and chosen <= set(_BINARY):
        chosen = set(_BINARY)
    if len(chosen) > MAX_VALUES and scale.level != "interval":
        raise ConfigError(
            "too many different values for a scale",
            where=material.where,
            got=f"{len(chosen)}, such as {_some(chosen, 3)}",
            expected=f"at most {MAX_VALUES}",
            next_step="are these the columns of verdicts and labels? numbers on a line need --level interval",
        )
    return in_order(chosen), notes


def in_order(values: Iterable[str]) -> tuple[str, ...]:
    """Numbers by size, everything else by the alphabet.

    Examples
    --------
    >>> in_order({"10", "9", "1"}), in_order({"no", "10"})
    (('1', '9', '10'), ('10', 'no'))
    """
    listed = sorted(values)
    spelled = {v: number(v) for v in listed}
    return tuple(sorted(listed, key=lambda v: (spelled[v], v))) if None not in spelled.values() else tuple(listed)


def _check_level(values: tuple[str, ...], scale: Scale) -> None:
    numeric = all(number(v) is not None for v in values)
    if scale.level == "ordinal" and not numeric and not scale.values:
        raise ConfigError(
            "the order of the values is not known", got=_some(values, 6), expected="--values V1,V2,.. in order"
        )
    if scale.level in ("interval", "ratio") and not numeric:
        wrong = [v for v in values if number(v) is None]
        raise ConfigError(
            f"level {scale.level} needs numbers", got=_some(wrong, 3), next_step="is one of them --abstain?"
        )
    if scale.level == "ratio" and any((number(v) or 0) < 0 for v in values):
        raise ConfigError("level ratio needs numbers from 0 up", got=_some([v for v in values if v.startswith("-")], 3))


def _positive(values: tuple[str, ...], scale: Scale, seen: set[str]) -> tuple[tuple[str, ...], list[str]]:
    if not scale.positive:
        if set(values) == set(_BINARY):
            return ("1",), ["the values are exactly 0 and 1: 1 is taken as positive"]
        return (), ["no positive value is known (--positive): binary measures are left out"]
    for rule in scale.positive:
        if not set(positive_values(values, [rule])) & set(values):
            where = "not on the scale" if rule in seen else "seen nowhere"
            raise ConfigError(f"the positive value is {where}", got=shown(rule), next_step=nearest(rule, values))
    positive = positive_values(values, scale.positive)
    notes = ["every value is positive: there are no negatives"] if set(positive) == set(values) else []
    return positive, notes


def _some(values: Collection[str], count: int) -> str:
    listed = [shown(v, 30) for v in sorted(values)]
    return ", ".join(listed[:count]) + (", ..." if len(listed) > count else "")
