"""What the labels of a file in the interchange form say of weights and selection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from judgeaudit.model import LABEL_KINDS, LabelKind
from judgeaudit.readers._collect import Found
from judgeaudit.readers._columns import asked_selection, base_name
from judgeaudit.readers._material import Labels, Rater
from judgeaudit.readers._request import CheckRequest
from judgeaudit.readers._sample import checked_selection, labelled, told_selection
from judgeaudit.table import Floats, Grouping


def mine(own: str | None, rubric: str, alone: bool) -> bool:
    """Whether what is told of one rubric, or of none, is of the rubric audited; `alone`: there is no other."""
    return own == rubric or (own is None and alone)


def inclusion_weights(
    found: Found, rubric: str, request: CheckRequest, labels: Mapping[LabelKind, Labels], alone: bool
) -> tuple[Floats | None, list[str]]:
    """Inclusion weights: of a column, else of the labels of the default kind; items without one count once."""
    if request.weight is not None:
        return np.concatenate(found.numbers[request.weight]), []
    default = next((k for k in LABEL_KINDS if k in labels), None)
    out = np.ones(found.n)
    for (kind, dimension), own in found.weights.items():
        if kind == default and mine(dimension, rubric, alone):
            out[list(own)] = list(own.values())
    if (out == 1).all():
        return None, []
    return out, ["inclusion weights of the labels are used; items without one count once"]


def selection(
    found: Found,
    rubric: str,
    request: CheckRequest,
    labels: Mapping[LabelKind, Labels],
    judges: Sequence[Rater],
    alone: bool,
) -> tuple[Grouping | None, list[str]]:
    """How outputs were selected for a label: as asked, else as the labels of the default kind say, else as meta says."""
    if request.selected_by is not None:
        columns = {c: found.column(c) for c in (request.selection_column,) if c is not None}
        return asked_selection(request, found.n, judges, columns, found.where)
    default = next((k for k in LABEL_KINDS if k in labels), None)
    words: dict[int, set[str]] = {}
    for (kind, dimension), told in found.selected.items():
        if kind == default and mine(dimension, rubric, alone):
            for row, own in told.items():
                words.setdefault(row, set()).update(own)
    rows = () if default is None else np.flatnonzero(labelled({default: labels[default]}, found.n)).tolist()
    told_by = told_selection(words or found.selected_in_meta, rows, found.n)
    return checked_selection(told_by, {base_name(r.name, request.trials) for r in judges})
