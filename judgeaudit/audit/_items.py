"""Single outputs for the disagreement browser: examples of every cell, and the worst; with every verdict and label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from judgeaudit.audit._context import Context, Small
from judgeaudit.audit._examples import examples
from judgeaudit.model import LABEL_KINDS
from judgeaudit.table import CODE_STATUSES, COHERENCE_NAMES, NOT_ASKED, Floats, Ratings
from judgeaudit.text import head_and_tail

MOST = 500
"""Items kept a rubric, more only where cells need them: enough to read, and a page that opens at once."""
TEXT = 4000
_MANY_VALUES = 200


def disagreements(context: Context, most: int = MOST) -> list[Mapping[str, Any]]:
    """Items that show what the cells of the mode x judge tables count, then the worst, up to `most` in all; the worst first.

    Worst are those on which a judge is wrong, has no verdict, or judges differ. The order is by the share of judges that are
    wrong (without a reference: that differ from the commonest verdict), then by how many have none, then by place. A
    degenerate output goes before a coherent one of equal standing.
    """
    own = {judge: context.judges[judge][0] for judge in context.own}
    default = context.default
    if not own or (default is None and context.binary is None and len(context.offered) > _MANY_VALUES):
        return []
    scale = context.scales[0]
    size = context.size(scale)
    codes = {j: context.padded[scale, j] for j in own}
    truth = _commonest(list(codes.values()), size) if default is None else context.on_scale(default.codes, scale)
    wrong, unscored = (np.zeros(context.data.n, dtype=np.int32) for _ in range(2))
    for judge, column in codes.items():
        wrong += _differs(column, truth, size)
        unscored += own[judge].codes < NOT_ASKED
    score = wrong + 0.1 * unscored
    if context.data.modes is not None:
        score = score + 0.001 * (context.data.modes.coherence == COHERENCE_NAMES.index("degenerate")) * (score > 0)
    return [
        _item(context, i, [j for j, c in codes.items() if _differs(c[i], truth[i], size)], float(score[i]) / len(own))
        for i in _chosen(context, score, most)
    ]


def _chosen(context: Context, score: Floats, most: int) -> list[int]:
    """Places of the examples and, as far as there is room, of the largest scores; the largest first, equal ones by place."""
    worst = _largest(score, most)
    if context.data.modes is None:
        return worst
    rank = np.empty(len(score), dtype=np.int64)
    rank[np.argsort(-score, kind="stable")] = np.arange(len(score))
    chosen = examples(context, rank)
    for i in worst:
        if len(chosen) >= most:
            break
        chosen.add(i)
    return sorted(chosen, key=lambda i: int(rank[i]))


def _differs(own: Any, truth: Any, size: int) -> Any:
    """Where both are on the scale and not equal."""
    return (own < size) & (truth < size) & (own != truth)


def _largest(score: Floats, most: int) -> list[int]:
    """Places of the largest scores above 0, largest first, equal ones by place."""
    least = np.partition(score, -most)[-most] if most < len(score) else 0.0
    chosen = np.flatnonzero((score >= least) & (score > 0))
    return [int(i) for i in chosen[np.argsort(-score[chosen], kind="stable")][:most]]


def _commonest(columns: Sequence[Small], size: int) -> Small:
    counts = np.stack([sum((c == v).astype(np.int32) for c in columns) for v in range(size)])
    return np.asarray(np.where(counts.max(axis=0) > 0, counts.argmax(axis=0), size), dtype=columns[0].dtype)


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
            k: _value(context, context.references[k].codes[i]) for k in LABEL_KINDS if k in context.references
        },
        "labels": {
            kind: {a: v for a, r in labels.annotators.items() if (v := _value(context, r.codes[i])) is not None}
            for kind, labels in data.labels.items()
        },
        "verdicts": {j: _verdict(context, context.judges[j][0], i) for j in context.own},
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
