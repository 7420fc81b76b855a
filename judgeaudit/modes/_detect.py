"""From texts to modes and coherence: one text, or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count

import numpy as np

from judgeaudit import kinds
from judgeaudit.errors import InputError
from judgeaudit.model import Coherence, ModeHit
from judgeaudit.modes import constant_answer
from judgeaudit.modes._mode import Mode, Signal, TextView
from judgeaudit.modes._screen import screen
from judgeaudit.table import ModeColumns

PACKAGE = "judgeaudit.modes"
COHERENCES: tuple[Coherence, ...] = ("coherent", "degenerate", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What was found in one text: its coherence, and its modes by name."""

    coherence: Coherence
    hits: tuple[ModeHit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Detections:
    """What was found in n texts: `columns` for all of them, `hits` by index for those that have any."""

    columns: ModeColumns
    hits: Mapping[int, tuple[ModeHit, ...]] = field(default_factory=dict)

    def coherence(self, index: int) -> Coherence:
        """The coherence of one text, in words."""
        return COHERENCES[int(self.columns.coherence[index])]


@cache
def all_modes() -> tuple[Mode, ...]:
    """All modes in name order: those of this folder, and those of outside packages by entry point."""
    return tuple(getattr(module, "MODE", module) for module in kinds.load_all(PACKAGE))


def detect(response: str, *, prompt: str | None = None, finish_reason: str | None = None) -> Detection:
    """The modes of one response, and its coherence.

    Coherence is `degenerate` if a mode that makes an output degenerate was hit with its enough strength (0.5 unless the
    mode says otherwise); else `coherent` if the text can be assessed (`_scripts.assessable`: at least 3 words and 12
    letters in Latin letters); else `unknown`: too short to say, numbers or drawings only, or a script in which the first
    version cannot tell noise from words. A right answer of one word is `unknown`, never `degenerate`. Salad is looked for in
    English only, and fluent nonsense not at all, so `coherent` means: none of the known modes. `constant_answer` needs other
    outputs beside this one: see `find`.

    Parameters
    ----------
    prompt
        Without it, echoes and wrong scripts cannot be found, and a requested repetition cannot be told from a loop.
    finish_reason
        As the provider gave it (`length`: cut off); None: not told.

    Examples
    --------
    >>> detect("Boil the egg for nine minutes, then cool it.").coherence
    'coherent'
    >>> detect("!" * 40)
    Detection(coherence='degenerate', hits=(ModeHit(mode='single_token_flood', strength=1.0, spans=((0, 40),)),))
    >>> detect("42").coherence
    'unknown'
    """
    view = TextView(text=response, prompt=prompt, finish_reason=finish_reason)
    hits, degenerate = _hits(view, all_modes())
    return Detection(coherence=_coherence(degenerate, view.assessable), hits=hits)


def detect_many(
    responses: Sequence[str],
    *,
    prompts: Sequence[str | None] | None = None,
    finish_reasons: Sequence[str | None] | None = None,
) -> ModeColumns:
    """The modes and the coherence of n responses in columns, one a mode; the same as `detect` one by one, and `constant_answer`.

    Examples
    --------
    >>> columns = detect_many(["!" * 40, "The kettle is on the stove."])
    >>> columns.modes["single_token_flood"].tolist(), columns.coherence.tolist()
    ([True, False], [1, 0])
    """
    return find(responses, prompts=prompts, finish_reasons=finish_reasons).columns


def find(
    responses: Sequence[str],
    *,
    prompts: Sequence[str | None] | None = None,
    finish_reasons: Sequence[str | None] | None = None,
) -> Detections:
    """As `detect_many`, with the hits.

    An answer to many prompts is found only in many texts. Equal texts (with equal prompt and finish reason) are looked at once.

    Raises
    ------
    InputError
        The sequences differ in length.
    """
    n = len(responses)
    for name, given in (("prompts", prompts), ("finish_reasons", finish_reasons)):
        if given is not None and len(given) != n:
            raise InputError(f"as many {name} as responses are needed", got=str(len(given)), expected=str(n))
    first, where = _distinct(responses, prompts, finish_reasons)
    texts = [responses[i] for i in first]
    asked = None if prompts is None else [prompts[i] for i in first]
    reasons = None if finish_reasons is None else [finish_reasons[i] for i in first]
    seen = screen(texts, asked, reasons)
    modes = all_modes()
    found: dict[int, tuple[ModeHit, ...]] = {}
    coherence = np.where(seen.assessable == 1, np.int8(0), np.int8(2))
    always = any(mode.signals == Signal.ALWAYS for mode in modes)
    likely = cache(lambda signals: tuple(m for m in modes if not m.signals or int(m.signals) & signals))
    look = np.flatnonzero((seen.signals > 0) | (seen.assessable < 0) | always).tolist()
    for i in look:
        some = likely(int(seen.signals[i]))
        view = TextView(
            text=texts[i],
            prompt=asked[i] if asked else None,
            finish_reason=reasons[i] if reasons else None,
            only=frozenset(mode.name for mode in some),
        )
        hits, degenerate = _hits(view, some)
        assessable = view.assessable if seen.assessable[i] < 0 else bool(seen.assessable[i])
        coherence[i] = COHERENCES.index(_coherence(degenerate, assessable))
        if hits:
            found[i] = hits
    for i, one in constant_answer.across(texts, asked).items() if asked else ():
        found[i] = tuple(sorted((*found.get(i, ()), one), key=lambda h: h.mode))
    columns = {mode.name: np.zeros(len(texts), dtype=bool) for mode in modes}
    for i, hits in found.items():
        for one in hits:
            columns[one.mode][i] = True
    every = {i: found[k] for i, k in enumerate(where.tolist()) if k in found} if found else {}
    return Detections(
        columns=ModeColumns(
            modes={name: column[where] for name, column in columns.items()}, coherence=coherence[where]
        ),
        hits=every,
    )


def _hits(view: TextView, modes: Sequence[Mode]) -> tuple[tuple[ModeHit, ...], bool]:
    hits: list[ModeHit] = []
    degenerate = False
    for mode in modes:
        one = view.hit_of(mode)
        if one is not None:
            hits.append(one)
            degenerate = degenerate or mode.condemns(one)
    return tuple(hits), degenerate


def _coherence(degenerate: bool, assessable: bool) -> Coherence:
    return "degenerate" if degenerate else "coherent" if assessable else "unknown"


def _distinct(
    responses: Sequence[str],
    prompts: Sequence[str | None] | None,
    finish_reasons: Sequence[str | None] | None,
) -> tuple[list[int], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Indices of the first of each kind of equal items, and for each item which of these it equals."""
    columns = [column for column in (responses, prompts, finish_reasons) if column is not None]
    n = len(responses)
    if any(len(set(column)) == n for column in columns):
        return list(range(n)), np.arange(n)
    keys = list(zip(*columns, strict=True))
    index = dict(zip(dict.fromkeys(keys), count()))  # counting has no end
    where = np.fromiter(map(index.__getitem__, keys), dtype=np.int64, count=n)
    return np.unique(where, return_index=True)[1].tolist(), where
