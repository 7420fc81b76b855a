"""Verdicts against what the judge's own rationale states: on all outputs, on coherent and on degenerate ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from judgeaudit.audit._context import MAX_CROSSED, Context
from judgeaudit.audit._estimate import estimates_of
from judgeaudit.audit._rows import Row
from judgeaudit.judges._rationale import named_values
from judgeaudit.measures import rationale_contradiction_rate
from judgeaudit.model import Estimate
from judgeaudit.slices import Slice
from judgeaudit.sums.patterns import Ints, counted
from judgeaudit.table import CODE_STATUSES, Ratings

_AGREES, _CONTRADICTS, _NOT_DECIDABLE, _NO_RATIONALE, _NO_VERDICT = range(5)
_MEASURE = rationale_contradiction_rate.MEASURE


def rationales(context: Context, judge: str) -> list[Estimate]:
    """How often a judge's first trial contradicts its rationales; one estimate with the reason where it cannot be told."""
    key: dict[str, Any] = {"rubric": context.rubric.name, "judge": judge, "scale": "full"}
    ratings = context.judges[judge][0]
    if ratings.rationales is None or not any(ratings.rationales):
        left_out = _left_out(context, context.slices[0], ratings, _unread(ratings))
        why = "no_rationales: no verdict came with a rationale"
        return [Estimate(measure=_MEASURE.name, **key, left_out=left_out, reason=why)]
    if len(context.offered) > MAX_CROSSED:
        why = f"too_many_values: the scale has {len(context.offered)} values, more than {MAX_CROSSED}"
        return [Estimate(measure=_MEASURE.name, **key, reason=why)]
    kinds = _read(ratings, ratings.rationales, context.offered, context.data.responses)
    slices = [p for p in context.slices if p.name == "all" or (p.name.startswith("coherence=") and "&" not in p.name)]
    rows = [_row(context, key, ratings, kinds, part) for part in slices]
    return estimates_of(rows, [_MEASURE], context.options)


def _read(ratings: Ratings, texts: Sequence[str], offered: tuple[str, ...], responses: Sequence[str] | None) -> Ints:
    """(n,) what each rationale is beside its verdict; equal rationales of equal outputs are read once."""
    codes = ratings.codes.tolist()
    kinds = _unread(ratings)
    known: dict[tuple[str, str], frozenset[str] | None] = {}
    for place, text in enumerate(texts):
        if not text or codes[place] < 0:
            continue
        both = (text, "" if responses is None else responses[place])
        if both not in known:
            known[both] = named_values(text, offered, both[1])
        left = known[both]
        verdict = offered[codes[place]]
        kinds[place] = _NOT_DECIDABLE if left is None else _AGREES if verdict in left else _CONTRADICTS
    return kinds


def _unread(ratings: Ratings) -> Ints:
    return np.where(ratings.codes < 0, _NO_VERDICT, _NO_RATIONALE).astype(np.int64)


def _row(context: Context, key: dict[str, Any], ratings: Ratings, kinds: Ints, part: Slice) -> Row:
    own = part.take(kinds)
    used = own <= _CONTRADICTS
    texts = context.distinct(part, used)
    return Row(
        key={**key, "slice": part.name},
        name=f"{context.rubric.name}|{key['judge']}|rationales|{part.name}",
        patterns=context.pools(part, np.where(used, own, -1), 2),
        shape=(2,),
        left_out=_left_out(context, part, ratings, own),
        distinct=None if texts is None else {"": texts},
    )


def _left_out(context: Context, part: Slice, ratings: Ratings, kinds: Ints) -> dict[str, float]:
    """Outputs of the slice by why they are not counted: the status where there is no verdict."""
    weights = None if context.data.weights is None else part.take(context.data.weights)
    by_kind = counted(kinds, 5, weights)
    found = {"no_rationale": float(by_kind[_NO_RATIONALE]), "not_decidable": float(by_kind[_NOT_DECIDABLE])}
    statuses = counted(-part.take(ratings.codes).clip(max=0), len(CODE_STATUSES) + 1, weights)
    found |= {str(status): float(statuses[-code]) for code, status in CODE_STATUSES.items()}
    return {reason: count for reason, count in found.items() if count > 0}
