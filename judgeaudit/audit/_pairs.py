"""Pairs of raters without a reference: judge against judge, person against person, judge against person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from judgeaudit.audit._agreement_more import on_pairs, with_weighted
from judgeaudit.audit._context import ANNOTATOR, Context, Small
from judgeaudit.audit._estimate import estimates_of
from judgeaudit.audit._judges import measures_on
from judgeaudit.audit._rows import Row
from judgeaudit.measures import cohen_kappa, gwet_ac1
from judgeaudit.model import Estimate
from judgeaudit.slices import Slice


def pairs(context: Context) -> list[Estimate]:
    """Agreement of every two judges on every slice, of every two identified people and of every judge and person on the whole.

    Judges that are baselines or panels made of other judges are left out: they would agree by construction.
    """
    people = context.data.labels.get("human")
    out: list[Estimate] = []
    for scale in context.crossed:
        codes = {j: context.padded[scale, j] for j in context.alone}
        # Not on single modes: kappa of every pair on every mode would be most of an audit's draws and says little on a few
        # texts; the group's alpha stands there.
        out += _of(context, codes, [p for p in context.slices if not p.name.startswith("mode=")], scale)
        if people is not None:
            named = {f"{ANNOTATOR}{a}": context.on_scale(r.codes, scale) for a, r in people.annotators.items()}
            out += _of(context, named, context.slices[:1], scale)
            out += _mixed(context, codes, named, scale)
    return out


def _of(context: Context, codes: Mapping[str, Small], slices: Sequence[Slice], scale: str) -> list[Estimate]:
    rows = [
        row
        for first, second in combinations(codes, 2)
        for part in slices
        if (row := _row(context, first, second, codes[first], codes[second], scale, part)).patterns[0].clusters
        or part.name == "all"
    ]
    chance = [cohen_kappa.BETWEEN_RATERS, gwet_ac1.MEASURE]
    first = [row for row in rows if row.key["slice"] == "all"]
    rest = [row for row in rows if row.key["slice"] != "all"]
    return [
        *on_pairs(context, first, scale, chance),
        *estimates_of(rest, chance, context.options),
        *estimates_of(rows, measures_on("pair", scale), context.options),
    ]


def _mixed(context: Context, judges: Mapping[str, Small], people: Mapping[str, Small], scale: str) -> list[Estimate]:
    """Every judge against every person one by one, on the whole, neither being the reference."""
    whole = context.slices[0]
    rows = [_row(context, j, p, judges[j], people[p], scale, whole) for j in judges for p in people]
    plain = [cohen_kappa.BETWEEN_RATERS, gwet_ac1.MEASURE, *measures_on("pair", scale)]
    return with_weighted(context, rows, scale, plain, list(cohen_kappa.WEIGHTED_BETWEEN.values()))


def _row(context: Context, first: str, second: str, a: Small, b: Small, scale: str, part: Slice) -> Row:
    size = context.size(scale)
    patterns = context.two_way(part, a, b, size)
    left = context.left(part, patterns[0])
    used = None if context.texts is None else context.distinct(part, (part.take(a) < size) & (part.take(b) < size))
    return Row(
        key={"rubric": context.rubric.name, "judge": first, "other": second, "scale": scale, "slice": part.name},
        name=f"{context.rubric.name}|{first}|{second}|pair|{scale}|{part.name}",
        patterns=patterns,
        shape=(size, size),
        left_out={"not_both": left} if left else {},
        distinct=None if used is None else {"": used},
    )
