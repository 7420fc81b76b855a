"""stress.json: everything a stress test found, without any judged text, hashed, and always to the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from judgeaudit.engine.bases import Bases
from judgeaudit.engine.probing import Stressing
from judgeaudit.engine.rounds import Assignment
from judgeaudit.judges._judge import CallJudge
from judgeaudit.model import Finding, Judgement, digest
from judgeaudit.probes._make import Design
from judgeaudit.probing import _cells
from judgeaudit.probing._claims import claims, order
from judgeaudit.probing._read import Readings, read

SCHEMA = "judgeaudit.stress/1"
_DIGITS = 12


def result(
    stressing: Stressing,
    judgements: Sequence[Judgement],
    design: Design,
    *,
    name: str,
    draws: int = 1000,
    incomplete: str | None = None,
    examples_sha256: str | None = None,
) -> dict[str, Any]:
    """The content of stress.json; the same judgements, design and seed give the same bytes.

    Parameters
    ----------
    incomplete
        Why not all probes were judged, in words.
    examples_sha256
        Hash of the file of texts to look at that belongs to this result; None: there is none.
    """
    import judgeaudit

    judges, findings = [], list[Finding]()
    for a in stressing.assignments:
        entry, found = _judge(a, stressing, judgements, design, draws)
        judges.append(entry)
        findings += found
    content = {
        "schema": SCHEMA,
        "name": name,
        "seed": design.seed,
        "settings": {
            "doses": list(design.doses), "retests": design.retests, "draws": draws, "confidence_level": 0.95,
            "only": None if design.only is None else sorted(design.only),
        },
        "versions": {"judgeaudit": judgeaudit.__version__},
        "rubrics": [_rubric(b, stressing) for b in stressing.bases.values()],
        "judges": judges,
        "skipped": [asdict(s) for s in stressing.skipped],
        "findings": [{k: getattr(f, k) for k in ("code", "severity", "text", "judge", "slice")} for f in order(findings)],
        "incomplete": incomplete,
        "examples_sha256": examples_sha256,
    }  # stress.json, several fields a line  # fmt: skip
    return stamped(content)


def stamped(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content rounded to 12 significant digits, with the SHA-256 of all the rest under `sha256`."""
    rounded: dict[str, Any] = json.loads(json.dumps(_plain(content), sort_keys=True, allow_nan=False))
    return {**rounded, "sha256": hashlib.sha256(dumps(rounded).encode("ascii")).hexdigest()}


def dumps(content: Mapping[str, Any]) -> str:
    """The text of stress.json: sorted keys, ASCII, a line for each judge's cell.

    Examples
    --------
    >>> print(dumps({"b": [1, 2], "a": None}), end="")
    {
    "a": null,
    "b": [
    1,
    2
    ]
    }
    """
    lines = []
    for key in sorted(content):
        value = content[key]
        if isinstance(value, list) and value:
            body = ",\n".join(json.dumps(x, sort_keys=True, allow_nan=False) for x in value)
            lines.append(f'"{key}": [\n{body}\n]')
        else:
            lines.append(f'"{key}": {json.dumps(value, sort_keys=True, allow_nan=False)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _judge(
    a: Assignment, stressing: Stressing, judgements: Iterable[Judgement], design: Design, draws: int
) -> tuple[dict[str, Any], list[Finding]]:
    chosen, made = stressing.bases[a.rubric.name], stressing.probes[a.rubric.name]
    mine = [j for j in judgements if (j.judge, j.rubric) == a.cell]
    asked = [*made.plain, *(made.worded if isinstance(a.judge, CallJudge) else ())]
    readings = read(chosen.chosen, asked, mine, a.rubric)
    cells = cells_of(readings, draws=draws, seed=design.seed, name=f"{a.judge.name}/{a.rubric.name}")
    statuses = Counter(str(j.status) for j in mine)
    unasked = len(chosen.chosen) + len(asked) - len(mine)
    told = {**statuses, "not asked": unasked} if unasked > 0 else statuses
    entry = {
        "judge": a.judge.name,
        "kind": a.judge.kind,
        "rubric": a.rubric.name,
        "fingerprint": a.fingerprint,
        "probes": len(asked),
        "statuses": dict(sorted(statuses.items())),
        "cells": cells,
    }
    return entry, claims(a.judge.name, a.rubric.name, cells, dict(sorted(told.items())))


def cells_of(readings: Readings, *, draws: int, seed: int, name: str) -> dict[str, Any]:
    """All cells of one judge on one rubric."""
    again = _cells.retest(readings)
    return {
        "bases": _cells.bases(readings),
        "retest": again,
        "pure": _cells.pure(readings),
        "dose": _cells.doses(readings, floor=again["flips"]["value"] or 0.0, draws=draws, seed=seed, name=name),
        "decorations": _cells.edits(readings, "decoration"),
        "attacks": _cells.edits(readings, "attack"),
    }


def _rubric(bases: Bases, stressing: Stressing) -> dict[str, Any]:
    made = stressing.probes[bases.rubric.name]
    return {
        "name": bases.rubric.name,
        "question": bases.rubric.question,
        "version": bases.rubric.version,
        "positive": list(bases.rubric.positive),
        "bases": {"positive": bases.count(True), "negative": bases.count(False)},
        "known_by": sorted({base.kind for base in bases.chosen}),
        "prompts": len({base.output.prompt for base in bases.chosen}),
        "left_out": dict(bases.left_out),
        "probes": len(made.plain) + len(made.worded),
        "distinct_texts": len({output.response for output in made.plain}),
        "probes_sha": digest([[o.item_id, o.hash] for o in (*made.plain, *made.worded)]),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") + 0.0
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value
