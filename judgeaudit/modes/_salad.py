"""Stretches of English words in no order: windows of words that follow one another worse than chance lets sound prose do.

Two window sizes: 48 pairs of neighbouring words with a mean score under -0.5 nats, 16 pairs under -1.2 (`_order`). In 1,650
sound answers of released sets the lowest windows are at -0.42 and -0.99; of the same answers shuffled, seven in ten are found.
A whole answer of 8 to 16 words has a limit by its length, -1.7 to -1.0: of 3,340 sentences of so many words in the same
answers none is below it (the lowest are at -1.31, -0.97 and -0.72 for up to 10, 13 and 16 words). It finds few salads of
8 words and half of those of 16; how many, `judgeaudit list modes --measured` says.

At least 0.55 of the words of a window are in the vocabulary, else it is not assessed: other languages, code and names are not
called salad. What kind of salad it is follows from its share of function words: about 0.45 in prose and in shuffled prose,
over 0.75 in salads of function words, under 0.3 where words were drawn from a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from judgeaudit.modes import _order
from judgeaudit.modes._spans import Span, inside, merged
from judgeaudit.text import utf8

Kind = Literal["word_salad", "function_word_salad", "shuffled_words"]
WINDOWS = ((48, -0.5), (16, -1.2))
WHOLE = ((10, -1.7), (13, -1.2), (16, -1.0))
"""Most words of a whole text, and the mean score below which it is disorder."""
KNOWN_SHARE = 0.55
LEAST_WORDS = 8
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How well the words of one text, or of several that stand one after the other, follow one another.

    Parameters
    ----------
    starts
        (n,) first bytes of the words.
    sums
        (n,) scores of the pairs of neighbouring words, added up from 0; of pairs over the edge of a text the score is 0.
    classes
        (n,) classes of the words.
    """

    joined: _order.Bytes
    starts: _order.Places
    sums: npt.NDArray[np.int32]
    classes: _order.Bytes

    def windows(self) -> list[tuple[_order.Places, int]]:
        """First words of the windows of disorder, and the number of pairs of each, for every window size.

        Windows may run over the edge of a text; the caller knows the edges.
        """
        out = []
        for size, mean in WINDOWS:
            first = (self.sums[size:] - self.sums[:-size] < int(mean * size * _order.UNIT)).nonzero()[0]
            if first.size:
                first = first[self._in_vocabulary(first, first + size + 1)]
            if first.size:
                out.append((first, size))
        return out

    def whole(self, first: _order.Places, count: _order.Places) -> _order.Places:
        """Which of some texts of few words are disorder as a whole, by their first words and numbers of words."""
        out = []
        least = LEAST_WORDS
        for most, mean in WHOLE:
            texts = ((count >= least) & (count <= most)).nonzero()[0]
            low, end = first[texts], first[texts] + count[texts]
            texts = texts[
                self.sums[end - 1] - self.sums[low] < (mean * _order.UNIT * (count[texts] - 1)).astype(np.int64)
            ]
            if texts.size:
                out.append(texts[self._in_vocabulary(first[texts], first[texts] + count[texts])])
            least = most + 1
        return np.concatenate(out) if out else np.empty(0, dtype=np.int64)

    def _in_vocabulary(self, first: _order.Places, end: _order.Places) -> npt.NDArray[np.bool_]:
        """Whether enough of the words [first, end) are in the vocabulary."""
        told = (self.classes >= _order.FIRST_KNOWN) & _LETTER[self.joined[self.starts]]
        known = np.concatenate(([0], np.cumsum(told)))
        return np.asarray(known[end] - known[first] >= KNOWN_SHARE * (end - first))


def order(joined: _order.Bytes, starts: _order.Places, lengths: _order.Places, hashes: _order.Words64) -> Order | None:
    """The order of words; None where there are too few to say anything."""
    if starts.size < LEAST_WORDS:
        return None
    scores, classes = _order.pair_scores(joined, starts, lengths, hashes)
    sums = np.empty(scores.size + 1, dtype=np.int32)
    sums[0] = 0
    np.cumsum(scores, out=sums[1:])
    return Order(joined=joined, starts=starts, sums=sums, classes=classes)


def find(text: str, skip: tuple[Span, ...]) -> Salad:
    """The stretches of disorder of one text outside of code.

    Examples
    --------
    >>> find("The kettle is on the stove and the cups are on the table. " * 4, ()).kind is None
    True
    """
    joined = _order.framed(same_digits(utf8(text)))
    found = order(joined, *_order.word_hashes(joined, joined > 0x20))
    if found is None:
        return Salad()
    places = [m.span() for m in _WORD.finditer(text)]
    spans = [(places[i][0], places[i + size][1]) for first, size in found.windows() for i in first.tolist()]
    if found.whole(np.array([0]), np.array([found.starts.size])).size:
        spans.append((places[0][0], places[-1][1]))
    spans = [span for span in merged(spans) if not inside(span, skip)]
    words = [word.strip(".,;:!?\"'()").lower() for a, b in spans for word in text[a:b].split()]
    share = sum(word in FUNCTION_WORDS for word in words) / max(1, len(words))
    return Salad(spans=tuple(spans), function_share=share)
