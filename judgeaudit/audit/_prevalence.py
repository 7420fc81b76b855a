"""Corrected shares of positives, and both rates where verdicts decided what was labelled: on all outputs and by model."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from judgeaudit.audit._context import Context, Options
from judgeaudit.audit._estimate import MIN_CLUSTERS, share_interval
from judgeaudit.audit._selection import Selection, positives_only, selection
from judgeaudit.measures import (
    prevalence_corrected,
    prevalence_ppi,
    prevalence_ppi_tuned,
    sensitivity_begg_greenes,
    specificity_begg_greenes,
)
from judgeaudit.measures._measure import Measure
from judgeaudit.measures._prevalence import SIZE, parts
from judgeaudit.model import Estimate
from judgeaudit.references._reference import Reference
from judgeaudit.slices import Slice
from judgeaudit.sums.intervals import ONE_SIDED, Interval, effective_sample, square_and_add, z_of
from judgeaudit.sums.patterns import Ints, Patterns, pool_rows
from judgeaudit.table import CODE_STATUSES, Floats

_MODEL = "col.model="
_RATE, _SPECIFICITY, _SENSITIVITY = ([5], [4, 5]), ([0], [0, 2]), ([3], [1, 3])
"""Numerator and denominator in the table's cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """One judge's table on one slice, for each way of resampling, with what its estimates share.

    `labelled`: (4,) labelled outputs as they are, by verdict * 2 + truth, without the weights that spread them over the others.
    """

    patterns: tuple[Patterns, ...]
    common: Mapping[str, Any]
    selected: Selection
    labelled: Floats
    known: bool
    """Whether the labels came with weights: the inverse of known chances of selection."""

    @property
    def counts(self) -> Floats:
        """(8,) the table."""
        return self.patterns[0].total

    def effective(self, cells: tuple[list[int], list[int]]) -> float:
        """Effective size of a rate, the least over the ways of resampling."""
        return min(effective_sample(p, *cells) or 0.0 for p in self.patterns)


def prevalence(context: Context) -> list[Estimate]:
    """Corrected shares of every judge under audit against each reference, on all outputs and on each model's."""
    if context.binary is None:
        return []
    slices = [part for part in context.slices if part.name == "all" or part.name.startswith(_MODEL)]
    return [
        e
        for reference in context.references.values()
        for judge in context.own
        for part in slices
        if part.n
        for e in _estimates(context, _table(context, judge, reference, part))
    ]


def _table(context: Context, judge: str, reference: Reference, part: Slice) -> _Table:
    verdict = part.take(context.padded["binary", judge]).astype(np.int64)
    truth = part.take(context.on_scale(reference.codes, "binary")).astype(np.int64)
    selected = selection(context, judge, reference, part)
    kind = np.where(verdict < 2, verdict * 3 + truth, -1)
    whole = None if context.data.weights is None else part.take(context.data.weights)
    of_labels = selected.weights if context.data.weights_of == "outputs" or whole is None else whole
    patterns = _patterns(context, part, kind, None if context.data.weights_of == "labels" else whole, of_labels)
    used = context.distinct(part, kind >= 0)
    there = (verdict < 2) & (truth < 2)
    return _Table(
        patterns=patterns,
        labelled=np.bincount((verdict * 2 + truth)[there], minlength=4).astype(np.float64),
        selected=selected,
        known=context.data.weights_of == "labels" and whole is not None,
        common={
            "rubric": context.rubric.name,
            "judge": judge,
            "reference": reference.kind,
            "reference_rule": reference.rule,
            "scale": "binary",
            "slice": part.name,
            "n": float(patterns[0].total[4:6].sum()),
            "clusters": patterns[0].clusters,
            "distinct_texts": used,
            "left_out": _left_out(context, judge, part),
            "confidence_level": context.options.confidence_level,
        },
    )


def _patterns(
    context: Context, part: Slice, kind: Ints, weights: Floats | None, of_labels: Floats | None
) -> tuple[Patterns, ...]:
    """`kind`: verdict * 3 + truth (2: no label) or -1; `of_labels`: how many outputs each labelled one stands for."""
    values = np.ones(1) if of_labels is None else np.unique(of_labels)
    place = np.zeros(len(kind), dtype=np.int64) if of_labels is None else np.searchsorted(values, of_labels)
    features = np.zeros((6, len(values), SIZE))
    for v in (0, 1):
        for t in (0, 1):
            features[v * 3 + t, :, v * 2 + t] = values
        features[v * 3 : v * 3 + 3, :, 4 + v] = 1.0
        # With weights the labelled outputs are no random part, nor are the others: a prediction stands for all.
        features[v * 3 + 2 if of_labels is None else slice(v * 3, v * 3 + 3), :, 6 + v] = 1.0
    rows = np.where(kind >= 0, kind * len(values) + place, -1)
    return tuple(
        pool_rows(
            rows,
            features.reshape(-1, SIZE),
            clusters=None if c is None else c[part.items].astype(np.int64),
            weights=weights,
        )
        for c in context.schemes(part)
    )


def _left_out(context: Context, judge: str, part: Slice) -> dict[str, float]:
    codes = part.take(context.judges[judge][0].codes)
    found = {str(status): float((codes == code).sum()) for code, status in CODE_STATUSES.items()}
    scored = int((codes >= 0).sum())
    found["abstained"] = float(scored - int((part.take(context.padded["binary", judge]) < 2).sum()))
    return {reason: count for reason, count in found.items() if count > 0}


def _estimates(context: Context, table: _Table) -> Iterator[Estimate]:
    options = context.options
    yield _corrected(table, options)
    yield _powered(table, prevalence_ppi.MEASURE, 1.0, options)
    factor = float(prevalence_ppi_tuned.factor(table.counts))
    yield _powered(table, prevalence_ppi_tuned.MEASURE, factor, options)
    if table.selected.by is not None and table.common["slice"] == "all":
        for measure, cells in (
            (sensitivity_begg_greenes.MEASURE, _SENSITIVITY),
            (specificity_begg_greenes.MEASURE, _SPECIFICITY),
        ):
            yield _verified(table, measure, cells, options)


def _refusal(table: _Table, measure: Measure) -> str | None:
    if table.selected.positives_only is not None and table.selected.by is not None:
        return positives_only(table.selected.by, table.selected.positives_only)
    return measure.reason(table.counts)


def _few(table: _Table) -> str | None:
    count = min(p.clusters for p in table.patterns)
    if count < MIN_CLUSTERS:
        return f"few_clusters: {count} clusters, fewer than {MIN_CLUSTERS}"
    # However many clusters are judged, what is known of the errors comes from those with a label.
    labelled = min((_labelled(p) for p in table.patterns if not _apart(p)), default=MIN_CLUSTERS)
    return (
        f"few_clusters: {labelled} clusters with a label, fewer than {MIN_CLUSTERS}"
        if labelled < MIN_CLUSTERS
        else None
    )


def _labelled(patterns: Patterns) -> int:
    """How many clusters hold a label."""
    return int(patterns.multiplicity[patterns.sums[:, :4].sum(axis=1) > 0].sum())


def _apart(patterns: Patterns) -> bool:
    """Whether each cluster is one unweighted item."""
    return bool((patterns.sums[:, 4:6].sum(axis=1) == 1.0).all())


def _how(table: _Table) -> str:
    by, weights = table.selected.by, table.selected.weights
    if table.known:
        return ", labels weighted by the inverse of their chance of selection"
    return (
        ""
        if by is None or weights is None
        else f", labels weighted by how many outputs with {by}'s verdict each stands for"
    )


def _corrected(table: _Table, options: Options) -> Estimate:
    measure, t = prevalence_corrected.MEASURE, table.counts
    refused = _refusal(table, measure)
    if refused is not None:
        return Estimate(measure=measure.name, **table.common, reason=refused)
    p = parts(t)
    rates = (
        (float(p.sensitivity), table.effective(_SENSITIVITY)),
        (float(p.specificity), table.effective(_SPECIFICITY)),
    )

    def youden(z: float) -> Interval:
        return square_and_add([(q, share_interval(q, m, z), 1) for q, m in rates])

    z = z_of(options.confidence_level)
    j, ends = float(p.sensitivity + p.specificity) - 1, youden(z)
    if ends.low - 1 <= 0:
        why = f"Youden's J is {j:.2f} [{ends.low - 1:.2f}, {ends.high - 1:.2f}]: a correction divides by it"
        return Estimate(measure=measure.name, **table.common, reason=f"youden_j_touches_zero: {why}")
    value, few = float(measure.compute(t)), _few(table)
    if few is not None:
        return Estimate(measure=measure.name, **table.common, value=value, reason=few)

    def lee(z: float) -> Interval:
        (se, positives), (sp, negatives) = rates
        found = prevalence_corrected.lee_interval(float(p.rate), n, sp, negatives, se, positives, z)
        return Interval(min(found.low, value), max(found.high, value))

    n = table.effective(_RATE)
    shown = lee(z)
    return Estimate(
        measure=measure.name,
        **table.common,
        value=value,
        low=shown.low,
        high=shown.high,
        bounds={c: lee(z_of(2 * float(c) - 1)) for c in ONE_SIDED},
        method=f"Rogan-Gladen, Lee's interval{_how(table)}",
    )


def _powered(table: _Table, measure: Measure, factor: float, options: Options) -> Estimate:
    refused = _refusal(table, measure)
    if refused is not None:
        return Estimate(measure=measure.name, **table.common, reason=refused)
    t = table.counts
    value, few = float(measure.compute(t)), _few(table)
    labels = float(t[:4].sum())
    if few is None and labels < MIN_CLUSTERS:
        few = f"few_labels: {labels:g} labelled verdicts, fewer than {MIN_CLUSTERS}"
    if few is not None:
        return Estimate(measure=measure.name, **table.common, value=value, reason=few)
    error = math.sqrt(max(max(_variance(p, factor) for p in table.patterns), _least(table, factor)))
    freedom = min(labels - 1, *(_freedom(p, factor) for p in table.patterns))

    def ends(confidence: float) -> Interval:
        half = _t(confidence, freedom) * error
        return Interval(max(0.0, value - half), min(1.0, value + half))

    shown = ends(options.confidence_level)
    return Estimate(
        measure=measure.name,
        **table.common,
        value=value,
        low=shown.low,
        high=shown.high,
        bounds={c: ends(2 * float(c) - 1) for c in ONE_SIDED},
        method=f"t interval, linearised variance with half a pseudo-error of each kind, factor {factor:.3g}{_how(table)}",
    )


def _variance(patterns: Patterns, factor: float) -> float:
    """Variance of factor (apart - said) + truth, linearised over the clusters; the factor is taken as known."""
    count, squares = patterns.clusters, _influence(patterns, factor) ** 2
    return float(count / (count - 1) * patterns.multiplicity @ squares)


def _freedom(patterns: Patterns, factor: float) -> float:
    """Degrees of freedom of that variance: 2 C / (kurtosis - 1), less than C - 1 where a few clusters make most of it.

    By the moments of the clusters' influences, as Satterthwaite 1946 (doi:10.2307/3002019); at most the labelled clusters less 1.
    """
    squares = _influence(patterns, factor) ** 2
    total = float(patterns.multiplicity @ squares)
    labelled = _labelled(patterns)
    if total <= 0 or _apart(patterns):
        return labelled - 1.0
    kurtosis = patterns.clusters * float(patterns.multiplicity @ squares**2) / total**2
    return min(labelled - 1.0, 2 * patterns.clusters / max(kurtosis - 1, 1e-9))


def _influence(patterns: Patterns, factor: float) -> Floats:
    """(P,) what one cluster of each pattern moves the estimate by."""
    t, p = patterns.total, parts(patterns.total)
    labelled, rest = t[:4].sum(), t[6:].sum()
    gradient = np.zeros(SIZE)
    gradient[:4] = (np.array([0.0, 1, 0, 1]) - p.truth - factor * (np.array([0.0, 0, 1, 1]) - p.said)) / labelled
    gradient[6:] = factor * (np.array([0.0, 1]) - p.apart) / rest
    return np.asarray(patterns.sums @ gradient)


def _least(table: _Table, factor: float) -> float:
    """The variance with half a pseudo-label of each kind: of a random selection, or of one within each verdict."""
    if table.selected.weights is None:
        return _floor(table.counts, factor)
    every = table.counts[4:6]
    share, n = every / every.sum(), table.labelled.reshape(2, 2).sum(axis=1) + 1.0
    q = (table.labelled[[1, 3]] + 0.5) / n
    return float((share**2 * q * (1 - q) / n).sum() + share.prod() * (q[1] - q[0]) ** 2 / every.sum())


def _floor(t: Floats, factor: float) -> float:
    """The closed form with half a pseudo-error of each kind: without a single error seen it would be too sure."""
    tn, fn, fp, tp = t[:4] + np.array([0.0, 0.5, 0.5, 0.0])
    n = tn + fn + fp + tp
    error = (fn - factor * fp + (1 - factor) * tp) / n
    squares = (fn + factor**2 * fp + (1 - factor) ** 2 * tp) / n
    rate = float(parts(t).apart)
    return float(factor**2 * rate * (1 - rate) / t[6:].sum() + (squares - error**2) / n)


def _t(confidence: float, freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(max(freedom, 1.0), 0.5 + confidence / 2))


def _verified(table: _Table, measure: Measure, cells: tuple[list[int], list[int]], options: Options) -> Estimate:
    refused = _refusal(table, measure)
    if refused is not None:
        return Estimate(measure=measure.name, **table.common, reason=refused)
    t = table.counts
    # The labels are already spread over all verdicts by their weights, if another judge's verdict decided; else by its own.
    value = (
        float(measure.compute(t))
        if table.selected.weights is None and not table.known
        else float(t[cells[0]].sum() / t[cells[1]].sum())
    )
    effective, few = table.effective(cells), _few(table)
    if few is not None or effective <= 0:
        return Estimate(measure=measure.name, **table.common, value=value, reason=few or "few_clusters: fewer than 2")
    effective = min(effective, _worth(table, 1 if cells == _SENSITIVITY else 0))

    def ends(z: float) -> Interval:
        return share_interval(value, effective, z)

    shown = ends(z_of(options.confidence_level))
    return Estimate(
        measure=measure.name,
        **table.common,
        value=value,
        low=shown.low,
        high=shown.high,
        bounds={c: ends(z_of(2 * float(c) - 1)) for c in ONE_SIDED},
        method=f"Begg-Greenes, Wilson on the effective sample{_how(table)}",
    )


def _worth(table: _Table, side: int) -> float:
    """How many labelled outputs of one class a Begg-Greenes rate is worth: p (1 - p) over its variance, labels independent.

    On the logit the variance is 1 / N1 + 1 / N0 + (1 - q1) / (n1 q1) + (1 - q0) / (n0 q0), with N outputs and n labelled ones of
    each verdict and q the share of the class among these, here with half a pseudo-label of each kind: where no error was
    labelled, nothing else would say that few were looked for. Source: Begg and Greenes 1983, doi:10.2307/2530820.
    """
    counts = table.labelled.reshape(2, 2)
    n = counts.sum(axis=1) + 1.0
    q = (counts[:, side] + 0.5) / n
    every = np.maximum(table.counts[4:6], 1.0)
    error = float((1 / every + (1 - q) / (n * q)).sum())
    of_class = every * q
    p = float(of_class[side] / of_class.sum())
    return 1 / (error * p * (1 - p))
