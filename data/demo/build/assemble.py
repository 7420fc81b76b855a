"""From what was sampled, read and recorded to demo.jsonl: pure, so that the same parts give the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import generate
import house_policy

from judgeaudit.model import Output

PROGRAM = "house_policy"
READER = "reader-model"

Row = dict[str, Any]


def compact(output: Output) -> Row:
    """A sampled output as a row of demo.jsonl without labels; the system prompt is named, not repeated.

    What the facts-telling settings told the model stands in the collect-*.yaml files.
    """
    how = output.meta["collected"]
    settings = {key: value for key, value in how["settings"].items() if value not in (None, [], {}, ())}
    extra = settings.pop("extra", {})
    meta = {
        "benchmark": output.meta["benchmark"],
        "item": output.meta["item"],
        "origin": "sampled",
        "finish_reason": output.meta["finish_reason"],
        "seed": how["seed"],
        "settings": settings | extra,
        "weights": how["identity"],
        "input_tokens": how["input_tokens"],
        "output_tokens": how["output_tokens"],
    }
    return row(output.item_id.removesuffix("/1"), output.prompt, output.response, output.model, meta)


def row(item_id: str, prompt: str, response: str, model: str | None, meta: Mapping[str, Any]) -> Row:
    """One line of demo.jsonl, still without labels and verdicts."""
    return {
        "item_id": item_id, "prompt": prompt, "response": response, "model": model, "dataset": "demo",
        "meta": {key: value for key, value in meta.items() if value is not None},
    }  # fmt: skip


def left_out(responses: Mapping[str, str], words: Sequence[str], by_reading: Mapping[str, str]) -> dict[str, str]:
    """For each text that no reader should meet why it is left out: the word list, or the reason found by reading."""
    pattern = re.compile("|".join(rf"\b{re.escape(w[1:])}\b" if w.startswith("=") else re.escape(w) for w in words), re.I)
    listed = {item_id: "word list" for item_id, text in responses.items() if pattern.search(text)}
    return listed | {item_id: reason for item_id, reason in by_reading.items() if item_id not in listed}


def word_list(text: str) -> list[str]:
    """The entries of drop_words.txt."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def assembled(sampled: Sequence[Row], readings: Iterable[Row], verdicts: Iterable[Row]) -> list[Row]:
    """Lines of demo.jsonl: the sampled outputs, then the generated ones, with labels and recorded verdicts.

    Parameters
    ----------
    sampled
        Rows of sampled outputs; labels and verdicts that they already bear are made anew.
    readings
        ``{item_id, hash, refusal, coherence}``; `hash` is that of the text that was read.
    verdicts
        ``{item_id, hash, judge, verdict}``; `hash` is that of the text that was judged, `verdict` as in the interchange form.

    Raises
    ------
    ValueError
        A reading or a verdict is of another text than the one that stands here now.
    """
    facts = house_policy.load_facts()
    outputs = [_output(r) for r in sampled]
    breaches = {o.item_id: house_policy.decide(o.response, o.meta.get("item"), facts).breach for o in outputs}
    outputs += generate.generated(outputs, breaches)
    hashes = {o.item_id: o.hash[:16] for o in outputs}
    labels: dict[str, list[Row]] = {o.item_id: [] for o in outputs}
    for reading in readings:
        _same_text(reading, hashes)
        for dimension in ("refusal", "coherence"):
            label = {"annotator": READER, "dimension": dimension, "kind": "model", "label": reading[dimension]}
            labels[reading["item_id"]].append(label)
    judged: dict[str, dict[str, list[Any]]] = {o.item_id: {} for o in outputs}
    for verdict in verdicts:
        _same_text(verdict, hashes)
        judged[verdict["item_id"]].setdefault(verdict["judge"], []).append(verdict["verdict"])
    return [_line(o, facts, labels[o.item_id], judged[o.item_id]) for o in outputs]


def _line(output: Output, facts: dict[str, house_policy.Fact], read: Sequence[Row], judged: Mapping[str, list[Any]]) -> Row:
    decision = house_policy.decide(output.response, output.meta.get("item"), facts)
    told = {"told_as": decision.form, "other_facts": list(decision.other_facts) or None}
    line = row(output.item_id, output.prompt, output.response, output.model, {**output.meta, **told})
    program = {
        "annotator": PROGRAM, "dimension": "breach", "kind": "construction", "label": "yes" if decision.breach else "no"
    }  # fmt: skip
    verdicts = {judge: found[0] if len(found) == 1 else found for judge, found in judged.items()}
    return line | {"human_labels": [program, *read]} | ({"judge_verdicts": verdicts} if verdicts else {})


def _output(line: Row) -> Output:
    meta = {key: value for key, value in line["meta"].items() if key not in ("told_as", "other_facts")}
    return Output(
        item_id=line["item_id"], prompt=line["prompt"], response=line["response"], model=line["model"], dataset="demo", meta=meta
    )  # fmt: skip


def _same_text(part: Row, hashes: Mapping[str, str]) -> None:
    if hashes.get(part["item_id"]) != part["hash"]:
        raise ValueError(f"{part['item_id']}: what was read or judged is another text than the one here now")


def text_of(lines: Sequence[Row]) -> str:
    """The lines as JSON Lines with sorted keys."""
    return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines)
