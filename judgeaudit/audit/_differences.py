"""Differences, in families fixed beforehand: degenerate against coherent, mode against coherent, judge against judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from judgeaudit.audit._context import Context
from judgeaudit.audit._estimate import Row, from_draws
from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.model import Estimate
from judgeaudit.references._reference import Reference
from judgeaudit.sums.exact_tests import benjamini_yekutieli, fisher_exact, holm, mcnemar_exact
from judgeaudit.sums.intervals import ONE_SIDED, Interval, square_and_add, wilson, z_of
from judgeaudit.sums.resample import draw, generator
from judgeaudit.table import Floats

ERRORS = ("false_positive_rate", "false_negative_rate")
COHERENT = "coherence=coherent"
DEGENERATE = "coherence=degenerate"


def differences(context: Context, estimates: Sequence[Estimate]) -> list[Estimate]:
    """Differences of error rates between slices, and of judges on the same items, with adjusted p values."""
    own = [j for j in context.judges if not context.info[j].baseline]
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
        here, against=f"slice:{COHERENT}", value=None, low=None, high=None, k=None, effective_n=None, bounds=None,
        unscored_bounds=None, method="", reason=None,
    )  # fmt: skip
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
    return e.value, wilson(e.value * n, n, z), sign


def _fisher(here: Estimate, there: Estimate) -> float:
    k1, n1, k2, n2 = (
        round(x) for e in (here, there) for x in ((e.value or 0) * (e.effective_n or e.n), e.effective_n or e.n)
    )
    return fisher_exact(min(k1, n1), n1, min(k2, n2), n2)


def _stratified(context: Context, raw: Estimate) -> Estimate | None:
    """The same difference within models: Mantel-Haenszel risk difference, variance by Sato, Greenland and Robins 1989."""
    models = context.data.models
    if models is None or raw.judge is None or raw.value is None or context.binary is None or len(models.names) < 2:
        return None
    reference = context.references[raw.reference]  # type: ignore[index]  # a reference kind, from the context itself
    a, b = context.padded["binary", raw.judge], context.on_scale(reference.codes, "binary")
    truth = 0 if raw.measure == "false_positive_rate" else 1
    parts = {p.name: p.items for p in context.slices}
    weights, effects, variance = 0.0, 0.0, 0.0
    used = 0
    for model in range(len(models.names)):
        counts = []
        for name in (raw.slice, COHERENT):
            items = parts[name]
            inside = items[(models.codes[items] == model) & (b[items] == truth) & (a[items] < 2)]
            counts.append((int((a[inside] != truth).sum()), len(inside)))
        (x1, n1), (x0, n0) = counts
        if n1 == 0 or n0 == 0:
            continue
        used += 1
        weight = n1 * n0 / (n1 + n0)
        weights += weight
        effects += (x1 * n0 - x0 * n1) / (n1 + n0)
        variance += weight**2 * (x1 * (n1 - x1) / n1**3 + x0 * (n0 - x0) / n0**3)
    key = f"{raw.against}&stratified=col.model"
    if used < 2:
        reason = "one_stratum: fewer than two models have such outputs on both sides"
        return replace(
            raw, against=key, value=None, low=None, high=None, bounds=None, p_value=None, method="", reason=reason
        )
    value, half = effects / weights, z_of(context.options.confidence_level) * (variance**0.5) / weights
    return replace(
        raw, against=key, value=value, low=max(-1.0, value - half), high=min(1.0, value + half), bounds=None, p_value=None,
        method=f"Mantel-Haenszel risk difference over {used} models, normal interval, items taken as independent", reason=None,
    )  # fmt: skip


def _judge_pairs(context: Context, judges: Sequence[str], reference: Reference) -> Iterator[Estimate]:
    """Accuracy, FPR and FNR of one judge minus another's on the items that both judged: paired draws, McNemar's p."""
    if context.binary is None:
        return
    part = context.slices[0]
    truth = context.on_scale(reference.codes, "binary")
    whole = part.weight(context.data.weights)
    for first, second in combinations(judges, 2):
        one, two = context.padded["binary", first], context.padded["binary", second]
        cells = _PAIRED_CELL[one * 9 + two * 3 + truth]
        patterns = context.pools(part, cells, 8)
        left = whole - float(patterns[0].total.sum())
        row = Row(
            key={
                "rubric": context.rubric.name, "judge": first, "against": f"judge:{second}", "reference": reference.kind,
                "reference_rule": reference.rule, "scale": "binary", "slice": "all",
            },
            name=f"{context.rubric.name}|{first}|{second}|{reference.kind}|paired",
            patterns=patterns,
            shape=(2, 2, 2),
            left_out={"not_both": left} if left > 0 else {},
        )  # fmt: skip
        drawn = np.stack(
            [
                draw(p, context.options.draws, generator(context.options.seed, f"{row.name}#{i}" if i else row.name))
                for i, p in enumerate(row.patterns)
            ]
        ).reshape(len(row.patterns), -1, 2, 2, 2)
        for name, compute in _PAIRED.items():
            measure = Measure(name=name, table="pair", compute=compute, reason=_nothing)
            method = f"paired bootstrap, {context.options.draws} draws; p by McNemar's exact test"
            estimate = from_draws(
                row, measure, float(compute(row.table)), compute(drawn), context.options, method=method
            )
            clustered = not row.patterns[0].singles
            p = None if estimate.value is None or clustered else _mcnemar(row.table, name)
            yield replace(estimate, p_value=p, n=_size(row.table, name))


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


def _mcnemar(t: Floats, name: str) -> float:
    """On accuracy the pairs where one alone is right; on an error rate those where one alone errs."""
    if name == "accuracy":
        one, two = t[0, 1, 0] + t[1, 0, 1], t[1, 0, 0] + t[0, 1, 1]
    elif name == "false_positive_rate":
        one, two = t[1, 0, 0], t[0, 1, 0]
    else:
        one, two = t[0, 1, 1], t[1, 0, 1]
    return mcnemar_exact(round(float(one)), round(float(two)))


__all__ = ["COHERENT", "DEGENERATE", "differences"]
