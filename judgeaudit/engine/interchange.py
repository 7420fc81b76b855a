"""The store in interchange form: JSON Lines, one object an output."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from judgeaudit.model import Judgement, Label, Output, Rubric
from judgeaudit.readers._declared import declaration
from judgeaudit.store import Store


def export_lines(store: Store) -> Iterator[str]:
    """One line of JSON for each output, in the store's order, each ending in a newline; ASCII only.

    What counts now is written: of each judge, rubric and trial the newest judgement on the output's present text, and the
    labels of the newest layers. The first line also describes the rubrics. A second import of the lines gives the same
    outputs, judgements, labels, references and rubrics.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Store.open(f"{folder}/audit.db") as store:
    ...     _ = store.add_outputs([Output(item_id="1", prompt="Hello?", response="Hello.")])
    ...     print("".join(export_lines(store)), end="")  # doctest: +NORMALIZE_WHITESPACE
    {"item_id": "1", "prompt": "Hello?", "response": "Hello.", "model": null, "dataset": null, "human_labels": [],
     "judge_verdicts": {}, "meta": {}}
    """
    judgements: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in store.judgements():
        judgements[judgement.item_id].append(judgement)
    labels, references = _by_item(store.labels()), _by_item(store.references())
    named = {j.rubric for some in judgements.values() for j in some}
    named |= {label.rubric for given in (labels, references) for some in given.values() for label in some}
    known = {rubric.name: rubric for rubric in store.rubrics()}
    rubrics = {name: declaration(known.get(name, Rubric(name=name))) for name in sorted(named | set(known))}
    for number, output in enumerate(store.outputs()):
        content = _content(
            output,
            judgements.get(output.item_id, ()),
            labels.get(output.item_id, ()),
            references.get(output.item_id, ()),
        )
        if number == 0 and rubrics:
            content["rubrics"] = rubrics
        yield json.dumps(content, ensure_ascii=True, allow_nan=False) + "\n"


def _by_item(labels: Sequence[Label]) -> dict[str, list[Label]]:
    found: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        found[label.item_id].append(label)
    return found


def _content(
    output: Output, judgements: Sequence[Judgement], labels: Sequence[Label], references: Sequence[Label]
) -> dict[str, Any]:
    content: dict[str, Any] = {
        "item_id": output.item_id,
        "prompt": output.prompt,
        "response": output.response,
        "model": output.model,
        "dataset": output.dataset,
        "human_labels": [{**_said(label, "label"), "dimension": label.rubric} for label in labels],
        "judge_verdicts": _verdicts(judgements),
        "meta": finite(output.meta),
    }
    if references:
        by_rubric: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for label in references:
            by_rubric[label.rubric].append(_said(label, "value"))
        content["reference"] = {rubric: some[0] if len(some) == 1 else some for rubric, some in by_rubric.items()}
    return content


def _said(label: Label, value: str) -> dict[str, Any]:
    """A label or reference; `value` is the key under which its value stands."""
    told: dict[str, Any] = {"annotator": label.annotator, value: label.value, "kind": label.kind}
    if label.weight != 1.0:
        told["weight"] = label.weight
    more = {"selected_by": label.selected_by, "note": label.note, "time": label.time}
    return {**told, **{key: text for key, text in more.items() if text}}


def _verdicts(judgements: Sequence[Judgement]) -> dict[str, Any]:
    by_judge: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_judge[f"{judgement.judge}/{judgement.rubric}"].append(judgement)
    told = {}
    for name, some in by_judge.items():
        written = [_verdict(j) for j in sorted(some, key=lambda j: j.trial)]
        told[name] = written[0] if len(written) == 1 else written
    return told


def _verdict(judgement: Judgement) -> dict[str, Any]:
    told: dict[str, Any] = {"verdict": judgement.verdict, "status": str(judgement.status)}
    if judgement.score is not None:
        told["score"] = judgement.score
    if judgement.confidence is not None:
        told |= {"confidence": judgement.confidence, "confidence_source": judgement.confidence_source}
    if judgement.rationale:
        told["rationale"] = judgement.rationale
    if judgement.trial != 1:
        told["trial"] = judgement.trial
    more = {"raw": judgement.raw, "parse_method": judgement.parse_method, "detail": judgement.detail}
    told |= {key: text for key, text in more.items() if text}
    if judgement.usage is not None:
        told["usage"] = asdict(judgement.usage)
    if judgement.seconds is not None:
        told["seconds"] = judgement.seconds
    more = {"fingerprint": judgement.fingerprint, "rubric_version": judgement.rubric_version}
    return {**told, **{key: text for key, text in more.items() if text}}


def finite(content: Any) -> Any:
    """JSON content with NaN and infinities as the text that names them: strict JSON has no such numbers.

    Examples
    --------
    >>> finite({"a": [1.5, float("nan")]})
    {'a': [1.5, 'nan']}
    """
    if isinstance(content, float):
        return content if math.isfinite(content) else str(content)
    if isinstance(content, Mapping):
        return {str(key): finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [finite(value) for value in content]
    return content
