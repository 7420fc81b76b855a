"""The texts of single probes, folded, with what each judge said of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from judgeaudit.report._format import NONE
from judgeaudit.report._stress_words import plain
from judgeaudit.report._words import status

_TITLES = {
    "dose": "Degraded",
    "pure": "Nothing but",
    "decoration": "Decorated",
    "attack": "Attacks on the judge",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text: which it is, and what each judge said of it."""

    title: str
    said: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One mode, decoration or attack: the prompt, what is known of the sound text, and its texts."""

    title: str
    prompt: str
    known: str
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Degraded texts, decorated ones, attacks; of one rubric."""

    title: str
    kinds: tuple[Kind, ...]


def texts(examples: Iterable[Mapping[str, Any]], *, several: bool) -> list[Role]:
    """All examples by role and kind; `several`: titles name the rubric."""
    found: dict[tuple[str, str], dict[str, list[Mapping[str, Any]]]] = {}
    for e in examples:
        found.setdefault((e["rubric"], e["role"]), {}).setdefault(e["name"], []).append(e)
    return [
        Role(
            title=_TITLES[role] + (f", {rubric}" if several else ""),
            kinds=tuple(_kind(name, some) for name, some in kinds.items()),
        )
        for (rubric, role), kinds in found.items()
    ]


def _kind(name: str, some: list[Mapping[str, Any]]) -> Kind:
    first = some[0]
    return Kind(
        title=plain(name),
        prompt=first["prompt"],
        known=f"the sound text is known to be “{first['base_value']}”",
        texts=tuple(Text(title=_title(e), said=_said(e["verdicts"]), text=e["response"]) for e in some),
    )


def _title(e: Mapping[str, Any]) -> str:
    if e["dose"] is not None:
        return f"dose {e['dose']:g}" + (", the sound text" if e["dose"] == 0 else "")
    return plain(str(e["variant"] or e["name"]))


def _said(verdicts: Mapping[str, Mapping[str, Any]]) -> str:
    told = (
        f"{judge}: {v['verdict'] if v['verdict'] is not None else status(v['status'])}" for judge, v in verdicts.items()
    )
    return " · ".join(told) or NONE
