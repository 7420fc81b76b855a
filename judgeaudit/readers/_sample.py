"""Which outputs are a sample of more: those with an inclusion weight, and how outputs were selected for a label."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from judgeaudit.model import LabelKind
from judgeaudit.readers._codes import MISSING, Column
from judgeaudit.readers._items import check_weights
from judgeaudit.readers._material import Ballots, Labels, Material, Rater, VoteCounts
from judgeaudit.readers._table import shown
from judgeaudit.table import NOT_ASKED, Floats, Grouping

Mask = npt.NDArray[np.bool_]

BY_JUDGE = "judge:"
NOT_TOLD = "not told"


def sampled(material: Material) -> Material:
    """Material in which every output has a weight, if any has.

    Weights of labels: an output without a label needs none. Weights of outputs: one that has neither weight nor verdict is no
    part of the sample that judges were asked about, and is left out.

    Raises
    ------
    InputError
        An output that needs a weight has none, or one that is not positive.
    """
    weights = material.weights
    if weights is None:
        return material
    lacking = np.isnan(weights)
    if material.weights_of == "labels":
        spare = lacking & ~labelled(material.labels, material.n)
        return replace(material, weights=_checked(material, weights, spare))
    spare = lacking & ~_answered(material) if material.judges else np.zeros(material.n, dtype=bool)
    _checked(material, weights, spare)
    return _without(material, spare) if spare.any() else material


def _checked(material: Material, weights: Floats, spare: Mask) -> Floats:
    """The weights with 1 in the place of those that may be lacking."""
    return check_weights(np.where(spare, 1.0, weights), material.weight_name, material.where)


def labelled(kinds: Mapping[LabelKind, Labels], n: int) -> Mask:
    """(n,) outputs with a label of one of the kinds."""
    out = np.zeros(n, dtype=bool)
    for labels in kinds.values():
        for rater in labels.columns:
            out |= rater.column.codes >= 0
        for counts in labels.counts:
            out |= counts.positive >= 0
        if labels.ballots is not None:
            out[labels.ballots.rows] = True
    return out


def _answered(material: Material) -> Mask:
    """Outputs with a verdict, or with a reason why there is none other than that nothing stands there."""
    out = np.zeros(material.n, dtype=bool)
    for trials in material.judges.values():
        for rater in trials:
            out |= ~np.isin(rater.column.codes, (NOT_ASKED, MISSING))
    return out


def _without(material: Material, left: Mask) -> Material:
    keep, count = np.flatnonzero(~left), int(left.sum())
    place = np.cumsum(~left) - 1
    note = f"{count} outputs have neither a weight nor a verdict: they are no part of the sample and are left out"
    return replace(
        material,
        item_ids=_texts(material.item_ids, keep),
        prompts=None if material.prompts is None else _texts(material.prompts, keep),
        responses=None if material.responses is None else _texts(material.responses, keep),
        finish_reasons=None if material.finish_reasons is None else [material.finish_reasons[int(i)] for i in keep],
        models=None if material.models is None else _grouping(material.models, keep),
        judges={name: [_rater(r, keep) for r in trials] for name, trials in material.judges.items()},
        labels={kind: _labels(labels, keep, place, left) for kind, labels in material.labels.items()},
        clusters=None if material.clusters is None else material.clusters[keep],
        weights=None if material.weights is None else material.weights[keep],
        selected_by=None if material.selected_by is None else _grouping(material.selected_by, keep),
        slices={name: _grouping(column, keep) for name, column in material.slices.items()},
        sources=[
            *material.sources,
            {"name": f"{material.where}, outputs with a weight", "rows": len(keep), "left_out": {"no_weight": count}},
        ],
        notes=[*material.notes, note],
    )


def _texts(texts: Sequence[str], keep: npt.NDArray[np.int64]) -> list[str]:
    return [texts[i] for i in keep]


def _grouping(column: Grouping, keep: npt.NDArray[np.int64]) -> Grouping:
    return replace(column, codes=column.codes[keep])


def _rater(rater: Rater, keep: npt.NDArray[np.int64]) -> Rater:
    column = _column(rater.column, keep)
    rationales = None if rater.rationales is None else _texts(rater.rationales, keep)
    return replace(
        rater, column=column, scores=None if rater.scores is None else rater.scores[keep], rationales=rationales
    )


def _column(column: Column, keep: npt.NDArray[np.int64]) -> Column:
    """The column's cells that are kept; a value that none of them has goes from the list."""
    codes = column.codes[keep]
    used = np.unique(codes[codes >= 0])
    lut = np.full(len(column.values) + 1, -1, dtype=np.int32)
    lut[used] = np.arange(len(used))
    return Column(np.where(codes >= 0, lut[codes], codes).astype(np.int32), tuple(column.values[i] for i in used))


def _labels(labels: Labels, keep: npt.NDArray[np.int64], place: npt.NDArray[np.int64], left: Mask) -> Labels:
    ballots = labels.ballots
    if ballots is not None:
        kept = ~left[ballots.rows]
        ballots = Ballots(rows=place[ballots.rows[kept]], codes=ballots.codes[kept], values=ballots.values)
    return Labels(
        annotators=[_rater(r, keep) for r in labels.annotators],
        ballots=ballots,
        counts=[VoteCounts(name=c.name, positive=c.positive[keep], of=c.of) for c in labels.counts],
        adjudicated=None if labels.adjudicated is None else _rater(labels.adjudicated, keep),
    )


def told_selection(words: Mapping[int, set[str]], rows: Collection[int], n: int) -> Grouping | None:
    """How labels say that their outputs were selected; None where none does.

    Parameters
    ----------
    words
        Rows with the words of their labels.
    rows
        Those that have a label: one whose labels say nothing, where others do, is `NOT_TOLD`.

    Examples
    --------
    >>> told = told_selection({0: {"random"}, 2: {"judge:j", "random"}}, [0, 1, 2], 4)
    >>> told.names, told.codes.tolist()
    (['not told', 'random', 'several: judge:j, random'], [1, 0, 2, -1])
    >>> told_selection({}, [0, 1], 2) is None
    True
    """
    if not words:
        return None
    said = dict.fromkeys(rows, NOT_TOLD)
    said |= {row: min(w) if len(w) == 1 else f"several: {', '.join(sorted(w))}" for row, w in words.items()}
    names = sorted(set(said.values()))
    place = {name: code for code, name in enumerate(names)}
    codes = np.full(n, -1, dtype=np.int32)
    codes[list(said)] = [place[word] for word in said.values()]
    return Grouping(codes=codes, names=names)


def checked_selection(told: Grouping | None, judges: Collection[str]) -> tuple[Grouping | None, list[str]]:
    """The same, and a note on judges that decided what was labelled and are not there to be corrected for."""
    if told is None or not len(told.names):
        return None, []
    deciding = [name.removeprefix(BY_JUDGE) for name in told.names if name.startswith(BY_JUDGE)]
    lacking = [shown(name) for name in deciding if name not in judges]
    if not lacking:
        return told, []
    return told, [
        f"labels were selected by the verdicts of {', '.join(lacking)}, which are not in this audit: what that does to error "
        "rates cannot be corrected"
    ]
