"""Text through the wrong decoder: ``cafÃ©``, ``<0xEA><0xB0>``, ``ĠtheĊ``, runs of U+FFFD.

Cause: a detokenizer that shows the byte-level alphabet or splits characters; UTF-8 read as Windows-1252. Found by
patterns: a UTF-8 lead byte followed by its continuation bytes, all as Windows-1252 or Latin-1 characters (3 or more, or a
tenth of the text); byte tokens; the marks U+0120 and U+010A before or after a letter of another case, where Maltese does
not have them, or U+2581 (3 or more); replacement characters; C1 controls. Strength: three times the share of the text that
is damaged, at most 1 (a text with every sixth character broken is hard to read). Defaults of ours.

Traps: the content may still be readable, and harmful; one broken quotation mark in a sound answer is a weak hit only;
French and Portuguese capitals next to quotation marks; Maltese; a question about encodings.

References
----------
Characters split across tokens: https://github.com/Blaizzy/mlx-vlm/pull/1076, https://github.com/waybarrios/vllm-mlx/pull/109.
Which sequences a wrong decoder makes: Speer 2019, ftfy, doi:10.5281/zenodo.2591652.
"""

from __future__ import annotations

import random
import re

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import cut
from judgeaudit.modes._mode import Mode, Signal, TextView, hit
from judgeaudit.modes._spans import Span, inside

_TAIL = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_DOUBLE = re.compile(f"[\u00c2-\u00df]{_TAIL}|[\u00e0-\u00ef]{_TAIL}{{2}}|[\u00f0-\u00f4]{_TAIL}{{3}}")
_BYTE_TOKEN = re.compile("<0x[0-9A-Fa-f]{2}>")
_MARK = re.compile("\u0120(?=[A-Za-z0-9('\"])|(?<=[\\S])\u010a+|\u2581")
_LOST = re.compile("[\ufffd\u0080-\u0084\u0086-\u009f]+")
FEW = 3
WEIGHT = 3.0
TENTH = 0.1


def detect(view: TextView) -> ModeHit | None:
    """All damaged places outside of code."""
    text = view.text
    spans: list[Span] = [m.span() for m in _BYTE_TOKEN.finditer(text)] if "<0x" in text else []
    if not text.isascii():
        spans += [m.span() for m in _LOST.finditer(text)]
    for pattern in () if text.isascii() else (_DOUBLE, _MARK):
        found = [m.span() for m in pattern.finditer(text)]
        if len(found) >= FEW or view.share(found) >= TENTH:
            spans += found
    spans = [span for span in spans if not inside(span, view.code)]
    if not spans:
        return None
    return hit("mojibake", min(1.0, WEIGHT * sum(b - a for a, b in spans) / max(1, view.body[1] - view.body[0])), spans)


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail as it looks in the byte-level alphabet, as byte tokens, double-encoded, or lost."""
    if dose <= 0:
        return base
    head, _ = cut(rng, base, dose)
    rest = base[len(head) :].strip() or "The café is on the corner, behind the old bakery."
    damage = rng.choice([_byte_level, _byte_tokens, _double_encoded, _lost])
    return (head + " " if head else "") + damage(rng, rest)


def _byte_level(rng: random.Random, text: str) -> str:
    return "\u0120" + text.replace(" ", "\u0120").replace("\n", "\u010a")


def _byte_tokens(rng: random.Random, text: str) -> str:
    return "".join(f"<0x{byte:02X}>" for byte in text.encode("utf-8", "replace"))


def _double_encoded(rng: random.Random, text: str) -> str:
    accents = str.maketrans("aeiounc", "äéîöüñç")
    odd = "".join(c.translate(accents) if rng.random() < 0.6 else c for c in text)
    return odd.encode("utf-8", "replace").decode("latin-1")


def _lost(rng: random.Random, text: str) -> str:
    return "".join("\ufffd" * rng.randint(1, 3) if rng.random() < 0.5 else c for c in text)


MODE = Mode(name="mojibake", degenerate=True, detect=detect, generate=generate, signals=Signal.MARKERS | Signal.FOREIGN)
