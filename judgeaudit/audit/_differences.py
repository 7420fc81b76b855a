"""Differences, in families fixed beforehand: degenerate against coherent, mode against coherent, judge against judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from judgeaudit.audit._context import ROUNDING, Context
from judgeaudit.audit._estimate import MIN_CLUSTERS, from_draws, share_interval
from judgeaudit.audit._rows import Row, draws_of
from judgeaudit.measures import minimum_detectable_difference
from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.model import Estimate
from judgeaudit.references._reference import Reference
from judgeaudit.slices import Slice
from judgeaudit.sums.exact_tests import benjamini_yekutieli, fisher_exact, holm
from judgeaudit.sums.intervals import ONE_SIDED, Interval, effective_sample, square_and_add, wilson, z_of
from judgeaudit.sums.patterns import Ints, Patterns
from judgeaudit.sums.sign_flips import difference_exact
from judgeaudit.table import Floats, Grouping

ERRORS = ("false_positive_rate", "false_negative_rate")
COHERENT = "coherence=coherent"
DEGENERATE = "coherence=degenerate"
MAX_STRATA = 50
"""With more models than this most would have a handful of outputs each, and no difference is stratified."""


def differences(context: Context, estimates: Sequence[Estimate]) -> list[Estimate]:
    """Differences of error rates between slices, and of judges on the same items, with adjusted p values."""
    own = context.own
    by_key = {
        (e.measure, e.judge, e.reference, e.slice): e for e in estimates if e.scale == "binary" and e.against is None
    }
    out: list[Estimate] = []
    for kind in context.references:
        first = [d for j in own for m in ERRORS if (d := _against_coherent(context, by_key, m, j, kind, DEGENERATE))]
        out += _adjusted(first, "degenerate against coherent, both error rates, all judges (Holm)", holm)
        modes = [p.name for p in context.slices if p.name.startswith("mode=")]
        cells = [
            d
            for j in own
            for m in ERRORS
            for mode in modes
            if (d := _against_coherent(context, by_key, m, j, kind, mode))
        ]
        out += _adjusted(cells, "judge x mode cells against coherent (Benjamini-Yekutieli)", benjamini_yekutieli)
        out += [s for d in first if (s := _stratified(context, d)) is not None]
    default = next(iter(context.references.values()), None)
    if default is not None:
        out += _adjusted(list(_judge_pairs(context, own, default)), "judges on the same items (Holm)", holm)
    return out


def _adjusted(found: list[Estimate], family: str, method: Callable[[Sequence[float]], list[float]]) -> list[Estimate]:
    tested = [i for i, e in enumerate(found) if e.p_value is not None]
    corrected = dict(zip(tested, method([found[i].p_value or 0.0 for i in tested]), strict=True))
    return [replace(e, family=family, p_adjusted=corrected.get(i)) for i, e in enumerate(found)]


def _against_coherent(
    context: Context, by_key: Mapping[Any, Estimate], measure: str, judge: str, kind: str, where: str
) -> Estimate | None:
    """A rate on a slice minus the rate on coherent outputs: Newcombe's interval on the effective samples."""
    here, there = (by_key.get((measure, judge, kind, s)) for s in (where, COHERENT))
    if here is None or there is None:
        return None
    base = replace(
        here,
        against=f"slice:{COHERENT}",
        value=None,
        low=None,
        high=None,
        k=None,
        effective_n=None,
        bounds=None,
        unscored_bounds=None,
        method="",
        reason=None,
    )
    for side in (here, there):
        if side.value is None:
            return replace(base, reason=side.reason)
    assert here.value is not None
    assert there.value is not None
    value = here.value - there.value
    thin = next((s for s in (here, there) if s.low is None), None)
    if thin is not None:
        return replace(base, value=value, reason=thin.reason)

    def ends(z: float) -> Interval:
        return square_and_add([_part(here, 1, z), _part(there, -1, z)])

    shown = ends(z_of(context.options.confidence_level))
    return replace(
        base,
        value=value,
        low=shown.low,
        high=shown.high,
        bounds={c: ends(z_of(2 * float(c) - 1)) for c in ONE_SIDED},
        p_value=_fisher(here, there),
        method="Newcombe's square-and-add; p by Fisher's exact test, both on the effective samples",
    )


def _part(e: Estimate, sign: int, z: float) -> tuple[float, Interval, int]:
    assert e.value is not None
    n = e.effective_n or e.n
    return e.value, share_interval(e.value, n, z), sign


def _fisher(here: Estimate, there: Estimate) -> float:
    k1, n1, k2, n2 = (
        round(x) for e in (here, there) for x in ((e.value or 0) * (e.effective_n or e.n), e.effective_n or e.n)
    )
    return fisher_exact(min(k1, n1), n1, min(k2, n2), n2)


def _stratified(context: Context, raw: Estimate) -> Estimate | None:
    """The same difference within models: Mantel-Haenszel's weights, Newcombe's interval from the parts of each model."""
    models = context.data.models
    if models is None or raw.judge is None or raw.value is None or not 2 <= len(models.names) <= MAX_STRATA:
        return None
    here, there = (_by_model(context, models, raw, name) for name in (raw.slice, COHERENT))
    n1, n0 = (side[0].total.reshape(-1, 2).sum(axis=1) for side in (here, there))
    used = np.flatnonzero((n1 > 0) & (n0 > 0))
    base = replace(
        raw,
        against=f"{raw.against}&stratified=col.model",
        value=None,
        low=None,
        high=None,
        bounds=None,
        p_value=None,
        effective_n=None,
        method="",
        reason=None,
        n=float(n1[used].sum()),
    )
    if (alone := float(n1.sum() - n1[used].sum())) > ROUNDING:
        base = replace(base, left_out={**base.left_out, "model_on_one_side": alone})
    if len(used) < 2:
        return replace(base, reason="one_stratum: fewer than two models have such outputs on both sides")
    weights = n1 * n0 / np.maximum(n1 + n0, ROUNDING)
    shares = {int(m): float(weights[m] / weights[used].sum()) for m in used}
    parts = [part for side, sign in ((here, 1), (there, -1)) for part in _side(side, shares, sign)]
    value = sum(factor * p for p, _, factor in parts)
    clustered = any(not p.singles for side in (here, there) for p in side)
    least = min(p.clusters for side in (here, there) for p in side)
    if clustered and least < MIN_CLUSTERS:
        return replace(base, value=value, reason=f"few_clusters: {least} clusters, fewer than {MIN_CLUSTERS}")

    def ends(z: float) -> Interval:
        return square_and_add([(p, wilson(p * n, n, z), factor) for p, n, factor in parts])

    shown = ends(z_of(context.options.confidence_level))
    return replace(
        base,
        value=value,
        low=shown.low,
        high=shown.high,
        bounds={c: ends(z_of(2 * float(c) - 1)) for c in ONE_SIDED},
        method=f"Mantel-Haenszel risk difference over {len(used)} models, square-and-add of Wilson intervals on the effective "
        "samples (wide where a model has few outputs)",
    )


def _by_model(context: Context, models: Grouping, raw: Estimate, name: str) -> tuple[Patterns, ...]:
    """Sums of right and wrong by model over a slice's items with the rate's reference, for each way of resampling."""
    part = next(p for p in context.slices if p.name == name)
    reference = context.references[raw.reference]  # type: ignore[index]  # a reference kind, from the context itself
    truth = 0 if raw.measure == "false_positive_rate" else 1
    verdict = part.take(context.padded["binary", raw.judge or ""])
    model = part.take(models.codes).astype(np.int64)
    inside = (part.take(context.on_scale(reference.codes, "binary")) == truth) & (verdict < 2) & (model >= 0)
    return context.pools(part, np.where(inside, model * 2 + (verdict != truth), -1), 2 * len(models.names))


def _side(side: tuple[Patterns, ...], shares: Mapping[int, float], sign: int) -> list[tuple[float, float, float]]:
    """(rate, effective sample, signed share) of each model on one side.

    Models that answered the same prompts are no independent parts: where the weighted sum of their rates varies more over the
    clusters than the parts do together, each part is worth as much less.
    """
    parts = [(*_of_model(side, m), w) for m, w in shares.items()]
    apart = sum(w * w * p * (1 - p) / n for p, n, w in parts)
    together = max(_variance(own, shares) for own in side)
    less = min(1.0, apart / together) if together > 0 and apart > 0 else 1.0
    return [(p, n * less, sign * w) for p, n, w in parts]


def _variance(patterns: Patterns, shares: Mapping[int, float]) -> float:
    """Variance of the weighted sum of the models' rates, linearised over the clusters; 0 where items are independent."""
    count = patterns.clusters
    if patterns.singles or count < 2:
        return 0.0
    influence = np.zeros(len(patterns.sums))
    for m, share in shares.items():
        right, wrong = patterns.sums[:, 2 * m], patterns.sums[:, 2 * m + 1]
        n, k = (float(patterns.multiplicity @ x) for x in (right + wrong, wrong))
        influence += share * (wrong - k / n * (right + wrong)) / n
    return float(count / (count - 1) * patterns.multiplicity @ influence**2)


def _of_model(side: tuple[Patterns, ...], model: int) -> tuple[float, float]:
    """A model's rate and the size of its effective sample; one cluster is worth one output."""
    right, wrong = (float(side[0].total[2 * model + i]) for i in range(2))
    cells = (2 * model, 2 * model + 1)
    effective = min(effective_sample(p, cells[1:], cells) or min(1.0, right + wrong) for p in side)
    return wrong / (right + wrong), effective


def _judge_pairs(context: Context, judges: Sequence[str], reference: Reference) -> Iterator[Estimate]:
    """Accuracy, FPR and FNR of one judge minus another's on the items that both judged: paired draws, McNemar's p."""
    if context.binary is None:
        return
    part = context.slices[0]
    truth = context.on_scale(reference.codes, "binary")
    for first, second in combinations(judges, 2):
        one, two = context.padded["binary", first], context.padded["binary", second]
        cells = _PAIRED_CELL[one * 9 + two * 3 + truth]
        patterns = context.pools(part, cells, 8)
        left = context.left(part, patterns[0])
        row = Row(
            key={
                "rubric": context.rubric.name,
                "judge": first,
                "against": f"judge:{second}",
                "reference": reference.kind,
                "reference_rule": reference.rule,
                "scale": "binary",
                "slice": "all",
            },
            name=f"{context.rubric.name}|{first}|{second}|{reference.kind}|paired",
            patterns=patterns,
            shape=(2, 2, 2),
            distinct=_distinct(context, part, cells),
            left_out={"not_both": left} if left else {},
        )
        drawn = draws_of(row, context.options)
        for name, compute in _PAIRED.items():
            measure = Measure(name=name, table="pair", compute=compute, reason=_nothing)
            clustered = " over clusters" if any(not p.singles for p in row.patterns) else ""
            method = (
                f"paired bootstrap, {context.options.draws} draws with pseudo-disagreements; p by McNemar's exact test"
            )
            method += clustered
            estimate = from_draws(
                row, measure, float(compute(row.table)), compute(drawn), context.options, method=method
            )
            p = None if estimate.value is None else max(_mcnemar(own, name) for own in row.patterns)
            yield replace(estimate, p_value=p, n=_size(row.table, name))
        yield _detectable(context, row)


def _distinct(context: Context, part: Slice, cells: Ints) -> dict[str, int] | None:
    if context.texts is None:
        return None
    masks = {
        "": cells >= 0,
        "false_positive_rate": (cells >= 0) & (cells % 2 == 0),
        "false_negative_rate": cells % 2 == 1,
    }
    return {measure: context.distinct(part, mask & (cells >= 0)) or 0 for measure, mask in masks.items()}


def _accuracy(t: Floats) -> Floats:
    first = t[..., 0, :, 0].sum(axis=-1) + t[..., 1, :, 1].sum(axis=-1)
    second = t[..., :, 0, 0].sum(axis=-1) + t[..., :, 1, 1].sum(axis=-1)
    return ratio(first - second, t.sum(axis=(-3, -2, -1)))


def _false_positive(t: Floats) -> Floats:
    return ratio(t[..., 1, :, 0].sum(axis=-1) - t[..., :, 1, 0].sum(axis=-1), t[..., 0].sum(axis=(-2, -1)))


def _false_negative(t: Floats) -> Floats:
    return ratio(t[..., 0, :, 1].sum(axis=-1) - t[..., :, 0, 1].sum(axis=-1), t[..., 1].sum(axis=(-2, -1)))


_PAIRED_CELL = np.array(
    [4 * i + 2 * j + k if max(i, j, k) < 2 else -1 for i in range(3) for j in range(3) for k in range(3)],
    dtype=np.int64,
)
"""From two judges' and the reference's padded codes in base 3 to the cell of the 2 x 2 x 2 table; -1 outside."""

_PAIRED: Mapping[str, Callable[[Floats], Floats]] = {
    "accuracy": _accuracy,
    "false_positive_rate": _false_positive,
    "false_negative_rate": _false_negative,
}


def _nothing(t: Floats) -> str | None:
    return "no_items: no item has both verdicts and a reference" if t.sum() <= 0 else None


def _size(t: Floats, name: str) -> float:
    return float({"accuracy": t, "false_positive_rate": t[..., 0], "false_negative_rate": t[..., 1]}[name].sum())


def _mcnemar(patterns: Patterns, name: str) -> float:
    """Exact p of the pairs where one judge alone is right (accuracy) or alone errs (rates); a cluster's pairs turn together."""
    t = patterns.sums.reshape(-1, 2, 2, 2)
    negative, positive = t[:, 1, 0, 0] - t[:, 0, 1, 0], t[:, 0, 1, 1] - t[:, 1, 0, 1]
    chosen = {"accuracy": negative + positive, "false_positive_rate": negative, "false_negative_rate": positive}
    return difference_exact(chosen[name], patterns.multiplicity)


def _detectable(context: Context, row: Row) -> Estimate:
    """The smallest difference of the two judges' accuracies that these items would likely have shown."""
    n, clusters = float(row.table.sum()), min(p.clusters for p in row.patterns)
    own = Estimate(
        measure=minimum_detectable_difference.MEASURE.name, **row.key, n=n, clusters=clusters, left_out=row.left_out
    )
    if n <= 0:
        return replace(own, reason=_nothing(row.table))
    if clusters < MIN_CLUSTERS:
        return replace(own, reason=f"few_clusters: {clusters} clusters, fewer than {MIN_CLUSTERS}")
    value = max(minimum_detectable_difference.of_patterns(p) for p in row.patterns)
    if not value > 0:
        return replace(own, reason="no_variation: the judges are right on the same items")
    return replace(
        own,
        value=value,
        method="paired standard error over clusters, 5 % two-sided, power 80 %",
        reason="no_interval: a figure of the design",
    )


__all__ = ["COHERENT", "DEGENERATE", "differences"]
