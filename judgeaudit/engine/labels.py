"""Labels from a table with one row a label, as annotation sheets and scripts write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from judgeaudit.errors import ConfigError, InputError, nearest
from judgeaudit.model import LABEL_KINDS, Label, LabelKind, as_value, number
from judgeaudit.readers._read import reader_of

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "item_id": ("item_id", "id"),
    "label": ("label", "value"),
    "annotator": ("annotator",),
    "rubric": ("rubric", "dimension"),
    "kind": ("kind",),
    "weight": ("weight",),
    "selected_by": ("selected_by",),
    "note": ("note",),
    "time": ("time",),
}


def read_labels(
    path: Path,
    *,
    kind: LabelKind | None = None,
    rubric: str | None = None,
    annotator: str | None = None,
    selected_by: str | None = None,
) -> list[Label]:
    """The labels of a table: columns `item_id` and `label`, and where the table has them `annotator`, `rubric`, `kind`,
    `weight`, `selected_by`, `note`, `time`.

    A row without a label is an item that was not labelled, and is left out.

    Parameters
    ----------
    kind, rubric, annotator, selected_by
        What the table does not say itself; a column goes before them.

    Raises
    ------
    InputError
        A column is missing, an id is empty, a kind or weight is none, or all labels are missing.
    ConfigError
        Neither the table nor the caller says who or what assigned the labels, or for which rubric.
    """
    labels = list(_labels(path, {"kind": kind, "rubric": rubric, "annotator": annotator, "selected_by": selected_by}))
    if not labels:
        raise InputError("all labels are missing", where=path.name, expected="a value in the column `label`")
    return labels


def _labels(path: Path, given: Mapping[str, str | None]) -> Iterator[Label]:
    found: dict[str, str | None] = {}
    for line, row in reader_of(path).rows(path):
        found = found or {name: next((c for c in names if c in row), None) for name, names in _COLUMNS.items()}
        for name in ("item_id", "label"):
            if found[name] is None:
                known = nearest(name, row)
                raise InputError("missing column", where=path.name, got=f"no {name!r}", next_step=known)
        cells = {name: row[column] for name, column in found.items() if row.get(column) not in (None, "")}
        value = as_value(cells.pop("label", None))
        if value is not None:
            yield _label(f"{path.name}, line {line}", {**given, **{k: str(v) for k, v in cells.items()}}, value)


def _label(where: str, cells: Mapping[str, str | None], value: str) -> Label:
    item_id, rubric = cells.get("item_id"), cells.get("rubric")
    if item_id is None:
        raise InputError("an id is empty", where=where)
    if rubric is None:
        raise ConfigError("labels of which rubric?", where=where, next_step="give a column `rubric`, or name it")
    weight = number(cells.get("weight") or "1")
    if weight is None or weight <= 0:
        raise InputError("no weight", where=where, got=repr(cells.get("weight")), expected="a number above 0")
    return Label(
        item_id=item_id,
        annotator=cells.get("annotator"),
        rubric=rubric,
        value=value,
        kind=_kind(cells.get("kind"), where),
        note=cells.get("note") or "",
        time=cells.get("time") or "",
        selected_by=cells.get("selected_by") or "",
        weight=weight,
    )


def _kind(kind: str | None, where: str) -> LabelKind:
    if kind is None:
        raise ConfigError(
            "who or what assigned these labels?",
            where=where,
            expected="`kind`: " + ", ".join(LABEL_KINDS),
            next_step="give a column `kind`, or write it in audit.yaml",
        )
    found = next((known for known in LABEL_KINDS if known == kind), None)
    if found is None:
        raise InputError("unknown kind of label", where=where, got=repr(kind), next_step=nearest(kind, LABEL_KINDS))
    return found
