"""What moves verdicts beside the truth: length, the judge's own family, the order of options; on all outputs.

And whether a verdict is the one that the judge's own rationale states; also on coherent and on degenerate outputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from judgeaudit.audit._context import Context
from judgeaudit.audit._estimate import estimates_of, from_draws
from judgeaudit.audit._rationales import rationales
from judgeaudit.audit._rows import Row, draws_of
from judgeaudit.measures import length_bias, order_flip_rate, self_family_preference
from judgeaudit.measures._measure import Measure
from judgeaudit.measures._strata import SIZE
from judgeaudit.model import Estimate
from judgeaudit.sums.patterns import counted

Mask = npt.NDArray[np.bool_]


def bias(context: Context) -> list[Estimate]:
    """Contradicted rationales, length bias, self-family preference and order flips of every judge under audit.

    Where data are lacking an estimate gives the reason.
    """
    told = [e for judge in context.alone for e in rationales(context.of_outputs, judge)]
    if context.binary is None:
        return told
    long = _long(context)
    out = told
    for judge in context.alone:
        out += [_length(context, judge, long), _family(context, judge), *_order(context.of_outputs, judge)]
    return out


def _long(context: Context) -> Mask | None:
    """(n,) whether a response is longer than the median of its class of the default reference; None without either."""
    if context.data.responses is None or context.default is None:
        return None
    lengths = np.fromiter(map(len, context.data.responses), dtype=float, count=context.data.n)
    truth = context.on_scale(context.default.codes, "binary")
    long = np.zeros(context.data.n, dtype=bool)
    for side in (0, 1):
        inside = truth == side
        if inside.any():
            long[inside] = lengths[inside] > np.median(lengths[inside])
    return long


def _key(context: Context, judge: str) -> dict[str, Any]:
    reference = context.default
    rule = None if reference is None else reference.rule
    told = None if reference is None else reference.kind
    return {"rubric": context.rubric.name, "judge": judge, "reference": told, "reference_rule": rule, "scale": "binary"}


def _length(context: Context, judge: str, long: Mask | None) -> Estimate:
    measure, key = length_bias.MEASURE, _key(context, judge)
    if context.data.responses is None:
        return Estimate(measure=measure.name, **key, reason="no_responses: the lengths of the outputs are not told")
    if long is None:
        return Estimate(measure=measure.name, **key, reason=_no_reference("length"))
    return _strata(context, judge, measure, long, np.ones(context.data.n, dtype=bool), key)


def _family(context: Context, judge: str) -> Estimate:
    measure, key = self_family_preference.MEASURE, _key(context, judge)
    own, models = self_family_preference.family(context.info[judge].model), context.data.models
    if own is None or models is None:
        what = "the judge's model" if own is None else "the models of the outputs"
        return Estimate(measure=measure.name, **key, reason=f"no_model: {what} is not told or of no known family")
    if context.default is None:
        return Estimate(measure=measure.name, **key, reason=_no_reference("the family"))
    families = np.array([_place(self_family_preference.family(name), own) for name in models.names] + [-1])
    of_item = families[models.codes]
    return _strata(context, judge, measure, of_item == 1, of_item >= 0, key)


def _place(family: str | None, own: str) -> int:
    return -1 if family is None else int(family == own)


def _no_reference(what: str) -> str:
    return f"no_reference: without labels a difference by {what} may be one in the outputs themselves"


def _strata(
    context: Context, judge: str, measure: Measure, exposed: Mask, known: Mask, key: Mapping[str, Any]
) -> Estimate:
    assert context.default is not None
    whole = context.slices[0]
    verdict = context.padded["binary", judge].astype(np.int64)
    truth = context.on_scale(context.default.codes, "binary").astype(np.int64)
    used = (verdict < 2) & (truth < 2) & known
    row = Row(
        key={**key, "slice": whole.name},
        name=f"{context.rubric.name}|{judge}|{measure.name}|all",
        patterns=context.pools(whole, np.where(used, truth * 4 + exposed * 2 + verdict, -1), SIZE),
        shape=(SIZE,),
        left_out=_left_out(context, {"no_verdict_or_label": ~((verdict < 2) & (truth < 2)), "no_model": ~known}),
        distinct=_distinct(context, used),
    )
    values = np.asarray(measure.compute(draws_of(row, context.options)))
    method = f"Mantel-Haenszel within classes, percentile bootstrap, {context.options.draws} draws"
    return from_draws(row, measure, float(measure.compute(row.table)), values, context.options, method=method)


def _left_out(context: Context, reasons: Mapping[str, Mask]) -> dict[str, float]:
    """Outputs by the first reason that holds."""
    rest, out = np.ones(context.data.n, dtype=bool), {}
    for reason, mask in reasons.items():
        count = float(counted((mask & rest).astype(np.int64), 2, context.data.weights)[1])
        rest &= ~mask
        if count > 0:
            out[reason] = count
    return out


def _distinct(context: Context, used: Mask) -> dict[str, int] | None:
    texts = context.distinct(context.slices[0], used)
    return None if texts is None else {"": texts}


def _order(context: Context, judge: str) -> list[Estimate]:
    if judge.endswith(order_flip_rate.SWAPPED):
        return []
    measure, twin = order_flip_rate.MEASURE, f"{judge}{order_flip_rate.SWAPPED}"
    key: dict[str, Any] = {"rubric": context.rubric.name, "judge": judge, "scale": "binary"}
    if twin not in context.judges:
        why = f"no_other_order: no judge named {twin}, the same judge asked in the other order"
        return [Estimate(measure=measure.name, **key, reason=why)]
    whole = context.slices[0]
    first, second = (context.padded["binary", j].astype(np.int64) for j in (judge, twin))
    used = (first < 2) & (second < 2)
    row = Row(
        key={**key, "slice": whole.name},
        name=f"{context.rubric.name}|{judge}|orders|all",
        patterns=context.pools(whole, np.where(used, first * 2 + second, -1), 4),
        shape=(4,),
        left_out=_left_out(context, {"not_both": ~used}),
        distinct=_distinct(context, used),
    )
    return estimates_of([row], [measure], context.options)
