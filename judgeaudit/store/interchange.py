"""The store in interchange form: JSON Lines, one object an output."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from judgeaudit.model import Judgement, Label, Output
from judgeaudit.store.store import Store


def export_lines(store: Store) -> Iterator[str]:
    """One line of JSON for each output, in the store's order, each ending in a newline; ASCII only.

    What counts now is written: of each judge, rubric and trial the newest judgement on the output's present text, and the
    labels of the newest layers. A second import of the lines gives the same outputs, judgements, labels and references.

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
    for output in store.outputs():
        content = _content(
            output,
            judgements.get(output.item_id, ()),
            labels.get(output.item_id, ()),
            references.get(output.item_id, ()),
        )
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
        "human_labels": [_label(label) for label in labels],
        "judge_verdicts": _verdicts(judgements),
        "meta": finite(output.meta),
    }
    if references:
        content["reference"] = {label.rubric: label.value for label in references}
    return content


def _label(label: Label) -> dict[str, Any]:
    told: dict[str, Any] = {
        "annotator": label.annotator,
        "label": label.value,
        "dimension": label.rubric,
        "kind": label.kind,
    }
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
    return told


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
