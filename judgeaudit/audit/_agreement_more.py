"""Agreement on the whole in more ways than one: weighted, other notions of chance, tests of two raters and of a group.

These stand on slice `all` alone: they qualify the headline figures, and on every slice would cost more than they say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from judgeaudit.audit._context import ANNOTATOR, Context
from judgeaudit.audit._estimate import estimates_of
from judgeaudit.audit._rows import Row
from judgeaudit.measures import (
    bowker_symmetry,
    brennan_prediger,
    cochran_q,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac2,
    mcnemar,
    scott_pi,
    stuart_maxwell,
)
from judgeaudit.measures._group import group_features
from judgeaudit.measures._measure import Measure
from judgeaudit.measures._weights import WEIGHTINGS, Weighting
from judgeaudit.model import Estimate
from judgeaudit.references._reference import Reference
from judgeaudit.sums.exact_tests import holm
from judgeaudit.sums.patterns import Ints, Patterns
from judgeaudit.sums.resample import Pseudo, generator
from judgeaudit.sums.sign_flips import Turned, difference_exact, differences_together, totals_alike
from judgeaudit.table import Floats

MAX_TESTED = 11
"""Bowker's test of V values has V (V - 1) / 2 differences; above this many values it is not made."""
MAX_JUDGES = 16
NO_INTERVAL = "no_interval: a test has a p value and no interval"


def on_pairs(context: Context, rows: Sequence[Row], scale: str, plain: Sequence[Measure]) -> list[Estimate]:
    """Of pairs of raters on the whole: the plain measures, pi, Brennan-Prediger, weighted kappa, AC2, tests of symmetry."""
    more = [scott_pi.MEASURE, brennan_prediger.MEASURE] if scale == context.crossed[-1] else []
    ordered = [*cohen_kappa.WEIGHTED_BETWEEN.values(), *gwet_ac2.BY_WEIGHTS.values()]
    if scale == "binary":
        found = estimates_of(rows, [*plain, *more, mcnemar.MEASURE], context.options)
        tested = [e for e in found if e.measure == mcnemar.MEASURE.name]
        return [*(e for e in found if e.measure != mcnemar.MEASURE.name), *_mcnemar(rows, tested)]
    return [*with_weighted(context, rows, scale, [*plain, *more], ordered), *_symmetry(context, rows)]


def with_weighted(
    context: Context, rows: Sequence[Row], scale: str, plain: Sequence[Measure], ordered: Sequence[Measure]
) -> list[Estimate]:
    """Plain measures and, on an ordered scale of at least three values, weighted ones, without "cannot be judged"."""
    kept = [i for i, v in enumerate(context.offered) if v != context.rubric.cannot_judge]
    if scale != "full" or context.rubric.level == "nominal" or len(kept) < 3:
        return estimates_of(rows, plain, context.options)
    if len(kept) == len(context.offered):
        return estimates_of(rows, [*plain, *ordered], context.options)
    own = [_without(row, kept) for row in rows]
    return [*estimates_of(rows, plain, context.options), *estimates_of(own, ordered, context.options)]


def against_reference(context: Context, rows: Iterable[Row], scale: str) -> list[Estimate]:
    """Weighted kappa of judges against a reference, on an ordered scale."""
    whole = [row for row in rows if row.key["slice"] == "all"]
    return with_weighted(context, whole, scale, [], list(cohen_kappa.WEIGHTED.values()))


def group(context: Context, name: str, pattern: Ints, units: Floats) -> list[Estimate]:
    """Fleiss' kappa, Brennan-Prediger, AC1 and AC2 of a group from the (K, V) counts of values that its items show."""
    plain = [fleiss_kappa.MEASURE, brennan_prediger.OF_GROUP, gwet_ac2.AC1_OF_GROUP]
    out = estimates_of([_group_row(context, name, pattern, units, None)], plain, context.options)
    if context.rubric.level == "nominal" or units.shape[1] < 3:
        return out
    for w in WEIGHTINGS:
        row = _group_row(context, name, pattern, units, w)
        out += estimates_of([row], [gwet_ac2.OF_GROUP[w]], context.options)
    return out


def cochran(context: Context) -> list[Estimate]:
    """Cochran's Q of all judges under audit: equally often positive, and equally often right by the default reference."""
    judges = sorted(context.alone)  # Q is a sum of floats: another order of judges must not move its last digit
    if context.binary is None or len(judges) < 3:
        return []
    default = next(iter(context.references.values()), None)
    out = [_cochran(context, judges, None)]
    return out if default is None else [*out, _cochran(context, judges, default)]


def _without(row: Row, kept: Sequence[int]) -> Row:
    """The row's table on some of the values; what falls out is left out as abstained."""
    size = row.shape[0]
    if len(kept) == size:
        return row
    cells = [i * size + j for i in kept for j in kept]
    own = tuple(Patterns(p.sums[:, cells], p.multiplicity) for p in row.patterns)
    own = tuple(Patterns(p.sums[u], p.multiplicity[u]) for p in own for u in [p.sums.sum(axis=1) > 0])
    lost = float(row.patterns[0].total.sum() - own[0].total.sum())
    left_out = {**row.left_out, "abstained": lost} if lost > 0 else row.left_out
    return replace(row, patterns=own, shape=(len(kept), len(kept)), left_out=left_out, distinct=None)


def _mcnemar(rows: Sequence[Row], found: Sequence[Estimate]) -> list[Estimate]:
    out = []
    for row, e in zip(rows, found, strict=True):
        p = max(difference_exact(x.sums[:, 2] - x.sums[:, 1], x.multiplicity) for x in row.patterns)
        how = "p by McNemar's exact test, clusters turning as a whole"
        out.append(replace(e, p_value=None if e.value is None else p, method=f"{e.method}; {how}" if e.method else how))
    return in_family(out, f"{_who(rows)} called positive equally often (Holm)")


def _symmetry(context: Context, rows: Sequence[Row]) -> list[Estimate]:
    """Bowker's and Stuart and Maxwell's tests, each a family over all pairs."""
    out: list[Estimate] = []
    for module in (bowker_symmetry, stuart_maxwell):
        found = [_tested(context, row, module.MEASURE, module.differences) for row in rows]
        out += in_family(found, f"{module.MEASURE.name} over all pairs of {_who(rows)} (Holm)")
    return out


def _who(rows: Sequence[Row]) -> str:
    return "people" if rows and str(rows[0].key["judge"]).startswith(ANNOTATOR) else "judges"


def _tested(context: Context, row: Row, measure: Measure, differences: Callable[[Floats], Floats]) -> Estimate:
    reason = measure.reason(row.table)
    if reason is None and row.shape[0] > MAX_TESTED:
        reason = f"too_many_values: the scale has {row.shape[0]} values, more than {MAX_TESTED}"
    if reason:
        return _told(row, measure, reason)
    rng = generator(context.options.seed, f"{row.name}|{measure.name}")
    ways = [
        differences_together(differences(p.sums.reshape(-1, *row.shape)), p.multiplicity, rng) for p in row.patterns
    ]
    return _turned(row, measure, max(ways, key=lambda way: way.p_value), n=float(row.table.sum()))


def _told(row: Row, measure: Measure, reason: str) -> Estimate:
    return Estimate(
        measure=measure.name,
        **row.key,
        n=float(row.table.sum()),
        clusters=row.patterns[0].clusters,
        left_out=row.left_out,
        reason=reason,
    )


def _turned(row: Row, measure: Measure, found: Turned, *, n: float) -> Estimate:
    return Estimate(
        measure=measure.name,
        **row.key,
        value=found.statistic,
        n=n,
        clusters=row.patterns[0].clusters,
        distinct_texts=None if row.distinct is None else row.distinct[""],
        left_out=row.left_out,
        p_value=found.p_value,
        method=f"{found.method}, {found.freedom} degrees of freedom, clusters that differ: {found.differing}",
        reason=NO_INTERVAL,
    )


def in_family(found: Sequence[Estimate], family: str) -> list[Estimate]:
    """With p values adjusted by Holm over the family."""
    tested = [i for i, e in enumerate(found) if e.p_value is not None]
    corrected = dict(zip(tested, holm([found[i].p_value or 0.0 for i in tested]), strict=True))
    return [replace(e, family=family, p_adjusted=corrected.get(i)) for i, e in enumerate(found)]


def _group_row(context: Context, name: str, pattern: Ints, units: Floats, weighting: Weighting | None) -> Row:
    part, given = context.slices[0], units.sum(axis=1)
    features = group_features(units, weighting)
    once, never = (float(context.pools(part, np.where(given[pattern] == k, 0, -1), 1)[0].total[0]) for k in (1, 0))
    used = context.distinct(part, (given >= 2)[pattern])
    return Row(
        key={
            "rubric": context.rubric.name,
            "panel": name,
            "reference": "human" if name != "judges" else None,
            "scale": "full",
            "slice": "all",
        },
        name=f"{context.rubric.name}|panel={name}|group|{weighting}|all",
        patterns=context.row_pools(part, np.where(given >= 1, np.arange(len(units)), -1)[pattern], features),
        shape=(features.shape[1],),
        left_out={k: v for k, v in (("one_value", once), ("no_value", never)) if v > 0},
        distinct=None if used is None else {"": used},
        pseudo=_pseudo(units, pattern, weighting),
    )


def _pseudo(units: Floats, pattern: Ints, weighting: Weighting | None) -> Pseudo | None:
    """Half an item each: one rater gives the second commonest value and the others the commonest, and reversed."""
    raters = int(units.sum(axis=1).max(initial=0))
    if units.shape[1] < 2 or raters < 2:
        return None
    often = np.bincount(pattern, minlength=len(units)) @ units
    second, first = np.argsort(often, kind="stable")[-2:]
    counts = np.zeros((2, units.shape[1]))
    counts[0, first], counts[0, second] = raters - 1, 1
    counts[1, first], counts[1, second] = 1, raters - 1
    return Pseudo(group_features(counts, weighting), np.full(2, 0.5))


def _cochran(context: Context, judges: Sequence[str], reference: Reference | None) -> Estimate:
    part, count = context.slices[0], len(judges)
    key: dict[str, Any] = {
        "rubric": context.rubric.name,
        "panel": "judges",
        "reference": None if reference is None else reference.kind,
        "reference_rule": None if reference is None else reference.rule,
        "scale": "binary",
        "slice": "all",
    }
    if count > MAX_JUDGES:
        reason = f"too_many_judges: {count} judges, more than {MAX_JUDGES}"
        return Estimate(measure="cochran_q", **key, reason=reason)
    truth = None if reference is None else context.on_scale(reference.codes, "binary")
    there = np.ones(context.data.n, dtype=bool) if truth is None else truth < 2
    code = np.zeros(context.data.n, dtype=np.int64)
    for place, judge in enumerate(judges):
        own = context.padded["binary", judge]
        there = there & (own < 2)
        code += ((own == 1) if truth is None else (own == truth)).astype(np.int64) << place
    bits = (np.arange(1 << count)[:, None] >> np.arange(count)) & 1
    features = np.column_stack([bits, np.ones(len(bits))]).astype(np.float64)
    patterns = context.row_pools(part, np.where(there, code, -1), features)
    n = float(patterns[0].total[-1])
    whole = float(context.pools(part, np.zeros(part.n, dtype=np.int64), 1)[0].total[0])
    row = Row(
        key=key,
        name=f"{context.rubric.name}|cochran|{key['reference']}",
        patterns=patterns,
        shape=(count + 1,),
        left_out={"not_all": whole - n} if whole - n > 1e-6 else {},
        distinct=None if context.texts is None else {"": context.distinct(part, there) or 0},
    )
    if n <= 0:
        return replace(_told(row, cochran_q.MEASURE, "no_items: no item has a verdict of every judge"), n=0.0)
    rng = generator(context.options.seed, row.name)
    ways = [totals_alike(p.sums[:, :-1], p.multiplicity, rng) for p in patterns]
    return _turned(row, cochran_q.MEASURE, max(ways, key=lambda way: way.p_value), n=n)
