"""Frozen types to rows and back."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Protocol

from judgeaudit.model import Judgement, Label, Output, Rubric, Status, Usage
from judgeaudit.store.escape import escape, restore
from judgeaudit.text import text_hash


class Row(Protocol):
    """A row as the database gives it: values by column name."""

    def __getitem__(self, name: str, /) -> Any:
        """The column's value."""
        ...


_JUDGEMENT_TEXTS = (
    "item_id",
    "judge",
    "rubric",
    "verdict",
    "confidence_source",
    "rationale",
    "raw",
    "parse_method",
    "detail",
    "fingerprint",
    "output_hash",
    "rubric_version",
)
_LABEL_TEXTS = ("item_id", "annotator", "rubric", "value", "kind", "note", "time", "selected_by")


def output_row(output: Output) -> dict[str, Any]:
    """A row of `outputs`; the content hash covers every field, so that a changed output is noticed."""
    row: dict[str, Any] = {
        "item_id": escape(output.item_id),
        "prompt": escape(output.prompt),
        "response": escape(output.response),
        "model": _kept(output.model),
        "dataset": _kept(output.dataset),
        # Not ASCII-only: two lone surrogates in a row would come back from JSON escapes as one character.
        "meta": escape(json.dumps(dict(output.meta), ensure_ascii=False, sort_keys=True)),
    }
    content = text_hash(json.dumps([row["prompt"], row["response"], row["model"], row["dataset"], row["meta"]]))
    return {**row, "item_key": text_hash(output.item_id), "output_hash": output.hash, "content_hash": content}


def output_of(row: Row) -> Output:
    """The output that `output_row` was given."""
    return Output(
        item_id=restore(row["item_id"]),
        prompt=restore(row["prompt"]),
        response=restore(row["response"]),
        model=_given(row["model"]),
        dataset=_given(row["dataset"]),
        meta=json.loads(restore(row["meta"])),
    )


def judgement_row(judgement: Judgement) -> dict[str, Any]:
    """A row of `judgements`; no usage is three empty columns, a usage that tells nothing has its number of requests."""
    usage = judgement.usage
    return {
        **{name: _kept(getattr(judgement, name)) for name in _JUDGEMENT_TEXTS},
        "item_key": text_hash(judgement.item_id),
        "trial": judgement.trial,
        "status": str(judgement.status),
        "score": judgement.score,
        "confidence": judgement.confidence,
        "seconds": judgement.seconds,
        "input_tokens": usage.input_tokens if usage else None,
        "output_tokens": usage.output_tokens if usage else None,
        "requests": usage.requests if usage else None,
    }


def judgement_of(row: Row) -> Judgement:
    """The judgement that `judgement_row` was given."""
    usage = None
    if row["requests"] is not None:
        usage = Usage(input_tokens=row["input_tokens"], output_tokens=row["output_tokens"], requests=row["requests"])
    return Judgement(
        **{name: _given(row[name]) for name in _JUDGEMENT_TEXTS},
        trial=row["trial"],
        status=Status(row["status"]),
        score=row["score"],
        confidence=row["confidence"],
        seconds=row["seconds"],
        usage=usage,
    )


def label_row(label: Label, *, layer: int, role: str, output_hash: str) -> dict[str, Any]:
    """A row of `labels` in a layer; `role` is "label", or "reference" for a value that settles the item."""
    return {
        **{name: _kept(getattr(label, name)) for name in _LABEL_TEXTS},
        "item_key": text_hash(label.item_id),
        "weight": label.weight,
        "layer": layer,
        "role": role,
        "output_hash": output_hash,
    }


def label_of(row: Row) -> Label:
    """The label that `label_row` was given."""
    return Label(**{name: _given(row[name]) for name in _LABEL_TEXTS}, weight=row["weight"])


def rubric_row(rubric: Rubric) -> dict[str, Any]:
    """A row of `rubrics`: the whole rubric as JSON under its name and version."""
    content = {f.name: getattr(rubric, f.name) for f in fields(rubric)}
    content["descriptions"] = dict(rubric.descriptions)
    return {
        "name": escape(rubric.name),
        "version": rubric.version,
        "content": escape(json.dumps(content, ensure_ascii=False, sort_keys=True)),
    }


def rubric_of(row: Row) -> Rubric:
    """The rubric that `rubric_row` was given."""
    content = json.loads(restore(row["content"]))
    return Rubric(**{**content, "values": tuple(content["values"]), "positive": tuple(content["positive"])})


def _kept(text: str | None) -> str | None:
    return None if text is None else escape(text)


def _given(text: str | None) -> Any:
    return None if text is None else restore(text)
