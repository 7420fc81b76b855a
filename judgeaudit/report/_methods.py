"""How the figures were made: settings, seeds, versions, hashes, the second opinion; and findings in order of severity."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgeaudit.model import Audit, Finding
from judgeaudit.report._words import gloss, measure

SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Methods:
    """Pairs and rows ready to be shown, values as text."""

    settings: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[tuple[str, str], ...], ...]
    judges: tuple[tuple[str, str, str], ...]
    rubrics: tuple[tuple[tuple[str, str], ...], ...]
    measures: tuple[tuple[str, str, str], ...]
    verification: tuple[tuple[str, ...], ...]
    verification_head: tuple[str, ...]


def methods(audit: Audit) -> Methods:
    """Everything a reader needs to make the figures again."""
    head = tuple(dict.fromkeys(str(k) for row in audit.verification for k in sorted(row)))
    return Methods(
        settings=(("seed", str(audit.seed)), *_pairs(audit.settings)),
        versions=tuple(sorted((str(k), str(v)) for k, v in audit.versions.items())),
        inputs=tuple(_pairs(source) for source in audit.inputs),
        judges=tuple(
            (str(j.get("name")), str(j.get("kind") or ""), str(j.get("fingerprint") or "")) for j in audit.judges
        ),
        rubrics=tuple(_pairs(r) for r in audit.rubrics),
        measures=tuple(_measures(audit)),
        verification=tuple(tuple(plain(row.get(k)) for k in head) for row in audit.verification),
        verification_head=head,
    )


def by_severity(findings: Sequence[Finding]) -> list[Finding]:
    """Errors first, then warnings, then notes; within one severity in the audit's order."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Findings of one code and severity: those that are shown, and those that are folded away."""

    shown: tuple[Finding, ...]
    rest: tuple[Finding, ...]


SHOWN = 3


def grouped(findings: Sequence[Finding]) -> list[Group]:
    """Findings by severity, those of one code together: fifty of one kind must not hide one of another."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in by_severity(findings):
        groups.setdefault((finding.severity, finding.code), []).append(finding)
    return [Group(shown=tuple(g[:SHOWN]), rest=tuple(g[SHOWN:])) for g in groups.values()]


def plain(content: object) -> str:
    """A setting as text: words as they are, the rest as JSON."""
    if content is None or content == [] or content == {}:
        return "—"
    if isinstance(content, (list, tuple)) and all(isinstance(x, str) for x in content):
        return ", ".join(content)
    if isinstance(content, Mapping):
        return ", ".join(f"{k}: {plain(v)}" for k, v in sorted(content.items()))
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)


def _pairs(content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(k).replace("_", " "), plain(v)) for k, v in sorted(content.items(), key=_name_first))


def _name_first(pair: tuple[str, Any]) -> tuple[bool, str]:
    return pair[0] != "name", pair[0]


def _measures(audit: Audit) -> Iterable[tuple[str, str, str]]:
    ways: dict[str, dict[str, None]] = {}
    for e in audit.estimates:
        if e.method:
            ways.setdefault(e.measure, {})[e.method] = None
    for code in sorted(ways):
        yield measure(code), gloss(code), "; ".join(list(ways[code])[:6])
