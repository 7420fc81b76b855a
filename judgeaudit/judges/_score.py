"""The probability of a positive verdict, measured on the log-probabilities of the tokens that spell the verdict."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgeaudit.judges._values import pattern
from judgeaudit.model import Rubric

Tokens = Sequence[tuple[str, Mapping[str, float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """`score`: probability that the verdict is positive; `confidence`: that it is of the kind it is. Both in [0, 1]."""

    score: float | None
    confidence: float


def measured(tokens: Tokens, verdict: str, rubric: Rubric) -> Measured | None:
    """Probabilities over the offered values where the reply's verdict stands.

    Walks the tokens that spell the verdict. At each, the candidates that lead to one class of values only (positive,
    not positive, `cannot_judge`; each value its own class where nothing is positive) give their mass to that class, times
    the probability of the path so far; a candidate that could still become values of two classes decides nothing and
    gives none. The score is positive / (positive + not positive): conditional on an offered verdict that can be judged.
    None where the verdict's place is not found or the classes cannot be told apart. The rationale before the verdict,
    where there is one, is taken as given.

    Parameters
    ----------
    tokens
        For each token of the reply its text and natural log-probabilities of candidates there.
    verdict
        The value that was read from the reply.

    Examples
    --------
    >>> rubric = Rubric(name="harm", values=("no", "yes"), positive=("yes",))
    >>> found = measured([("yes", {"yes": math.log(0.6), "no": math.log(0.2)})], "yes", rubric)
    >>> round(found.score, 3), round(found.confidence, 3)
    (0.75, 0.75)
    """
    start = _place("".join(token for token, _ in tokens), verdict, rubric.offered)
    if start is None:
        return None
    mass = _masses(tokens, start, rubric)
    own = _class(verdict, rubric)
    total = sum(mass.values())
    if not total > 0 or own not in mass:
        return None
    judged = mass.get("positive", 0.0) + mass.get("negative", 0.0)
    score = (
        mass.get("positive", 0.0) / judged
        if rubric.positive and own in ("positive", "negative") and judged > 0
        else None
    )
    return Measured(score=score, confidence=mass[own] / total)


def _class(value: str, rubric: Rubric) -> str:
    if value == rubric.cannot_judge:
        return "cannot_judge"
    if not rubric.positive:
        return f"value {value}"
    return "positive" if value in rubric.positive else "negative"


def _place(text: str, verdict: str, offered: tuple[str, ...]) -> int | None:
    """Where the verdict's spelling begins: after the last label that says verdict, else its last whole occurrence."""
    spelled = pattern((verdict,))
    for label in reversed(list(re.finditer(r"verdict\W{1,8}", text, re.IGNORECASE))):
        match = spelled.match(text, label.end())
        if match:
            return match.start()
    last = None
    for match in pattern(offered).finditer(text):
        last = match.start() if spelled.fullmatch(match.group()) else last
    return last


def _masses(tokens: Tokens, start: int, rubric: Rubric) -> dict[str, float]:
    mass: dict[str, float] = {}
    spelled, path, at = "", 1.0, 0
    for token, candidates in tokens:
        begin, at = at, at + len(token)
        if at <= start:
            continue
        lead = token[: max(start - begin, 0)]
        for candidate, logprob in candidates.items():
            if candidate == token:
                continue
            classes = _classes(spelled, lead, candidate, rubric)
            if len(classes) == 1:
                found = classes.pop()
                mass[found] = mass.get(found, 0.0) + path * math.exp(min(logprob, 0.0))
        classes = _classes(spelled, lead, token, rubric)
        if token not in candidates:
            return {}
        path *= math.exp(min(candidates[token], 0.0))
        if len(classes) == 1:
            found = classes.pop()
            mass[found] = mass.get(found, 0.0) + path
            return mass
        if not classes:
            return {}
        spelled += token[len(lead) :]
    return mass


def _classes(spelled: str, lead: str, candidate: str, rubric: Rubric) -> set[str]:
    """Classes of the values that what is spelled so far and this candidate may become."""
    if not spelled:
        mark = lead.strip()
        bare = candidate.lstrip()
        if not bare.startswith(mark):
            return set()
        candidate = bare[len(mark) :].lstrip()
    so_far = (spelled + candidate).casefold()
    if not so_far.strip():
        return set()
    return {_class(value, rubric) for value in rubric.offered if _may_become(so_far, value.casefold())}


def _may_become(so_far: str, value: str) -> bool:
    if value.startswith(so_far):
        return True
    # "no" followed by a quote or a blank is whole; followed by a letter it is another word.
    return so_far.startswith(value) and not (so_far[len(value)].isalnum() or so_far[len(value)] in "_-")
