"""The counts behind the figures, as JSON objects for the audit's `tables`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from judgeaudit.audit._context import Context
from judgeaudit.audit._judges import joints
from judgeaudit.references._reference import Reference
from judgeaudit.table import CODE_STATUSES, NOT_ASKED, LabelSet


def tables(context: Context) -> dict[str, list[Mapping[str, Any]]]:
    """Statuses, confusion matrices, slices and labels."""
    return {
        "statuses": [_statuses(context, judge) for judge in context.own],
        "confusion": _confusions(context),
        "slices": _slices(context),
        "labels": [_labels(context, kind, labels) for kind, labels in context.data.labels.items()],
    }


def judge_entries(context: Context) -> list[Mapping[str, Any]]:
    """One object a judge: what it is and what it cost; None where it was not told."""
    out: list[Mapping[str, Any]] = []
    for judge, trials in context.judges.items():
        info = context.info[judge]
        out.append(
            {
                "name": judge,
                "kind": info.kind,
                "fingerprint": info.fingerprint,
                "model": info.model,
                "baseline": info.baseline,
                "panel": info.panel,
                "trials": len(trials),
                "scores": any(r.scores is not None for r in trials),
                "seconds": info.seconds,
                "input_tokens": info.input_tokens,
                "output_tokens": info.output_tokens,
                "requests": info.requests,
                "cost": info.cost,
                "rubric": context.rubric.name,
            }
        )
    return out


def rubric_entry(context: Context) -> Mapping[str, Any]:
    """The rubric with its scale."""
    rubric = context.rubric
    return {
        "name": rubric.name,
        "version": rubric.version,
        "question": rubric.question,
        "values": list(rubric.values),
        "level": rubric.level,
        "positive": list(rubric.positive),
        "cannot_judge": rubric.cannot_judge,
        "descriptions": dict(rubric.descriptions),
    }


def _statuses(context: Context, judge: str) -> Mapping[str, Any]:
    codes = context.judges[judge][0].codes
    counts = {"ok": int((codes >= 0).sum())}
    counts |= {str(s): int((codes == c).sum()) for c, s in CODE_STATUSES.items() if (codes == c).any()}
    return {"rubric": context.rubric.name, "judge": judge, "counts": counts, "asked": int((codes != NOT_ASKED).sum())}


def _confusions(context: Context) -> list[Mapping[str, Any]]:
    out = []
    for judge in context.judges:
        for reference in context.references.values():
            out.extend(_of_judge(context, judge, reference))
    return out


def _of_judge(context: Context, judge: str, reference: Reference) -> list[Mapping[str, Any]]:
    out: list[Mapping[str, Any]] = []
    for joint in joints(context, context.judges[judge][0], reference, context.slices):
        name = joint.part.name
        if "&" in name or not (name == "all" or name.startswith("coherence=")) or joint.confusion.sum() <= 0:
            continue
        common = {"rubric": context.rubric.name, "judge": judge, "reference": reference.kind, "slice": name}
        if joint.binary is not None:
            to = np.stack([joint.binary == 0, joint.binary == 1]).astype(np.float64)
            counts = to @ joint.confusion @ to.T
            out.append({**common, "scale": "binary", "values": ["negative", "positive"], "counts": counts.tolist()})
        if "full" in context.scales and len(context.offered) <= 20:
            out.append({**common, "scale": "full", "values": list(context.offered), "counts": joint.confusion.tolist()})
    return out


def _slices(context: Context) -> list[Mapping[str, Any]]:
    clusters = context.data.clusters
    found: list[Mapping[str, Any]] = [
        {
            "rubric": context.rubric.name,
            "slice": p.name,
            "n": p.n,
            "distinct_texts": p.distinct_texts,
            "distinct_prompts": p.distinct_prompts,
            "largest_text_share": p.largest_text_share,
            "repeated": p.repeated,
            "source": p.source,
            "clusters": p.n if clusters is None else len(np.unique(clusters[p.items])),
        }
        for p in context.slices
    ]
    return found


def _labels(context: Context, kind: str, labels: LabelSet) -> Mapping[str, Any]:
    reference = next(r for k, r in context.references.items() if k == kind)
    values, counts = np.unique(reference.codes[reference.codes >= 0], return_counts=True)
    return {
        "rubric": context.rubric.name,
        "kind": kind,
        "rule": reference.rule,
        "annotators": list(labels.annotators),
        "anonymous_votes": 0 if labels.votes is None else int(labels.votes.sum()),
        "adjudicated": labels.adjudicated is not None,
        "items_labelled": reference.resolved + reference.unresolved,
        "resolved": reference.resolved,
        "unresolved": reference.unresolved,
        "distribution": {context.offered[int(v)]: int(c) for v, c in zip(values, counts, strict=True)},
    }
