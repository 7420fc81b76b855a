"""A judge's reply read into a verdict, or into the reason why there is none. Pure; never raises; never guesses.

The order: what the server says (refusal, filter), the reply as one JSON object, JSON objects inside it, a labelled line
("Verdict: X"), a line that is nothing but a value. The last verdict wins and must be one that was offered. A candidate that
stands word for word in the judged text is a quotation: it counts only where there is no other and the reply ends with it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from judgeaudit.judges._loose_json import Found, Members, objects
from judgeaudit.judges._values import LONGEST_VALUE, chosen, named, pattern
from judgeaudit.model import Rubric, Status, number
from judgeaudit.models._chat import Completion
from judgeaudit.text import clip

VERSION = "1"
"""Part of every judge's fingerprint: raised whenever the same reply can be read differently."""

_LONGEST = 200_000
_MOST_CANDIDATES = 100
_KEYS = ("verdict", "finalverdict")
_ALIASES = (
    "label",
    "answer",
    "finalanswer",
    "classification",
    "rating",
    "score",
    "grade",
    "judgement",
    "judgment",
    "decision",
)
_LABEL = re.compile(
    r"(?<![\w-])(?P<label>(?:final[ _-])?(?:verdict|answer|label|classification|rating|score|grade|judge?ment|decision))"
    r"[\"'”’*_`)\]]*\s*(?:\bis\b|:|=|->|→|：)(?=(?P<said>[*_\"'` \t]*\n?[^\n]{0,200}))",
    re.IGNORECASE,
)
_THINK = re.compile(r"\s*<(think|thinking|reasoning|thought)>", re.IGNORECASE)
_REFUSAL = re.compile(
    r"\b(?:I\s*(?:a|')?m sorry|I apologi[sz]e|(?:I|we) (?:can(?:no|')?t|am unable to|'m unable to|am not able to|won't|will not|"
    r"must decline|decline)\b.{0,40}\b(?:help|assist|answer|evaluate|judge|rate|classify|engage|comply|provide|process|continue|"
    r"do that|review|fulfil))",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reply says. `probability` and `confidence` are the judge's own numbers in [0, 1], where it gave them."""

    status: Status
    verdict: str | None = None
    probability: float | None = None
    confidence: float | None = None
    rationale: str = ""
    method: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A place where a verdict is, or should be."""

    reading: Reading
    source: str
    end: int
    rank: int = 0


def read(completion: Completion, rubric: Rubric, judged: str = "") -> Reading:
    """The verdict in a completion.

    Parameters
    ----------
    completion
        The judge's reply.
    rubric
        What was asked; a verdict is always one of `rubric.offered`.
    judged
        The text that the judge was shown, in which quotations are recognised.

    Examples
    --------
    >>> harm = Rubric(name="harm", values=("safe", "harmful"), positive=("harmful",))
    >>> reply = Completion(text='Reasons... {"verdict": "Harmful"}', finish_reason="stop")
    >>> read(reply, harm).verdict
    'harmful'
    >>> read(Completion(text="safe or harmful", finish_reason="stop"), harm).status.value
    'unparsable'
    """
    if completion.finish_reason == "filter":
        return Reading(status=Status.FILTERED, detail="the server's content filter ended the reply")
    if completion.refusal or completion.finish_reason == "refusal":
        return Reading(status=Status.REFUSED, detail=clip(completion.refusal or "the server says refusal", 200))
    cut = completion.finish_reason == "length"
    text = completion.text[-_LONGEST:]
    answer, thinking = _answer(text)
    if not thinking:
        found = _find(answer, rubric.offered, judged, cut)
        if found is not None:
            return found
    if cut:
        return Reading(status=Status.TRUNCATED, detail="the token limit was reached before a verdict")
    return _without_verdict(answer, thinking, completion)


def _without_verdict(answer: str, thinking: bool, completion: Completion) -> Reading:
    if thinking:
        return Reading(status=Status.UNPARSABLE, detail="the reasoning block never ends")
    if not answer.strip():
        where = " (there is reasoning, but no answer)" if completion.reasoning or completion.text.strip() else ""
        return Reading(status=Status.UNPARSABLE, detail=f"the reply is empty{where}")
    if _REFUSAL.search(answer[:2000]):
        return Reading(status=Status.REFUSED, detail="the reply reads as a refusal to judge")
    return Reading(status=Status.UNPARSABLE, detail="no offered value was chosen in the reply")


def _answer(text: str) -> tuple[str, bool]:
    """The text after its reasoning block, and whether that block never ends.

    Some chat templates open the block in the prompt, so that a reply holds only its end. A reply that is one JSON object
    is taken whole, whatever tags its strings hold.
    """
    opening = _THINK.match(text)
    if opening:
        closing = re.compile(rf"</{opening.group(1)}>", re.IGNORECASE).search(text, opening.end())
        return (text[closing.end() :], False) if closing else ("", True)
    if "</think>" in text and not re.match(r"\s*(?:```\w*\s*)?\{", text):
        return text.rpartition("</think>")[2], False
    return text, False


def _find(text: str, offered: tuple[str, ...], judged: str, cut: bool) -> Reading | None:
    """The winning candidate's reading; None where there is no candidate."""
    whole = _whole(text, offered)
    if whole is not None:
        return whole
    own, quoted = _parted(_in_json(text, offered), judged)
    told = _last(own)
    if told is not None and (told.rank > 0 or told.reading.status is Status.OK):
        return told.reading
    if cut:
        return None
    own, also = _parted(_in_lines(text, offered), judged)
    line = _last(own)
    if line is not None and line.reading.status is Status.OK:
        return line.reading
    alone = _bare(text, offered)
    return alone or _quoted([*quoted, *also], text) or next((c.reading for c in (line, told) if c is not None), None)


def _parted(candidates: Iterable[_Candidate], judged: str) -> tuple[list[_Candidate], list[_Candidate]]:
    """The judge's own candidates, and those that stand word for word in the judged text."""
    found = list(candidates)[-_MOST_CANDIDATES:]
    return [c for c in found if c.source not in judged], [c for c in found if c.source in judged]


def _last(candidates: list[_Candidate]) -> _Candidate | None:
    """The last of the highest rank."""
    best = max((c.rank for c in candidates), default=0)
    return next((c for c in reversed(candidates) if c.rank == best), None)


def _quoted(candidates: list[_Candidate], text: str) -> Reading | None:
    """A judge may answer in the judged text's very words, but then its reply ends with them."""
    if not candidates:
        return None
    end = len(text.rstrip(" \n\t`*.\"'"))
    at_end = next((c.reading for c in candidates if c.end >= end), None)
    return at_end or Reading(
        status=Status.UNPARSABLE, detail="the only verdict in the reply is quoted from the judged text"
    )


def _whole(text: str, offered: tuple[str, ...]) -> Reading | None:
    """The reading of a reply that is one JSON object and nothing else, fences apart."""
    inner = re.sub(r"^\s*```[a-zA-Z]*\s*|\s*```\s*$", "", text).strip()
    if not inner.startswith("{"):
        return None
    found = objects(inner)
    if len(found) != 1 or found[0].start != 0 or found[0].end != len(inner):
        return None
    return _of_object(found[0], offered)


def _in_json(text: str, offered: tuple[str, ...]) -> Iterator[_Candidate]:
    for found in objects(text):
        reading = _of_object(found, offered)
        if reading is not None:
            rank = int(any(key in _KEYS for key, _ in _fields(found.members)))
            yield _Candidate(reading=reading, source=text[found.start : found.end], end=found.end, rank=rank)


def _of_object(found: Found, offered: tuple[str, ...]) -> Reading | None:
    """What an object says; None where it holds no verdict, or only the list of options."""
    fields = list(_fields(found.members))
    said = [value for key, value in fields if key in _KEYS]
    aside = [value for key, value in fields if key in _ALIASES]
    results = [chosen(value, offered) for value in said or aside]
    results = [result for result in results if result[1] != "several"]
    if not results:
        return None
    method = "json" if found.strict else "json_repaired"
    rationale = next(
        (v for k, v in fields if k in ("rationale", "reason", "reasoning", "explanation") and isinstance(v, str)), ""
    )
    values = {value for value, _ in results if value is not None}
    if said:
        values |= {value for value, _ in (chosen(v, offered) for v in aside) if value is not None}
    if len(values) > 1:
        told = " and ".join(repr(clip(v, LONGEST_VALUE)) for v in sorted(values))
        return Reading(
            status=Status.UNPARSABLE, rationale=rationale, method=method, detail=f"fields contradict: {told}"
        )
    if not values or (said and results[-1][0] is None):
        return _no_value(said or aside, results[-1][1], rationale, method)
    return Reading(
        status=Status.OK,
        verdict=values.pop(),
        probability=_share(fields, "probability"),
        confidence=_share(fields, "confidence"),
        rationale=rationale,
        method=method,
    )


def _no_value(said: list[Any], miss: str | None, rationale: str, method: str) -> Reading:
    if miss == "off_scale" and len(str(said[-1])) <= LONGEST_VALUE and isinstance(said[-1], (str, int, float)):
        detail = f"{clip(str(said[-1]), LONGEST_VALUE)!r} is not on the scale"
        return Reading(status=Status.OUT_OF_RANGE, rationale=rationale, method=method, detail=detail)
    return Reading(
        status=Status.UNPARSABLE, rationale=rationale, method=method, detail="the verdict's field holds no value"
    )


def _fields(members: Members, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Keys as bare letters with their values; of an object inside an object only where the outer one has no verdict."""
    pairs = [(re.sub(r"[^a-z]", "", key.casefold()), value) for key, value in members.pairs]
    yield from pairs
    if depth < 3 and not any(key in _KEYS for key, _ in pairs):
        for _, value in pairs:
            if isinstance(value, Members):
                yield from _fields(value, depth + 1)


def _share(fields: list[tuple[str, Any]], wanted: str) -> float | None:
    """A number in [0, 1], or a percentage as text; anything else is no probability."""
    told = [value for key, value in fields if key.startswith(wanted)]
    value = told[-1] if told else None
    if isinstance(value, str):
        percent = re.fullmatch(r"\s*(\d{1,3}(?:\.\d+)?)\s*%\s*", value)
        value = float(percent.group(1)) / 100 if percent else number(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        return None
    return float(value)


def _in_lines(text: str, offered: tuple[str, ...]) -> Iterator[_Candidate]:
    """Labelled statements; a label that says verdict outranks the others."""
    missed: list[_Candidate] = []
    chose = False
    for match in deque(_LABEL.finditer(text), _MOST_CANDIDATES):
        value, miss = chosen(match["said"].strip(), offered)
        at = pattern(offered).search(match["said"])
        source = match.group() + (match["said"][: at.end()] if at else match["said"].rstrip())
        begins_line = not text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip(" \t*_#>`\"'-")
        end = match.end() + len(match["said"].rstrip()) if begins_line else match.start() + len(source)
        rank = 1 + ("verdict" in match["label"].casefold())
        if value is not None:
            chose = True
            reading = Reading(status=Status.OK, verdict=value, method="labelled")
            yield _Candidate(reading=reading, source=source, end=end, rank=rank)
        elif miss == "off_scale" and len(match["said"].split()) <= 3 and match["said"].strip():
            detail = f"{clip(match['said'].strip(), LONGEST_VALUE)!r} is not on the scale"
            reading = Reading(status=Status.OUT_OF_RANGE, method="labelled", detail=detail)
            missed.append(_Candidate(reading=reading, source=source, end=end))
    if not chose:
        yield from missed


def _bare(text: str, offered: tuple[str, ...]) -> Reading | None:
    """A reply, a last line or, where no other value is on a line of its own, a first line that is one value."""
    lines = [line for line in text.splitlines() if line.strip()]
    alone = {number: value for number, line in enumerate(lines) if (value := named(line, offered)) is not None}
    last = len(lines) - 1
    if last in alone:
        return Reading(status=Status.OK, verdict=alone[last], method="bare" if last == 0 else "last_line")
    if 0 in alone and len(alone) == 1:
        return Reading(status=Status.OK, verdict=alone[0], method="first_line")
    return None
