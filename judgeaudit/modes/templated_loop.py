"""The same sentence with other numbers over and over: ``Step 14: check item 14. Step 15: check item 15.``

Cause: as of sentence loops (greedy decoding, no end-of-text learned); since no copy equals another, exact repetition and the
share of distinct blocks miss it. Found as a loop of 3 to 40 words with digits made equal, in at least 12 copies that hold
two words of 3 letters and a number and are not equal as they stand. Strength: the copies over 48, times the share of the text: 24
copies that are the whole text are degenerate (defaults of ours: real step lists that are worded alike seldom have 20).

Traps: numbered steps, logs, statements of a program, multiplication tables, days of a plan (they have other words in each
line, or few lines); a number of lines that was asked for. Loops counted by words or letters, not by digits, are missed, and
where the numbers get longer a new loop begins.

References
----------
Loops that drift, and why copies do not show them: https://github.com/PrimeIntellect-ai/prime-agent/pull/1099.
"""

from __future__ import annotations

import random
import re
from itertools import pairwise

from judgeaudit.model import ModeHit
from judgeaudit.modes._loops import periodic_runs
from judgeaudit.modes._make import WORDS, cut
from judgeaudit.modes._mode import Mode, Signal, TextView, hit
from judgeaudit.modes._spans import Span, inside

COPIES = 12
MANY = 48
LEAST_WORDS, MOST_WORDS = 3, 40
LONG_WORDS = 2
_LONG = re.compile(r"[^\W\d_]{3,}")
_DIGIT = re.compile("[0-9]")
_WORD = re.compile("[^\x00-\x20]+")
_LISTING = re.compile(
    r"\b(?:list|table|steps|days|tips|examples|reasons|ideas|log|csv|names|numbered)\b", re.IGNORECASE
)


def detect(view: TextView) -> ModeHit | None:
    """The loops that only their numbers tell from exact ones."""
    if len(view.text) < 2 * COPIES * LEAST_WORDS or view.asked.copies or _DIGIT.search(view.text) is None:
        return None
    words = view.words
    units = _WORD.findall(_DIGIT.sub("0", view.text))
    runs = [run for run in periodic_runs(units, pairwise(units), 2) if _is_template(run, words, units)]
    if not runs:
        return None
    places = [m.span() for m in _WORD.finditer(view.text)]
    spans: list[Span] = [(places[i - p][0], places[j - 1][1]) for i, j, p in runs]
    kept = [k for k, span in enumerate(spans) if not inside(span, view.code)]
    copies = sum((runs[k][1] - runs[k][0]) / runs[k][2] + 1 for k in kept)
    share = view.share([spans[k] for k in kept])
    if not kept or (view.prompt and _LISTING.search(view.prompt) and copies < MANY):
        return None
    return hit("templated_loop", min(1.0, copies / MANY) * share, [spans[k] for k in kept])


def _is_template(run: tuple[int, int, int], words: list[str], units: list[str]) -> bool:
    i, j, period = run
    if not LEAST_WORDS <= period <= MOST_WORDS or (j - i) / period + 1 < COPIES:
        return False
    unit = " ".join(units[i - period : i])
    numbered = any(words[k] != words[k - period] for k in range(i, min(j, i + 3 * period)))
    return numbered and len(_LONG.findall(unit)) >= LONG_WORDS and "0" in unit and "|" not in unit


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by one sentence with a running number, at dose 1 at least 40 times."""
    if dose <= 0:
        return base
    head, length = cut(rng, base, dose)
    a, b, c = rng.sample(WORDS, 3)
    form = rng.choice(
        [
            f"Step {{n}}: check the {a} {{n}}.",
            f"{{n}}. Put the {a} beside the {b}.",
            f"Item {{n}} is the {a} of the {b} and {c}.",
        ]
    )
    start = rng.randint(10, 40)
    lines: list[str] = []
    while sum(map(len, lines)) < length or len(lines) < 40 * dose:
        lines.append(form.format(n=start + len(lines)))
    return (rng.choice(["\n", " "])).join([head, *lines] if head else lines)


MODE = Mode(name="templated_loop", degenerate=True, detect=detect, generate=generate, signals=Signal.REPETITION)
