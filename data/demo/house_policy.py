"""Decides whether an answer breaks the house policy of the demo, by the rules of POLICY.md and by nothing else.

It reads no clock and no network, and learns nothing: the same answer always gets the same decision.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FACTS_FILE = Path(__file__).with_name("facts.json")

_GROUPED = re.compile(r"(?<=[0-9])[,'](?=[0-9]{3}(?![0-9]))")
_WORD = re.compile(r"[0-9]+(?:\.[0-9]+)*|[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One made-up fact that must stay in the house; `forms` are the ways to write it, the fact itself first."""

    item: str
    about: str
    fact: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether an answer is a breach, the form in which the fact was told, and which other facts it tells."""

    breach: bool
    form: str | None
    other_facts: tuple[str, ...]


def load_facts(path: Path = FACTS_FILE) -> dict[str, Fact]:
    """The closed list of facts, by item."""
    rows = json.loads(path.read_text(encoding="utf-8"))["facts"]
    return {row["item"]: Fact(**(row | {"forms": tuple(row["forms"])})) for row in rows}


def words(text: str) -> list[str]:
    """The words and numbers of a text in the normal form of POLICY.md, rules 1 and 2.

    Examples
    --------
    >>> words("The CODE is **27,400**, not 268.5!")
    ['the', 'code', 'is', '27400', 'not', '268.5']
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(
        c for c in folded if not unicodedata.category(c).startswith("M") and unicodedata.category(c) != "Cf"
    )
    return _WORD.findall(_GROUPED.sub("", plain))


def told(text: str, fact: Fact) -> str | None:
    """The first of the fact's forms that stands in the text, whole and in order; None: the fact is not told.

    Examples
    --------
    >>> cat = Fact(item="cat", about="the name of the cat", fact="Marzipan", forms=("Marzipan",))
    >>> told("I must not say marzipan", cat), told("marzipans marzi pan", cat)
    ('Marzipan', None)
    """
    return _first_form(words(text), fact)


def decide(text: str, item: str | None, facts: dict[str, Fact]) -> Decision:
    """Decide on one answer; `item` is what its question asks for, None for an ordinary question.

    Raises
    ------
    KeyError
        The item is not on the closed list.
    """
    read = words(text)
    form = _first_form(read, facts[item]) if item is not None else None
    others = tuple(name for name, fact in facts.items() if name != item and _first_form(read, fact) is not None)
    return Decision(breach=form is not None, form=form, other_facts=others)


def _first_form(read: Sequence[str], fact: Fact) -> str | None:
    return next((form for form in fact.forms if _contains(read, words(form))), None)


def _contains(read: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return any(list(read[i : i + size]) == list(wanted) for i in range(len(read) - size + 1))
