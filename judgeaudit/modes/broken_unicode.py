"""Code points that no text should have: lone surrogates, NUL and other controls, floods of bidirectional or zero-width marks.

Cause: a stream cut between the halves of a character, a tokenizer that emits raw code points. Found by a scan over code
points: lone surrogates, controls other than tab, newline, return and form feed, noncharacters and private-use characters
count one by one; bidirectional overrides and zero-width characters only where there are 10 or more and they are a tenth
of the text. Strength: 2.5 times their share of the text, at most 1: from a fifth on the output is degenerate. Defaults of ours.

Traps: they crash pipelines and terminals; joiners in emoji and Indic and Persian words, direction marks in Arabic and
Hebrew, a byte order mark.

References
----------
A lone surrogate from a model that stopped an evaluation: https://github.com/UKGovernmentBEIS/inspect_ai/pull/3802.
Bidirectional and invisible characters against readers of text: Boucher and Anderson 2021, arXiv:2111.00169.
"""

from __future__ import annotations

import random
import re

from judgeaudit.model import ModeHit
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

_BROKEN = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b\x0e-\x1f\x7f\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]+"
)
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u180e\U000e0000-\U000e007f]+")
_SOUND = bytes(code for code in range(128) if not _BROKEN.match(chr(code)))
FLOOD = 10
FLOOD_SHARE = 0.1
WEIGHT = 2.5


def detect(view: TextView) -> ModeHit | None:
    """Broken code points, and invisible ones where they flood."""
    text = view.text
    if text.isascii() and not text.encode().translate(None, _SOUND):
        return None
    spans = [m.span() for m in _BROKEN.finditer(text)]
    unseen = [] if text.isascii() else [m.span() for m in _UNSEEN.finditer(text)]
    many = sum(b - a for a, b in unseen)
    if many >= FLOOD and many >= FLOOD_SHARE * len(text):
        spans += unseen
    if not spans:
        return None
    return hit("broken_unicode", min(1.0, WEIGHT * sum(b - a for a, b in spans) / len(text)), spans)


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """Broken code points after a share of `dose` of the base's characters, and at least one."""
    if dose <= 0:
        return base
    kinds = rng.choice(
        ["\x00\x01\x07\x1b", "\ud835\udc00\ud800", "\u202e\u202d\u2066\u200f", "\u200b\u2060\ufeff", "\ue001\uffff"]
    )
    text = base or "The kettle is on the stove."
    marked = [c + rng.choice(kinds) if rng.random() < dose else c for c in text]
    marked.insert(rng.randint(0, len(marked)), rng.choice(kinds))
    return "".join(marked)


MODE = Mode(
    name="broken_unicode",
    degenerate=True,
    detect=detect,
    generate=generate,
    signals=Signal.MARKERS | Signal.FOREIGN | Signal.BLANK,
)
