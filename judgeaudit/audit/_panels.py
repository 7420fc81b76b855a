"""Agreement of groups: Krippendorff's alpha among judges, among people, among all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from judgeaudit.audit import _agreement_more
from judgeaudit.audit._context import Context
from judgeaudit.audit._estimate import estimates_of
from judgeaudit.audit._rows import Row
from judgeaudit.measures import krippendorff_alpha
from judgeaudit.model import Estimate, Level, number
from judgeaudit.references._reference import label_counts
from judgeaudit.slices import Slice
from judgeaudit.sums.patterns import Ints, counted
from judgeaudit.sums.resample import Pseudo
from judgeaudit.table import Codes, Floats, LabelSet, Ratings

_MAX_COUNTED = 500
"""Above this many values a count of values by item would not fit; interval alpha goes by moments."""


def panels(context: Context) -> list[Estimate]:
    """Alpha of each group of at least two raters, on every slice, at every level that the scale bears."""
    out: list[Estimate] = []
    for name, codes, votes in _groups(context):
        out.extend(_alphas(context.of_outputs if name == "judges" else context, name, codes, votes))
    return out


def _groups(context: Context) -> Iterator[tuple[str, list[Codes], Codes | None]]:
    judges = [context.judges[judge][0].codes for judge in context.alone]
    people = context.data.labels.get("human")
    human = [] if people is None else [r.codes for r in people.annotators.values()]
    votes = None if people is None else people.votes
    if len(judges) >= 2:
        yield "judges", judges, None
    if len(human) >= 2 or (votes is not None and int(votes.sum(axis=1).max(initial=0)) >= 2):
        yield "humans", human, votes
    if judges and (human or votes is not None):
        yield "all", judges + human, votes


def levels(context: Context) -> list[Level]:
    """Nominal always, ordinal where the scale is ordered, interval and ratio where its values are numbers."""
    found: list[Level] = ["nominal"]
    if context.rubric.level == "nominal":
        return found
    numeric = all(number(v) is not None for v in _scale(context))
    found.append("ordinal")
    if numeric:
        found.append("interval")
        if context.rubric.level == "ratio":
            found.append("ratio")
    many = len(_scale(context)) > krippendorff_alpha.MAX_VALUES
    return [level for level in found if not many or level in {"interval", "nominal"}]


def _scale(context: Context) -> tuple[str, ...]:
    """The values that alpha is over: for ordered levels without the one that says "cannot be judged"."""
    if context.rubric.level == "nominal":
        return context.offered
    return tuple(v for v in context.offered if v != context.rubric.cannot_judge)


def numbers(context: Context) -> Floats:
    """The scale's values as numbers, their places where they are words."""
    spelled = [number(v) for v in _scale(context)]
    if any(x is None for x in spelled):
        return np.arange(len(spelled), dtype=np.float64)
    return np.array(spelled, dtype=np.float64)


def _alphas(context: Context, name: str, codes: Sequence[Codes], votes: Codes | None) -> list[Estimate]:
    x = numbers(context)
    if len(x) > _MAX_COUNTED:
        return _by_moments(context, name, codes, x) if "interval" in levels(context) else []
    if not len(x):
        return []
    pattern, units = _patterns(context, codes, votes)
    out = [e for level in levels(context) for e in _at_level(context, name, level, pattern, units)]
    more = _agreement_more.group(context, name, pattern, units)
    return [*out, *(_counted(context, e, pattern, units) for e in more)]


def _at_level(context: Context, name: str, level: Level, pattern: Ints, units: Floats) -> list[Estimate]:
    """Alpha at one level on every slice, from each item's pattern of value counts."""
    x, often = numbers(context), np.bincount(pattern, minlength=len(units))
    features = krippendorff_alpha.features(units, level, x)
    pseudo = _pseudo(often @ units, int(units.sum(axis=1).max(initial=0)), level, x)
    # On single modes the judges among themselves and the people among themselves, not both as one group.
    parts = [p for p in context.slices if name != "all" or not p.name.startswith("mode=")]
    rows = [_row(context, name, level, part, pattern, features, units, pseudo) for part in parts]
    found = estimates_of(rows, [krippendorff_alpha.for_level(level, x)], context.options)
    return [_counted(context, e, pattern, units) for e in found]


def _row(
    context: Context,
    name: str,
    level: Level,
    part: Slice,
    pattern: Ints,
    features: Floats,
    units: Floats,
    pseudo: Pseudo | None = None,
) -> Row:
    inside, given = part.take(pattern), units.sum(axis=1)
    often = _often(context, part, inside, len(units))
    alone, none = float(often[given == 1].sum()), float(often[given == 0].sum())
    used = context.distinct(part, (given >= 2)[inside])
    return Row(
        key={
            "rubric": context.rubric.name,
            "panel": name,
            "reference": "human" if name != "judges" else None,
            "scale": "full",
            "level": level,
            "slice": part.name,
        },
        name=f"{context.rubric.name}|panel={name}|{level}|{part.name}",
        patterns=context.row_pools(part, np.where(given >= 2, np.arange(len(units)), -1)[inside], features),
        shape=(features.shape[1],),
        left_out={k: v for k, v in (("one_value", alone), ("no_value", none)) if v > 0},
        distinct=None if used is None else {"": used},
        pseudo=pseudo,
    )


def _pseudo(often: Floats, raters: int, level: Level, x: Floats) -> Pseudo | None:
    """Half an item each: one rater gives the second commonest value and the others the commonest; reversed; all the second.

    The last is for a rare value: where few items have it, whether raters agree on it has hardly been seen.
    """
    if len(x) < 2 or raters < 2:
        return None
    second, first = np.argsort(often, kind="stable")[-2:]
    counts = np.zeros((3, len(x)))
    counts[2, second] = raters
    counts[0, first], counts[0, second] = raters - 1, 1
    counts[1, first], counts[1, second] = 1, raters - 1
    return Pseudo(krippendorff_alpha.features(counts, level, x), np.full(3, 0.5))


def _often(context: Context, part: Slice, inside: Ints, size: int) -> Floats:
    return counted(inside, size, None if context.data.weights is None else part.take(context.data.weights))


def _counted(context: Context, estimate: Estimate, pattern: Ints, units: Floats) -> Estimate:
    """N of an alpha is the number of items with at least two values."""
    part = next(p for p in context.slices if p.name == estimate.slice)
    often = _often(context, part, part.take(pattern), len(units))
    return replace(estimate, n=float(often[units.sum(axis=1) >= 2].sum()))


def _patterns(context: Context, codes: Sequence[Codes], votes: Codes | None) -> tuple[Ints, Floats]:
    """Each item's pattern of value counts: (n,) pattern numbers and (K, V) their counts."""
    wanted = [context.offered.index(v) for v in _scale(context)]
    raters = LabelSet(
        kind="human", annotators={str(i): Ratings(name=str(i), codes=c) for i, c in enumerate(codes)}, votes=votes
    )
    counts = label_counts(raters, len(context.offered), context.data.n).T[wanted]
    base = int(counts.max(initial=0)) + 1
    size = base ** len(wanted)
    if size >= 2**62:
        distinct, own = np.unique(counts.T, axis=0, return_inverse=True)
        return own.reshape(-1).astype(np.int64), distinct.astype(np.float64)
    key = np.zeros(context.data.n, dtype=np.int64)
    for place, row in enumerate(counts):
        key += row * np.int64(base**place)
    present, pattern = _numbered(key, size)
    digits = [present // base**place % base for place in range(len(wanted))]
    return pattern, np.stack(digits, axis=1).astype(np.float64)


def _numbered(key: Ints, size: int) -> tuple[Ints, Ints]:
    """The keys that occur, rising, and each item's place among them; without sorting where a table of all keys fits."""
    if size > 1_000_000:
        present, place = np.unique(key, return_inverse=True)
        return present, place.astype(np.int64)
    there = np.bincount(key, minlength=size) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[key]


def _by_moments(context: Context, name: str, codes: Sequence[Codes], x: Floats) -> list[Estimate]:
    """Interval alpha of scores with very many values, from each item's count, sum and sum of squares."""
    wanted = np.full(len(context.offered), np.nan)
    for place, word in enumerate(_scale(context)):
        wanted[context.offered.index(word)] = x[place]
    m, total, squares = (np.zeros(context.data.n) for _ in range(3))
    for column in codes:
        value = np.where(column >= 0, wanted[np.maximum(column, 0)], np.nan)
        there = ~np.isnan(value)
        m += there
        total += np.where(there, value, 0.0)
        squares += np.where(there, value**2, 0.0)
    pairable = m >= 2
    features = krippendorff_alpha.moments(*(np.where(pairable, v, 0.0) for v in (m, total, squares)))
    units = m[:, None]
    own = np.arange(context.data.n)
    rows = [_row(context, name, "interval", part, own, features, units) for part in context.slices]
    found = estimates_of(rows, [krippendorff_alpha.for_level("interval", x)], context.options)
    return [_counted(context, e, own, units) for e in found]


__all__ = ["levels", "numbers", "panels"]
