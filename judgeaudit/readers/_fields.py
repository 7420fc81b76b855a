"""Fields of outputs as a store keeps them, and what their labels say of weights and selection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from judgeaudit.errors import ConfigError, InputError, nearest
from judgeaudit.model import LABEL_KINDS, Label, LabelKind, Output, as_value
from judgeaudit.readers._codes import ABSENT, Column, Encoder
from judgeaudit.readers._items import check_weights, grouping
from judgeaudit.readers._material import Labels, Rater
from judgeaudit.readers._paths import getter, known_paths
from judgeaudit.readers._request import CheckRequest
from judgeaudit.readers._sample import checked_selection, told_selection
from judgeaudit.readers._table import shown, to_floats
from judgeaudit.table import Floats, Grouping


class Fields:
    """Fields of outputs by path; a path without ``meta.`` may lead into meta."""

    def __init__(self, outputs: Sequence[Output], where: str) -> None:
        self._where = where
        self._records: list[dict[str, Any]] = [
            {"item_id": o.item_id, "prompt": o.prompt, "model": o.model, "dataset": o.dataset, "meta": dict(o.meta)}
            for o in outputs
        ]

    def cells(self, path: str) -> list[Any]:
        """What stands at the path, one an output."""
        for get in (getter(path), getter(f"meta.{path}")):
            found = [get(record) for record in self._records]
            if any(cell is not ABSENT for cell in found):
                return found
        known = known_paths(self._records[:100])
        raise ConfigError(
            "no output has that field", where=self._where, got=shown(path), next_step=nearest(path, known)
        )

    def selected(self) -> dict[int, set[str]]:
        """``meta.selected_by`` where it says something, by row."""
        told = [as_value(record["meta"].get("selected_by")) for record in self._records]
        return {row: {word} for row, word in enumerate(told) if word}

    def column(self, path: str) -> Column:
        """The same in codes."""
        return encoded(self.cells(path), f"{self._where}, field {shown(path)}")


def encoded(cells: Sequence[Any], where: str) -> Column:
    """Cells in codes; `where` names the file and the field in errors."""
    encoder = Encoder(where)
    encoder.add_any(cells)
    return encoder.column()


def weights_of_labels(
    place: Mapping[str, int],
    given: Sequence[Label],
    kinds: Mapping[LabelKind, Labels],
    fields: Fields,
    path: str | None,
    where: str,
) -> tuple[Floats | None, list[str]]:
    """Inclusion weights: of a field, else of the labels of the default kind; items without one count once."""
    if path is not None:
        cells = [None if cell is ABSENT else cell for cell in fields.cells(path)]
        return to_floats(cells, f"{where}, field {shown(path)}", 1), []
    default = next((kind for kind in LABEL_KINDS if kind in kinds), None)
    weights: dict[int, float] = {}
    for label in given:
        row = place.get(label.item_id)
        if row is None or label.kind != default or label.weight == 1:
            continue
        if weights.setdefault(row, label.weight) != label.weight:
            raise InputError(
                "one item's labels have two weights",
                where=f"{where}, item {shown(label.item_id)}",
                got=f"{weights[row]:g} and {label.weight:g}",
                expected="one inclusion weight an item",
            )
    if not weights:
        return None, []
    out = np.ones(len(place))
    out[list(weights)] = list(weights.values())
    return check_weights(out, "weight", where), [
        "inclusion weights of the labels are used; items without one count once"
    ]


def selection_of_labels(
    place: Mapping[str, int],
    given: Sequence[Label],
    kinds: Mapping[LabelKind, Labels],
    fields: Fields,
    asked: str | None,
    judges: Mapping[str, Sequence[Rater]],
) -> tuple[Grouping | None, list[str]]:
    """How outputs were selected for a label: as asked, else as the labels of the default kind say, else as meta says."""
    if asked is not None:
        column = CheckRequest(selected_by=asked).selection_column
        whole = Grouping(codes=np.zeros(len(place), dtype=np.int32), names=[asked])
        return checked_selection(whole if column is None else grouping(fields.column(column)), judges.keys())
    default = next((kind for kind in LABEL_KINDS if kind in kinds), None)
    mine = [(place[x.item_id], x.selected_by) for x in given if x.kind == default and x.item_id in place]
    words: dict[int, set[str]] = {}
    for row, word in mine:
        if word:
            words.setdefault(row, set()).add(word)
    told = told_selection(words or fields.selected(), dict(mine), len(place))
    return checked_selection(told, judges.keys())
