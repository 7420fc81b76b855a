"""Single outputs for the disagreement browser: the worst first, with every verdict and label."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from judgeaudit.audit._context import LABEL_ORDER, Context
from judgeaudit.sums.patterns import Ints
from judgeaudit.table import CODE_STATUSES, COHERENCE_NAMES, Codes, Ratings
from judgeaudit.text import head_and_tail

MOST = 500
"""Items kept a rubric: enough to read, and a page that opens at once."""
TEXT = 4000
_MANY_VALUES = 200


def disagreements(context: Context, most: int = MOST) -> list[Mapping[str, Any]]:
    """At most `most` items on which a judge is wrong, has no verdict, or judges differ; the worst first.

    The order is by the share of judges that are wrong (without a reference: that differ from the commonest verdict), then
    by how many have none, then by place. A degenerate output goes before a coherent one of equal standing.
    """
    own = {j: r[0] for j, r in context.judges.items() if not context.info[j].baseline}
    default = next((r for k, r in context.references.items() if k != "model"), None)
    if not own or (default is None and context.binary is None and len(context.offered) > _MANY_VALUES):
        return []
    wrong, unscored = _wrong(context, own, None if default is None else default.codes)
    score = wrong.sum(axis=1) / len(own) + 0.1 * unscored.sum(axis=1) / len(own)
    if context.data.modes is not None:
        score = score + 0.001 * (context.data.modes.coherence == COHERENCE_NAMES.index("degenerate")) * (score > 0)
    candidates = np.flatnonzero(score > 0)
    chosen = heapq.nsmallest(most, candidates.tolist(), key=lambda i: (-score[i], i))
    names = list(own)
    return [_item(context, i, [names[k] for k in np.flatnonzero(wrong[i])], float(score[i])) for i in chosen]


def _wrong(context: Context, judges: Mapping[str, Ratings], reference: Codes | None) -> tuple[Ints, Ints]:
    """(n, judges) whether each judge is wrong, and whether it was asked and has no verdict."""
    codes = np.stack([r.codes for r in judges.values()], axis=1)
    seen = _on_scale(context, codes)
    truth = _commonest(seen) if reference is None else _on_scale(context, reference)
    there = (codes >= 0) & (seen >= 0) & (truth >= 0)[:, None]
    return (there & (seen != truth[:, None])).astype(np.int64), (codes < -1).astype(np.int64)


def _on_scale(context: Context, codes: Codes) -> Ints:
    """Negative and positive where the rubric has them, else the values themselves; below 0: no value."""
    if context.binary is None:
        return codes.astype(np.int64)
    return np.where(codes >= 0, context.binary[np.maximum(codes, 0)], -1).astype(np.int64)


def _commonest(seen: Ints) -> Ints:
    values = np.arange(int(seen.max(initial=0)) + 1)
    return np.asarray(np.stack([(seen == v).sum(axis=1) for v in values], axis=1).argmax(axis=1))


def _item(context: Context, i: int, wrong: Sequence[str], worst: float) -> Mapping[str, Any]:
    data = context.data
    modes = data.modes
    return {
        "rubric": data.rubric.name,
        "item_id": data.item_ids[i],
        "prompt": None if data.prompts is None else head_and_tail(data.prompts[i], TEXT)[0],
        "response": None if data.responses is None else head_and_tail(data.responses[i], TEXT)[0],
        "model": None if data.models is None or data.models.codes[i] < 0 else data.models.names[data.models.codes[i]],
        "coherence": None if modes is None else COHERENCE_NAMES[int(modes.coherence[i])],
        "modes": [] if modes is None else [m for m, there in modes.modes.items() if there[i]],
        "slices": {c: g.names[g.codes[i]] for c, g in data.slices.items() if g.codes[i] >= 0},
        "reference": {
            k: _value(context, context.references[k].codes[i]) for k in LABEL_ORDER if k in context.references
        },
        "labels": {
            kind: {a: v for a, r in labels.annotators.items() if (v := _value(context, r.codes[i])) is not None}
            for kind, labels in data.labels.items()
        },
        "verdicts": {j: _verdict(context, r[0], i) for j, r in context.judges.items() if not context.info[j].baseline},
        "wrong": list(wrong),
        "worst": round(worst, 6),
    }


def _value(context: Context, code: int) -> str | None:
    return context.offered[code] if code >= 0 else None


def _verdict(context: Context, ratings: Ratings, i: int) -> Mapping[str, Any]:
    code = int(ratings.codes[i])
    score = None if ratings.scores is None or np.isnan(ratings.scores[i]) else float(ratings.scores[i])
    status = "ok" if code >= 0 else str(CODE_STATUSES[code])
    return {"verdict": _value(context, code), "status": status, "score": score}
