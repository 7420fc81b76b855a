"""Records to the interchange form; reading it back loses nothing."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from judgeaudit.errors import InputError, StoreError
from judgeaudit.model import Judgement, Label, Output, Rubric, Status
from judgeaudit.readers._declared import declaration
from judgeaudit.readers._records import Records
from judgeaudit.readers._table import shown
from judgeaudit.text import utf8

_JUDGEMENT = Judgement(item_id="", judge="", rubric="", status=Status.MISSING)
_JUDGEMENT_FIELDS = (
    "score",
    "confidence",
    "confidence_source",
    "rationale",
    "raw",
    "parse_method",
    "detail",
    "seconds",
    "fingerprint",
    "output_hash",
    "rubric_version",
)
_LABEL = Label(item_id="", annotator=None, rubric="", value="", kind="human")
_LABEL_FIELDS = ("kind", "weight", "selected_by", "note", "time")
_T = TypeVar("_T", Judgement, Label)


def write_interchange(records: Records, path: Path) -> None:
    """Write records as JSON Lines, one output a line.

    Raises
    ------
    InputError
        A judgement or label belongs to no output, a rubric's name holds a slash, or the place cannot be written.
    StoreError
        The disk is full.
    """
    try:
        with path.open("wb") as file:
            for line in interchange_lines(records):
                file.write(line)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreError(f"{path.name}: the disk is full; what was written before is not whole") from None
        why = error.strerror or ""
        raise InputError("cannot be written", where=path.name, got=why, next_step="choose another place") from None


def interchange_lines(records: Records) -> Iterator[bytes]:
    """The lines of the file, each with its line end.

    Raises
    ------
    InputError
        As for `write_interchange`.
    """
    items = {o.item_id for o in records.outputs}
    rubrics = {r.name: r for r in records.rubrics}
    for part in (records.judgements, records.labels, records.references):
        _check(part, items)
        for one in part:
            rubrics.setdefault(one.rubric, Rubric(name=one.rubric))
    for name in rubrics:
        if "/" in name or not name:
            raise InputError("a rubric's name cannot be written", got=shown(name), expected="a name without a slash")
    judgements = _by_item(records.judgements)
    labels, references = _by_item(records.labels), _by_item(records.references)
    for place, output in enumerate(records.outputs):
        line = _object(
            output,
            judgements.get(output.item_id, []),
            labels.get(output.item_id, []),
            references.get(output.item_id, []),
        )
        if place == 0 and rubrics:
            line["rubrics"] = {name: declaration(rubric) for name, rubric in rubrics.items()}
        # Not ASCII-only: two lone surrogates in a row would come back from JSON escapes as one character.
        yield utf8(json.dumps(line, ensure_ascii=False)) + b"\n"


def _check(part: Sequence[Judgement] | Sequence[Label], items: set[str]) -> None:
    lost = [one.item_id for one in part if one.item_id not in items]
    if lost:
        what = "judgements" if isinstance(part[0], Judgement) else "labels"
        raise InputError(f"{what} belong to no output", got=f"{len(lost)}, the first on item {shown(lost[0])}")


def _by_item(part: Sequence[_T]) -> dict[str, list[_T]]:
    found: dict[str, list[_T]] = {}
    for one in part:
        found.setdefault(one.item_id, []).append(one)
    return found


def _object(
    output: Output, judgements: Sequence[Judgement], labels: Sequence[Label], references: Sequence[Label]
) -> dict[str, Any]:
    line: dict[str, Any] = {
        "item_id": output.item_id,
        "prompt": output.prompt,
        "response": output.response,
        "model": output.model,
        "dataset": output.dataset,
        "human_labels": [_label(label) for label in labels],
        "judge_verdicts": _verdicts(judgements),
        "meta": dict(output.meta),
    }
    if references:
        line["reference"] = _references(references)
    return line


def _verdicts(judgements: Sequence[Judgement]) -> dict[str, Any]:
    found: dict[str, list[Judgement]] = {}
    for one in judgements:
        found.setdefault(f"{one.judge}/{one.rubric}", []).append(one)
    return {
        key: _verdict(ones[0], 1) if len(ones) == 1 else [_verdict(one, k) for k, one in enumerate(ones, 1)]
        for key, ones in found.items()
    }


def _verdict(one: Judgement, place: int) -> Any:
    fields = {name: getattr(one, name) for name in _JUDGEMENT_FIELDS if getattr(one, name) != getattr(_JUDGEMENT, name)}
    if one.usage is not None:
        usage = {"input_tokens": one.usage.input_tokens, "output_tokens": one.usage.output_tokens}
        fields["usage"] = {k: v for k, v in usage.items() if v is not None} | {"requests": one.usage.requests}
    if one.trial != place:
        fields["trial"] = one.trial
    if one.status not in (Status.OK, Status.MISSING):
        fields["status"] = str(one.status)
    return {"verdict": one.verdict, **fields} if fields else one.verdict


def _label(label: Label) -> dict[str, Any]:
    return {"annotator": label.annotator, "label": label.value, "dimension": label.rubric, **_told(label)}


def _told(label: Label) -> Mapping[str, Any]:
    return {name: getattr(label, name) for name in _LABEL_FIELDS if getattr(label, name) != getattr(_LABEL, name)}


def _references(references: Sequence[Label]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for label in references:
        told = {**_told(label), **({"annotator": label.annotator} if label.annotator is not None else {})}
        found.setdefault(label.rubric, []).append({"value": label.value, **told} if told else label.value)
    return {rubric: values[0] if len(values) == 1 else values for rubric, values in found.items()}
