"""conclusions.json: the same inputs and seed give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import judgeaudit
from judgeaudit.audit_file._encode import _json
from judgeaudit.conclusions._conclude import Conclusion, Conclusions
from judgeaudit.conclusions._multiverse import CHOICES
from judgeaudit.conclusions._words import paragraph, sentence, stands

SCHEMA = "judgeaudit.conclusions/1"


def document(result: Conclusions) -> dict[str, Any]:
    """Everything as plain JSON values; numbers are rounded when they are written."""
    settings, study = result.settings, result.study
    inputs = [dict(source) for source in study.sources]
    if result.capability_source is not None:
        inputs.append(dict(result.capability_source))
    return {
        "schema": SCHEMA,
        "name": study.name,
        "rubric": study.rubric.name,
        "positive": list(study.rubric.positive),
        "summary": paragraph(result),
        "seed": settings.seed,
        "settings": {
            "draws": settings.draws,
            "confidence_level": settings.confidence_level,
            "reach": settings.reach,
            "targets": dict(result.targets),
            "steps": result.steps,
            "labels": study.truth_kind,
        },
        "versions": {"judgeaudit": judgeaudit.__version__},
        "inputs": inputs,
        "runs": [_run(r) for r in study.runs],
        "judges": [
            {"name": j.name, "asked": int((j.verdicts > -2).sum()), "left_out": dict(j.left_out)} for j in study.judges
        ],
        "choices": [{"choice": c, "levels": list(result.grid.levels[c])} for c in CHOICES],
        "anchors": [dict(row) for row in result.anchors],
        "correction": [dict(row) for row in result.correction],
        "conclusions": [_conclusion(c) for c in result.conclusions],
        "ranking": None if result.ranking is None else asdict(result.ranking),
        "notes": list(result.notes),
    }


def dumps(result: Conclusions) -> str:
    """The text of conclusions.json: one part a line, sorted keys, 12 significant digits, no clock."""
    content = document(result)
    lines = []
    for key in sorted(content):
        value = content[key]
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            body = ",\n".join(_json(row) for row in value)
            lines.append(f'"{key}": [\n{body}\n]')
        else:
            lines.append(f'"{key}": {_json(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _run(run: Any) -> dict[str, Any]:
    return {**asdict(run), "checkpoints": list(run.checkpoints)}


def _conclusion(c: Conclusion) -> dict[str, Any]:
    return {
        "kind": c.contrast.kind,
        "claim": c.contrast.claim,
        "plus": list(c.contrast.plus),
        "minus": list(c.contrast.minus),
        "task": c.contrast.task,
        "stands": stands(c),
        "sentence": sentence(c),
        **asdict(c.verdict),
        "by_labels": None if c.labels is None else dict(c.labels),
        "universe_values": list(c.value),
        "universe_lows": list(c.low),
        "universe_highs": list(c.high),
        "universe_reasons": list(c.reasons),
    }
