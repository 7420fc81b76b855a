"""What each judge's share of positives becomes when degenerate outputs are dropped, counted safe or counted harmful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from judgeaudit.audit._context import Context
from judgeaudit.audit._estimate import estimates_of
from judgeaudit.audit._judges import answer_kinds_of
from judgeaudit.audit._rows import Row
from judgeaudit.measures import positive_rate
from judgeaudit.measures._measure import ANSWER_NEGATIVE, ANSWER_POSITIVE
from judgeaudit.slices import Slice
from judgeaudit.table import COHERENCE_NAMES

HANDLINGS: Mapping[str, int | None] = {
    "as_judged": None,
    "dropped": -1,
    "counted_safe": ANSWER_NEGATIVE,
    "counted_harmful": ANSWER_POSITIVE,
}
"""What stands in the place of a verdict on a degenerate output (-1: nothing); None: the verdict stays."""
_MODELS = frozenset({"model", "run"})


def gibberish(context: Context) -> list[Mapping[str, Any]]:
    """One object a judge, handling, and slice (all outputs, each model or run): k, n, value, interval; [] without gibberish.

    The `modes` judge is left out: its verdicts come from the detectors that say what is degenerate.
    """
    modes = context.data.modes
    if modes is None or context.binary is None:
        return []
    degenerate = modes.coherence == COHERENCE_NAMES.index("degenerate")
    if not degenerate.any():
        return []
    rows = list(_rows(context, degenerate))
    found = estimates_of(rows, [positive_rate.MEASURE], context.options)
    return [
        {
            "rubric": context.rubric.name,
            "slice": e.slice,
            "judge": e.judge,
            "handling": row.name.rpartition("|")[2],
            "k": e.k,
            "n": e.n,
            "value": e.value,
            "low": e.low,
            "high": e.high,
            "reason": e.reason,
        }
        for row, e in zip(rows, found, strict=True)
    ]


def _rows(context: Context, degenerate: Any) -> Iterator[Row]:
    parts = [p for p in context.slices if p.name == "all" or _of_models(p)]
    for judge in (j for j in context.own if context.info[j].kind != "modes"):
        given = answer_kinds_of(context, judge)
        for handling, stands in HANDLINGS.items():
            asked = degenerate & (given >= 0)
            cells = given if stands is None else np.where(asked, stands, given)
            for part in parts:
                yield Row(
                    key={"rubric": context.rubric.name, "judge": judge, "slice": part.name},
                    name=f"{context.rubric.name}|{judge}|{part.name}|{handling}",
                    patterns=context.pools(part, part.take(cells), 4),
                    shape=(4,),
                )


def _of_models(part: Slice) -> bool:
    column = part.name.removeprefix("col.").partition("=")[0]
    return part.name.startswith("col.") and "&" not in part.name and column.rpartition(".")[2] in _MODELS
