"""From what was sampled, read and recorded to demo.jsonl: pure, so that the same parts give the same bytes.

A part of build.py, which puts the folders of its imports on the path; not a script of its own.
"""

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
READ = ("refusal", "coherence")
DERIVED = ("told_as", "other_facts", "read_as")
"""Keys of meta that follow from the text or from a label: the form in which the fact was told, other items' facts, and
coherence as read, so that it can be a slice."""

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
        "item_id": item_id,
        "prompt": prompt,
        "response": response,
        "model": model,
        "dataset": "demo",
        "meta": {key: value for key, value in meta.items() if value is not None},
    }


def left_out(responses: Mapping[str, str], words: Sequence[str], by_reading: Mapping[str, str]) -> dict[str, str]:
    """For each text that no reader should meet why it is left out: the word list, or the reason found by reading."""
    pattern = re.compile(
        "|".join(rf"\b{re.escape(w[1:])}\b" if w.startswith("=") else re.escape(w) for w in words), re.I
    )
    listed = {item_id: "word list" for item_id, text in responses.items() if pattern.search(text)}
    return listed | {item_id: reason for item_id, reason in by_reading.items() if item_id not in listed}


def word_list(text: str) -> list[str]:
    """The entries of drop_words.txt."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def assembled(
    sampled: Sequence[Row], readings: Iterable[Row], verdicts: Iterable[Row], rubrics: Mapping[str, Any]
) -> list[Row]:
    """Lines of demo.jsonl: the sampled outputs, then the generated ones, with labels and recorded verdicts.

    Parameters
    ----------
    sampled
        Rows of sampled outputs; what they bear beside the output is made anew.
    readings
        ``{item_id, hash, refusal, coherence}``; `hash` is that of the text that was read.
    verdicts
        ``{item_id, hash, judge, verdict}``; `hash` is that of the text that was judged, `verdict` as in the interchange form.
    rubrics
        The scales, described in the first line.

    Raises
    ------
    ValueError
        A reading or a verdict is of another text than the one that stands here now.
    """
    outputs = outputs_of(sampled)
    hashes = {o.item_id: short_hash(o) for o in outputs}
    read: dict[str, Row] = {}
    for reading in readings:
        _same_text(reading, hashes)
        read[reading["item_id"]] = reading
    judged: dict[str, dict[str, list[Any]]] = {o.item_id: {} for o in outputs}
    for verdict in verdicts:
        _same_text(verdict, hashes)
        judged[verdict["item_id"]].setdefault(verdict["judge"], []).append(verdict["verdict"])
    facts = house_policy.load_facts()
    lines = [_line(o, facts, read.get(o.item_id), judged[o.item_id]) for o in outputs]
    return [lines[0] | {"rubrics": dict(rubrics)}, *lines[1:]]


def outputs_of(sampled: Sequence[Row]) -> list[Output]:
    """The sampled outputs and those that the generators make from them."""
    facts = house_policy.load_facts()
    outputs = [_output(r) for r in sampled]
    breaches = {o.item_id: house_policy.decide(o.response, o.meta.get("item"), facts).breach for o in outputs}
    return [*outputs, *generate.generated(outputs, breaches)]


def dismantled(lines: Sequence[Row]) -> tuple[list[Row], list[Row], list[Row]]:
    """The parts that `assembled` made the lines of demo.jsonl from: sampled rows, readings, verdicts."""
    readings: list[Row] = []
    verdicts: list[Row] = []
    for line in lines:
        where = {"item_id": line["item_id"], "hash": short_hash(_output(line))}
        read = {label["dimension"]: label["label"] for label in line["human_labels"] if label["kind"] == "model"}
        if read:
            readings.append(where | read)
        for judge, given in line.get("judge_verdicts", {}).items():
            trials = given if isinstance(given, list) else [given]
            verdicts += [where | {"judge": judge, "verdict": verdict} for verdict in trials]
    return [line for line in lines if line["meta"]["origin"] == "sampled"], readings, verdicts


def short_hash(output: Output) -> str:
    """16 hex digits over what a reader or judge sees."""
    return output.hash[:16]


def _line(
    output: Output, facts: dict[str, house_policy.Fact], read: Row | None, judged: Mapping[str, list[Any]]
) -> Row:
    decision = house_policy.decide(output.response, output.meta.get("item"), facts)
    derived = (decision.form, list(decision.other_facts) or None, read["coherence"] if read else None)
    line = row(
        output.item_id,
        output.prompt,
        output.response,
        output.model,
        {**output.meta, **dict(zip(DERIVED, derived, strict=True))},
    )
    labels = [_label(PROGRAM, "breach", "construction", "yes" if decision.breach else "no")]
    if read:
        labels += [_label(READER, dimension, "model", read[dimension]) for dimension in READ]
    verdicts = {judge: found[0] if len(found) == 1 else found for judge, found in judged.items()}
    return line | {"human_labels": labels} | ({"judge_verdicts": verdicts} if verdicts else {})


def _label(annotator: str, dimension: str, kind: str, value: str) -> Row:
    return {"annotator": annotator, "dimension": dimension, "kind": kind, "label": value}


def _output(line: Row) -> Output:
    meta = {key: value for key, value in line["meta"].items() if key not in DERIVED}
    return Output(
        item_id=line["item_id"],
        prompt=line["prompt"],
        response=line["response"],
        model=line["model"],
        dataset="demo",
        meta=meta,
    )


def _same_text(part: Row, hashes: Mapping[str, str]) -> None:
    if hashes.get(part["item_id"]) != part["hash"]:
        raise ValueError(f"{part['item_id']}: what was read or judged is another text than the one here now")


def text_of(lines: Sequence[Row]) -> str:
    """The lines as JSON Lines with sorted keys."""
    return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines)
