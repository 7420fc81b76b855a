"""Subsets of the items by which the audit is split, and how much evidence each really holds.

Repetition is not evidence: every slice knows its distinct texts and prompts, and one that lives on one text or one source
says so (`repeated_text`, `one_source`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeVar
from urllib.parse import quote

import numpy as np
import numpy.typing as npt

from judgeaudit.table import COHERENCE_NAMES, AuditInput, Codes, Grouping

Items = npt.NDArray[np.int64]
Scalar = TypeVar("Scalar", bound=np.generic)

MAX_TEXT_SHARE = 0.20
MAX_SOURCE_SHARE = 0.80
MIN_CROSSED = 10
"""Crossed slices (coherence within a user slice) smaller than this are not made, nor is a source named for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One subset.

    Parameters
    ----------
    items
        Indices of its items, rising.
    detected
        Whether detectors made it (mode, coherence): the `modes` judge is not scored on it.
    distinct_texts, distinct_prompts, largest_text_share
        None where the table has no responses or prompts.
    source
        "COLUMN=VALUE" that gives over 80 % of the slice and less than half of the other items; None: there is none.
    """

    name: str
    items: Items
    detected: bool = False
    distinct_texts: int | None = None
    distinct_prompts: int | None = None
    largest_text_share: float | None = None
    source: str | None = None

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.items)

    def take(self, column: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        """A column's entries on this slice; the column itself for the whole, without a copy."""
        return column if len(self.items) == len(column) else column[self.items]

    @property
    def repeated(self) -> bool:
        """Whether one text is over 20 % of it, or fewer than half of its texts are distinct."""
        if self.distinct_texts is None or self.largest_text_share is None or self.distinct_texts == self.n:
            return False
        return self.largest_text_share > MAX_TEXT_SHARE or self.distinct_texts < self.n / 2


def codes_of(texts: Sequence[str]) -> Codes:
    """One integer for each distinct text, in order of first appearance.

    Examples
    --------
    >>> codes_of(["a", "b", "a"]).tolist()
    [0, 1, 0]
    """
    seen = dict(zip(dict.fromkeys(texts), count()))  # counting has no end
    if len(seen) == len(texts):
        return np.arange(len(texts), dtype=np.int32)
    return np.fromiter(map(seen.__getitem__, texts), dtype=np.int32, count=len(texts))


def distinct(codes: Codes) -> int:
    """How many different codes there are, counted without sorting; codes are not negative.

    Examples
    --------
    >>> distinct(np.array([3, 0, 3], dtype=np.int32))
    2
    """
    return int(np.count_nonzero(np.bincount(codes))) if len(codes) > 1000 else len(set(codes.tolist()))


def name_of(column: str, value: str) -> str:
    """The name of a user slice: ``col.COLUMN=VALUE`` with ``& = %`` percent-encoded.

    Examples
    --------
    >>> name_of("meta.run", "a=b & c")
    'col.meta.run=a%3Db %26 c'
    """
    return f"col.{_encode(column)}={_encode(value)}"


def make(data: AuditInput, texts: Codes | None, prompts: Codes | None) -> list[Slice]:
    """All slices of an audit: all, coherence, modes, user columns and models, and coherence within those."""
    return [_described(data, texts, prompts, *made) for made in _made(data)]


def _made(data: AuditInput) -> Iterator[tuple[str, Items, bool]]:
    yield "all", np.arange(data.n), False
    columns = dict(data.slices)
    if data.models is not None and "model" not in columns and 2 <= len(data.models.names) <= 50:
        columns["model"] = data.models
    user = [(name_of(c, g.names[i]), items) for c, g in columns.items() for i, items in _members(g)]
    if data.modes is not None:
        parts = [
            (f"coherence={name}", np.flatnonzero(data.modes.coherence == i)) for i, name in enumerate(COHERENCE_NAMES)
        ]
        for name, items in parts:
            if len(items):
                yield name, items, True
        for mode in sorted(data.modes.modes):
            items = np.flatnonzero(data.modes.modes[mode])
            if len(items):
                yield f"mode={mode}", items, True
        for (name, items), (own, members) in ((p, u) for u in user for p in parts[:2]):
            both = np.intersect1d(items, members, assume_unique=True)
            if len(both) >= MIN_CROSSED and len(both) < len(members):
                yield f"{name}&{own}", both, True
    for name, items in user:
        yield name, items, False


def _members(group: Grouping) -> Iterator[tuple[int, Items]]:
    order = np.argsort(group.codes, kind="stable")
    edges = np.searchsorted(group.codes[order], np.arange(len(group.names) + 1))
    for i in range(len(group.names)):
        if edges[i + 1] > edges[i]:
            yield i, order[edges[i] : edges[i + 1]]


def _described(
    data: AuditInput, texts: Codes | None, prompts: Codes | None, name: str, items: Items, detected: bool
) -> Slice:
    different, share = None, None
    if texts is not None and len(items):
        counts = np.bincount(texts[items]) if len(items) > 1000 else np.unique(texts[items], return_counts=True)[1]
        different, share = int((counts > 0).sum()), float(counts.max() / len(items))
    return Slice(
        name=name,
        items=items,
        detected=detected,
        distinct_texts=different,
        distinct_prompts=None if prompts is None else distinct(prompts[items]),
        largest_text_share=share,
        # Within one value of a user column one source is what was asked for, not a surprise.
        source=_source(data, items) if detected and "&" not in name else None,
    )


def _source(data: AuditInput, items: Items) -> str | None:
    """The model or benchmark that gives over 80 % of the items (10 at least) and less than half of the rest."""
    if len(items) < MIN_CROSSED:
        return None
    columns = {c: g for c, g in data.slices.items() if c.rpartition(".")[2] in {"model", "dataset", "benchmark", "run"}}
    if data.models is not None:
        columns["model"] = data.models
    for column, group in columns.items():
        inside = np.bincount(group.codes[items][group.codes[items] >= 0], minlength=len(group.names))
        if not inside.size or inside.max() <= MAX_SOURCE_SHARE * len(items):
            continue
        top = int(inside.argmax())
        rest = int((group.codes == top).sum()) - int(inside[top])
        others = data.n - len(items)
        if others == 0 or rest < others / 2:
            return f"{column}={group.names[top]}"
    return None


def _encode(text: str) -> str:
    return "".join(quote(c, safe="") if c in "&=%" else c for c in text)
