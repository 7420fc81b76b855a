"""Stretches of English words in no order: windows of words that follow one another worse than chance lets sound prose do.

Two window sizes: 48 pairs of neighbouring words with a mean score under -0.5 nats, 16 pairs under -1.2 (`_order`). In 1,650
sound answers of released sets the lowest windows are at -0.42 and -0.99; of the same answers shuffled, seven in ten are found.
At least 0.55 of the words of a window are in the vocabulary, else it is not assessed: other
languages, code and names are not called salad. What kind of salad it is follows from its share of function words: about
0.45 in prose and in shuffled prose, over 0.75 in salads of function words, under 0.3 where words were drawn from a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from judgeaudit.modes import _order
from judgeaudit.modes._spans import Span, inside, merged
from judgeaudit.text import utf8

Kind = Literal["word_salad", "function_word_salad", "shuffled_words"]
WINDOWS = ((48, -0.5), (16, -1.2))
KNOWN_SHARE = 0.55
LEAST_WORDS = 17
FUNCTION_SALAD = 0.75
WORD_SALAD = 0.3

FUNCTION_WORDS = frozenset({
    "the", "of", "and", "a", "an", "to", "in", "is", "was", "were", "are", "be", "been", "being", "am", "it", "its", "that",
    "this", "these", "those", "he", "she", "they", "them", "their", "his", "her", "we", "us", "our", "you", "your", "i", "me",
    "my", "for", "on", "with", "as", "at", "by", "from", "or", "but", "not", "no", "nor", "so", "if", "then", "than", "when",
    "while", "where", "which", "who", "whom", "whose", "what", "how", "why", "because", "until", "unless", "although",
    "though", "since", "before", "after", "above", "below", "over", "under", "between", "among", "through", "during", "into",
    "onto", "upon", "about", "against", "within", "without", "toward", "towards", "up", "down", "out", "off", "again",
    "there", "here", "all", "any", "both", "each", "either", "neither", "every", "some", "such", "only", "own", "same", "too",
    "very", "can", "could", "may", "might", "must", "shall", "should", "will", "would", "do", "does", "did", "done", "have",
    "has", "had", "having",
})  # fmt: skip
_LETTER = np.array([chr(byte).isalpha() and byte < 0x80 for byte in range(256)])
_WORD = re.compile("[^\x00-\x20]+")
_DIGITS = bytes(0x30 if 0x30 <= byte <= 0x39 else byte for byte in range(256))


@dataclass(frozen=True, slots=True, kw_only=True)
class Salad:
    """Stretches of disorder of one text, and the share of function words in them."""

    spans: tuple[Span, ...] = ()
    function_share: float = 0.0

    @property
    def kind(self) -> Kind | None:
        """Which kind of salad the stretches are; None where there are none."""
        if not self.spans:
            return None
        if self.function_share >= FUNCTION_SALAD:
            return "function_word_salad"
        return "word_salad" if self.function_share < WORD_SALAD else "shuffled_words"


def same_digits(text: bytes) -> bytes:
    """The text with every digit made a 0, so that numbered repetitions are equal."""
    return text.translate(_DIGITS)


def windows(
    joined: _order.Bytes, starts: _order.Places, lengths: _order.Places, hashes: _order.Words64
) -> list[tuple[_order.Places, int]]:
    """First words of the windows of disorder, and the number of pairs of each, for every window size.

    Windows may run over the edge of a text, where the score is 0; the caller knows the edges.
    """
    if starts.size < LEAST_WORDS:
        return []
    scores, classes = _order.pair_scores(joined, starts, lengths, hashes)
    sums = np.empty(scores.size + 1, dtype=np.int32)
    sums[0] = 0
    np.cumsum(scores, out=sums[1:])
    out = []
    for size, mean in WINDOWS:
        if scores.size < size:
            continue
        first = (sums[size:] - sums[:-size] < int(mean * size * _order.UNIT)).nonzero()[0]
        if first.size:
            known = np.concatenate(([0], np.cumsum((classes >= _order.FIRST_KNOWN) & _LETTER[joined[starts]])))
            first = first[known[first + size + 1] - known[first] >= KNOWN_SHARE * (size + 1)]
        if first.size:
            out.append((first, size))
    return out


def find(text: str, skip: tuple[Span, ...]) -> Salad:
    """The stretches of disorder of one text outside of code.

    Examples
    --------
    >>> find("The kettle is on the stove and the cups are on the table. " * 4, ()).kind is None
    True
    """
    joined = _order.framed(same_digits(utf8(text)))
    found = windows(joined, *_order.word_hashes(joined, joined > 0x20))
    if not found:
        return Salad()
    places = [m.span() for m in _WORD.finditer(text)]
    spans = [(places[i][0], places[i + size][1]) for first, size in found for i in first.tolist()]
    spans = [span for span in merged(spans) if not inside(span, skip)]
    words = [word.strip(".,;:!?\"'()").lower() for a, b in spans for word in text[a:b].split()]
    share = sum(word in FUNCTION_WORDS for word in words) / max(1, len(words))
    return Salad(spans=tuple(spans), function_share=share)
