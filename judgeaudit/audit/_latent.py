"""What a panel of judges is worth: effective votes given the truth, and Dawid-Skene's latent truth where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from judgeaudit.audit._context import Context, Options
from judgeaudit.audit._estimate import MIN_CLUSTERS, NO_WIDTH, from_draws
from judgeaudit.audit._rows import Row, draws_of
from judgeaudit.measures import (
    conditional_dependence,
    effective_votes,
    error_correlation,
    latent_prevalence,
    latent_sensitivity,
    latent_specificity,
)
from judgeaudit.model import Estimate
from judgeaudit.references._em import Latent, fit
from judgeaudit.references._reference import Reference
from judgeaudit.sums.intervals import ONE_SIDED, expanded_tails
from judgeaudit.sums.patterns import Ints, counted
from judgeaudit.sums.resample import generator
from judgeaudit.table import Codes, Floats

DRAWS = 200
MAX_DRAWS = 400
"""Draws of the table of errors: it has a cell for each pattern of errors of all judges."""
STEPS = 60
"""Steps of a draw's fit, which starts at the fit of the whole."""
CLOSE = 1e-5
"""A draw's fit ends where the priors move by less: far below what resampling moves them."""
GROUPS = 500
"""Clusters are drawn in at most so many random groups of equal size, so that a draw costs no more for many clusters."""
MAX_PATTERNS = 4096
MAX_SIMULATED = 10
"""Judges up to which data of independent judges are simulated: that takes a cell for each of their 2^K patterns."""
_RULE = "dawid_skene"


class Votes(NamedTuple):
    """What shared errors leave of a panel: figures of the panel, of each pair of judges, and what independent judges give."""

    estimates: list[Estimate]
    pairs: list[Estimate]
    table: list[Mapping[str, Any]]


def votes(context: Context) -> list[Estimate]:
    """Error correlation and effective votes of the judges under audit against the default reference, on all outputs."""
    return shared_errors(context).estimates


def shared_errors(context: Context) -> Votes:
    """The same, with the error correlation of each pair and the null band of the votes as a table."""
    judges, reference = sorted(context.alone), context.default
    if context.binary is None or len(judges) < 2:
        return Votes([], [], [])
    if reference is None:
        reason = "no_reference: shared errors show only against a reference; conditional_dependence needs none"
        names = ("error_correlation", "effective_votes")
        rubric = context.rubric.name
        told = [Estimate(measure=m, rubric=rubric, panel="judges", scale="binary", reason=reason) for m in names]
        return Votes(told, [], [])
    row = _errors(context, judges, reference)
    options = replace(context.options, draws=min(context.options.draws, MAX_DRAWS))
    tables = draws_of(row, options)
    unit = "items" if context.data.clusters is None else "clusters"
    method = f"percentile bootstrap, {options.draws} draws of {unit}"
    found = [
        from_draws(row, m, float(m.compute(row.table)), m.compute(tables), options, method=method)
        for m in (error_correlation.MEASURE, effective_votes.MEASURE)
    ]
    count = float(row.table.reshape(2, -1)[:, 0].sum())
    pairs = [replace(e, n=count) for e in _pairs(row, tables, judges, options, method)] if len(judges) > 2 else []
    if next(e for e in found if e.measure == effective_votes.MEASURE.name).value is None:
        return Votes([replace(e, n=count) for e in found], pairs, [])
    band = effective_votes.null_band(
        row.table, context.options.draws, generator(context.options.seed, f"{row.name}|null")
    )
    table = {
        "rubric": context.rubric.name,
        "reference": reference.kind,
        "judges": judges,
        "independent": {"low": band.low, "high": band.high, "p_value": band.p_value},
    }
    return Votes([_with_band(replace(e, n=count), band) for e in found], pairs, [table])


def _pairs(row: Row, tables: Floats, judges: Sequence[str], options: Options, method: str) -> list[Estimate]:
    """The correlation of the errors of each pair of judges, from the draws of the table."""
    first, second = error_correlation.pairs(len(judges))
    points, drawn = error_correlation.by_pair(row.table), error_correlation.by_pair(tables)
    out = []
    for i, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        key = {**row.key, "panel": None, "reference": None, "judge": judges[a], "other": judges[b]}
        silent = "no_errors: one of the two never errs, or always" if np.isnan(points[i]) else None
        why = error_correlation.reason(row.table) or silent
        measure = replace(error_correlation.MEASURE, reason=_always(why))
        own = replace(row, key=key)
        out.append(from_draws(own, measure, float(points[i]), drawn[..., i], options, method=method))
    return out


def _always(why: str | None) -> Callable[[Floats], str | None]:
    return lambda _: why


def _errors(context: Context, judges: Sequence[str], reference: Reference) -> Row:
    """The table of errors over the outputs that all judges scored and that have a reference."""
    whole = context.slices[0]
    truth = context.on_scale(reference.codes, "binary").astype(np.int64)
    scored = truth < 2
    columns = [context.padded["binary", judge].astype(np.int64) for judge in judges]
    for column in columns:
        scored &= column < 2
    stacked = np.stack([truth, *columns])
    distinct, pattern = _patterns(np.where(scored, stacked, 2), 3)
    inside = (distinct < 2).all(axis=1)
    features = error_correlation.features(distinct[:, 1:] != distinct[:, :1], distinct[:, 0] == 1)
    texts = context.distinct(whole, scored)
    left = float(counted((~scored).astype(np.int64), 2, context.data.weights)[1])
    return Row(
        key={
            "rubric": context.rubric.name,
            "panel": "judges",
            "reference": reference.kind,
            "reference_rule": reference.rule,
            "scale": "binary",
            "slice": whole.name,
        },
        name=f"{context.rubric.name}|panel=judges|{reference.kind}|errors|all",
        patterns=context.row_pools(whole, np.where(inside, np.arange(len(distinct)), -1)[pattern], features),
        shape=(features.shape[1],),
        left_out={"not_all_scored": left} if left else {},
        distinct=None if texts is None else {"": texts},
    )


def _patterns(columns: Ints, base: int) -> tuple[Ints, Ints]:
    """(P, K) distinct columns of (K, n) digits below `base`, and (n,) which one each item has."""
    size = base ** len(columns)
    if size < 2**62:
        key = np.zeros(columns.shape[1], dtype=np.int64)
        for place, column in enumerate(columns):
            key += column * base**place
        if size <= 1_000_000:  # without sorting
            there = np.bincount(key, minlength=size) > 0
            present, own = np.flatnonzero(there), (np.cumsum(there) - 1)[key]
        else:
            present, own = np.unique(key, return_inverse=True)
        return present[:, None] // base ** np.arange(len(columns)) % base, own.reshape(-1).astype(np.int64)
    distinct, own = np.unique(columns, axis=1, return_inverse=True)
    return distinct.T, own.reshape(-1).astype(np.int64)


def _with_band(e: Estimate, band: effective_votes.Band) -> Estimate:
    if e.measure != effective_votes.MEASURE.name:
        return e
    told = f"independent judges with these error rates: {band.low:.2f} to {band.high:.2f} votes"
    return replace(e, p_value=band.p_value, method=f"{e.method}; {told}" if e.method else told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    """Judges' verdicts as patterns: (P, K, 2) tensor, (P,) counts, (n,) each item's pattern or -1."""

    judges: Sequence[str]
    tensor: Floats
    counts: Floats
    pattern: Ints


def latent_truth(context: Context) -> list[Estimate]:
    """Latent prevalence, each judge's latent sensitivity and specificity, and the check that judges err independently."""
    judges = sorted(context.alone)
    if context.binary is None or len(judges) < 2:
        return []
    panel = _panel(context, judges)
    key: dict[str, Any] = {
        "rubric": context.rubric.name,
        "reference_rule": _RULE,
        "scale": "binary",
        "confidence_level": context.options.confidence_level,
        "n": float(panel.counts.sum()),
        "clusters": min(_clusters(context)),
    }
    refused = _refused(panel)
    if refused is not None:
        names = ("latent_prevalence", "conditional_dependence")
        return [Estimate(measure=m, panel="judges", **key, reason=refused) for m in names]
    whole = fit(panel.tensor, panel.counts)
    drawn = [fit(panel.tensor, c, _wide(whole, len(c)), steps=STEPS, tolerance=CLOSE) for c in _draws(context, panel)]
    return [*_rates(context, panel, whole, drawn, key), _dependence(context, panel, whole, key)]


def _refused(panel: _Panel) -> str | None:
    if len(panel.judges) < 3:
        return f"too_few_judges: a latent truth needs three judges, here are {len(panel.judges)}"
    if panel.counts.sum() <= 0:
        return "no_verdicts: no judge gave a positive or negative verdict"
    if len(panel.counts) > MAX_PATTERNS:
        return f"too_many_patterns: the judges' verdicts form {len(panel.counts)} patterns, more than {MAX_PATTERNS}"
    return None


def _panel(context: Context, judges: Sequence[str]) -> _Panel:
    columns = np.stack([context.padded["binary", judge].astype(np.int64) for judge in judges])
    distinct, pattern = _patterns(columns, 3)
    said = (distinct < 2).any(axis=1)
    place = np.where(said, np.cumsum(said) - 1, -1)
    pattern = place[pattern]
    weights = None if context.data.weights_of == "labels" else context.data.weights
    inside = pattern >= 0
    counts = counted(pattern[inside], int(said.sum()), None if weights is None else weights[inside])
    tensor = (distinct[said][:, :, None] == np.arange(2)).astype(np.float64)
    return _Panel(judges=judges, tensor=tensor, counts=counts, pattern=pattern)


def _draws(context: Context, panel: _Panel) -> list[Floats]:
    """(DRAWS, P) resampled counts for each way of resampling."""
    whole, out = context.slices[0], []
    for scheme, clusters in enumerate(context.schemes(whole)):
        rng = generator(context.options.seed, f"{context.rubric.name}|panel=judges|latent|{scheme}")
        if clusters is None and context.data.weights is None:
            total = int(panel.counts.sum())
            out.append(rng.multinomial(total, panel.counts / total, size=DRAWS).astype(np.float64))
            continue
        out.append(_grouped(context, panel, clusters, rng))
    return out


def _grouped(context: Context, panel: _Panel, clusters: Codes | None, rng: np.random.Generator) -> Floats:
    n, size = context.data.n, len(panel.counts)
    _, own = np.unique(np.arange(n) if clusters is None else clusters, return_inverse=True)
    count = int(own.max()) + 1
    groups = min(count, GROUPS)
    group = (rng.permutation(count) % groups)[own.reshape(-1)]
    inside = panel.pattern >= 0
    weights = None if context.data.weights_of == "labels" else context.data.weights
    cells = (group * size + panel.pattern)[inside]
    matrix = counted(cells, groups * size, None if weights is None else weights[inside]).reshape(groups, size)
    return np.asarray(rng.multinomial(groups, np.full(groups, 1 / groups), size=DRAWS) @ matrix)


def _wide(model: Latent, draws: int) -> Latent:
    """The model as the start of as many fits."""
    return Latent(
        np.broadcast_to(model.priors, (draws, *model.priors.shape)),
        np.broadcast_to(model.errors, (draws, *model.errors.shape)),
        model.posterior,
        0,
    )


def _tables(model: Latent) -> Floats:
    """(..., K, 3) each judge's latent table."""
    sensitivity, specificity = model.errors[..., :, 1, 1], model.errors[..., :, 0, 0]
    prior = np.broadcast_to(model.priors[..., 1:], sensitivity.shape)
    return np.stack([prior, sensitivity, specificity], axis=-1)


def _rates(
    context: Context, panel: _Panel, whole: Latent, drawn: Sequence[Latent], key: dict[str, Any]
) -> list[Estimate]:
    reason = latent_prevalence.reason(_tables(whole)[0])
    counts, least = _clusters(context), key["clusters"]
    few = None if least >= MIN_CLUSTERS else f"few_clusters: {least} clusters, fewer than {MIN_CLUSTERS}"
    out = [_rate(context, "latent_prevalence", whole, drawn, 0, 0, {**key, "panel": "judges"}, reason, few, counts)]
    for place, judge in enumerate(panel.judges):
        for module, part in ((latent_sensitivity, 1), (latent_specificity, 2)):
            out.append(
                _rate(
                    context,
                    module.MEASURE.name,
                    whole,
                    drawn,
                    place,
                    part,
                    {**key, "panel": "judges", "judge": judge},
                    reason,
                    few,
                    counts,
                )
            )
    return out


def _clusters(context: Context) -> list[int]:
    """Number of clusters in each way of resampling the whole."""
    return [context.data.n if c is None else len(np.unique(c)) for c in context.schemes(context.slices[0])]


def _rate(
    context: Context,
    measure: str,
    whole: Latent,
    drawn: Sequence[Latent],
    place: int,
    part: int,
    key: dict[str, Any],
    reason: str | None,
    few: str | None,
    clusters: Sequence[int],
) -> Estimate:
    if reason is not None:
        return Estimate(measure=measure, **key, reason=reason)
    value = float(_tables(whole)[place, part])
    confidences = [0.5 + context.options.confidence_level / 2, *(float(c) for c in ONE_SIDED)]
    tails = expanded_tails(clusters, confidences)
    asked = np.hstack([tails[:, :1], 1 - tails[:, :1], tails[:, 1:], 1 - tails[:, 1:]])
    ends = np.stack([np.quantile(_tables(d)[:, place, part], ask) for d, ask in zip(drawn, asked, strict=True)])
    wider = ends[int(np.argmax(ends[:, 1] - ends[:, 0]))]
    if few is None and wider[1] - wider[0] < NO_WIDTH:
        few = "no_variation: every resample gives the same value, which says nothing of how sure it is"
    if few is not None:
        return Estimate(measure=measure, **key, value=value, reason=few)
    lows, highs = wider[2 : 2 + len(ONE_SIDED)], wider[2 + len(ONE_SIDED) :]
    return Estimate(
        measure=measure,
        **key,
        value=value,
        low=min(float(wider[0]), value),
        high=max(float(wider[1]), value),
        bounds={c: (min(float(lows[i]), value), max(float(highs[i]), value)) for i, c in enumerate(ONE_SIDED)},
        method=f"Dawid-Skene on patterns of verdicts, {DRAWS} draws that start at the whole's fit",
    )


def _dependence(context: Context, panel: _Panel, whole: Latent, key: dict[str, Any]) -> Estimate:
    """The check on the outputs that all judges scored, with what independent judges of the fitted rates give."""
    measure, judges = conditional_dependence.MEASURE, len(panel.judges)
    base: dict[str, Any] = {**key, "panel": "judges", "measure": measure.name}
    if not 4 <= judges <= MAX_SIMULATED:
        few = f"too_few_judges: three judges fit the model whatever they say; here are {judges}"
        many = f"too_many_judges: {judges} judges, more than {MAX_SIMULATED}"
        return Estimate(**base, reason=few if judges < 4 else many)
    complete = panel.tensor.sum(axis=2).all(axis=1)
    cells = ((np.arange(2**judges)[:, None] >> np.arange(judges)) & 1).astype(np.int64)
    place = panel.tensor[complete][:, :, 1].astype(np.int64) @ (1 << np.arange(judges))
    seen = np.bincount(place, weights=panel.counts[complete], minlength=len(cells)).astype(np.float64)
    total = float(seen.sum())
    base["n"] = total
    left = float(panel.counts.sum()) - total
    base["left_out"] = {"not_all_scored": left} if left > 0 else {}
    if total < MIN_CLUSTERS:
        return Estimate(**base, reason=f"few_items: {total:g} outputs that all judges scored")
    tensor = (cells[:, :, None] == np.arange(2)).astype(np.float64)
    model = fit(tensor, seen, whole)
    value = float(measure.compute(_joint(cells, seen, model)))
    if np.isnan(value):
        return Estimate(**base, reason=measure.reason(_joint(cells, seen, model)))
    rng = generator(context.options.seed, f"{context.rubric.name}|panel=judges|independent")
    drawn = rng.multinomial(round(total), _shares(cells, model), size=DRAWS).astype(np.float64)
    null = np.asarray(
        measure.compute(_joint(cells, drawn, fit(tensor, drawn, _wide(model, DRAWS), steps=STEPS, tolerance=CLOSE)))
    )
    null = null[~np.isnan(null)]
    p_value = float((1 + (null >= value).sum()) / (1 + len(null)))
    end = float(np.quantile(null, 0.95)) if len(null) else 0.0
    told = f"{DRAWS} panels of independent judges with the fitted rates give at most {end:.3f} in 95 of 100"
    reason = "no_interval: it is held against what independent judges give, which its p value tells"
    return Estimate(**base, value=value, p_value=p_value, method=f"Dawid-Skene; {told}", reason=reason)


def _shares(cells: Ints, model: Latent) -> Floats:
    """(cells,) probability of each full pattern of verdicts under the model."""
    by_class = np.stack(
        [np.where(cells == 1, model.errors[:, c, 1], model.errors[:, c, 0]).prod(axis=1) for c in (0, 1)], axis=1
    )
    shares = by_class @ model.priors
    return np.asarray(shares / shares.sum())


def _joint(cells: Ints, counts: Floats, model: Latent) -> Floats:
    """(..., 2, K, K) shares of outputs that both of two judges call positive: observed, and expected by the model."""
    both = (cells[:, :, None] * cells[:, None, :]).reshape(len(cells), -1).astype(np.float64)
    size = cells.shape[1]
    seen = (counts @ both / counts.sum(axis=-1, keepdims=True)).reshape(*counts.shape[:-1], size, size)
    yes = model.errors[..., :, :, 1]
    expected = np.einsum("...c,...jc,...kc->...jk", model.priors, yes, yes)
    return np.stack([seen, expected], axis=-3)
