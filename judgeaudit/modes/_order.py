"""Word order: how well neighbouring English words follow one another, by a small model of pairs of word classes.

Each of 9 400 words has one of 200 classes (the 110 commonest words their own), learned from where words stand in English
documentation under the PSF and BSD licences (`data/words/train.py`; no text is kept). The score of a pair is the pointwise
mutual information of its classes, ln p(b | a) / p(b), cut to [-2.5, 3] nats: above 0 if b follows a more often than chance.
It does not depend on how common words are, so that its mean is about 0.3 in prose of any subject, and about -0.7 where the
same words stand in random order. Compression and distinct n-grams cannot see that difference.

Words outside of the table have two classes of their own, whether they end in a letter or digit, or in something else. Only
pairs with a space between them count. English only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Words64 = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

MODEL = Path(__file__).with_name("_order.npz")
TABLE_BITS = 18
UNIT = 32
LOWEST, HIGHEST = -2.5, 3.0
FIRST_KNOWN = 2
"""Class 0: an unknown token that ends in a letter or digit; 1: any other."""

_LENGTH_MASKS = np.array([(1 << 8 * k) - 1 for k in range(8)] + [(1 << 64) - 1], dtype=np.uint64)
MIX_LENGTH = np.uint64(0x9E3779B97F4A7C15)
MIX_WORD = np.uint64(0xD6E8FEB86659FD93)


def word_hashes(joined: bytes | Bytes, shown: npt.NDArray[np.bool_]) -> tuple[Places, Places, Words64]:
    """Starts, lengths in bytes and hashes (of the first 8 bytes and the length) of the runs of shown bytes.

    `joined` has 8 bytes at its end that are not shown, and starts with one.
    """
    edges = (shown[1:] != shown[:-1]).nonzero()[0] + 1
    starts, ends = edges[::2], edges[1::2]
    lengths = ends - starts
    grams = np.ndarray(shape=(shown.size - 7,), dtype="<u8", buffer=joined, strides=(1,))[starts]
    heads = grams & _LENGTH_MASKS[np.minimum(lengths, 8)]
    hashes = (heads ^ (lengths.astype(np.uint64) * MIX_LENGTH)) * MIX_WORD
    return starts, lengths, hashes ^ (hashes >> np.uint64(32))


def framed(text: bytes) -> Bytes:
    """A text with a newline before and after it, and 8 blanks at the end."""
    return np.frombuffer(b"\n" + text + b"\n" + b" " * 8, np.uint8)


def slot(word: str) -> int:
    """Where a word stands in the table of classes.

    Examples
    --------
    >>> 0 <= slot("kettle") < 1 << TABLE_BITS
    True
    """
    joined = framed(word.encode())
    return int(word_hashes(joined, joined > 0x20)[2][0] >> np.uint64(64 - TABLE_BITS))


def unknown(word: str) -> int:
    """Class of a word that is not in the table.

    Examples
    --------
    >>> unknown("kettles"), unknown("kettle,")
    (0, 1)
    """
    return int(not _ENDS_WORD[word.encode()[-1]])


_ENDS_WORD = np.array([chr(byte).isalnum() or byte >= 0x80 for byte in range(256)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """(2^18,) classes by slot, 0 unknown; (256 x 256,) scores of pairs of classes in 1/32 nat."""

    classes: Bytes
    scores: npt.NDArray[np.int8]


@cache
def model() -> Model:
    """The model that ships with the package."""
    with np.load(MODEL) as stored:
        classes, pairs = stored["classes"], stored["scores"]
    scores = np.zeros((256, 256), dtype=np.int8)
    scores[: len(pairs), : len(pairs)] = pairs
    return Model(classes=classes, scores=scores.ravel())


def pair_scores(joined: Bytes, starts: Places, lengths: Places, hashes: Words64) -> tuple[npt.NDArray[np.int8], Bytes]:
    """(n - 1,) scores of the pairs of n words, 0 where no space stands before the second; and the (n,) classes."""
    known = model()
    found = known.classes[(hashes >> np.uint64(64 - TABLE_BITS)).view(np.int64)]
    odd = (found == 0).nonzero()[0]
    found[odd] = ~_ENDS_WORD[joined[starts[odd] + lengths[odd] - 1]]
    pairs = found[:-1].astype(np.intp)
    pairs <<= 8
    pairs |= found[1:]
    scores = known.scores[pairs]
    scores *= joined[starts[1:] - 1] == 0x20
    return scores, found


def known(word: str) -> bool:
    """Whether a word has a place in the table (about one unknown word in 28 seems to).

    Examples
    --------
    >>> known("because"), known("reqest")
    (True, False)
    """
    return bool(model().classes[slot(word)])
