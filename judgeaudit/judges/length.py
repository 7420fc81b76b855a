"""Text length against a threshold: by default a response of at least N characters or words is positive.

Judges favour long answers; one that does no better than this has not read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges._offline import Answer, Offline, Settings, Value, chosen

Unit = Literal["characters", "words"]


class Params(Settings):
    """Parameters of `length`.

    Parameters
    ----------
    at_least
        The threshold N, in `unit`.
    unit
        `characters` (code points) or `words` (separated by whitespace).
    direction
        `longer`: N or more is positive; `shorter`: fewer than N is positive.
    positive, negative
        Verdicts; by default the rubric's first positive and first negative value.
    """

    at_least: int = Field(ge=0)
    unit: Unit = "characters"
    direction: Literal["longer", "shorter"] = "longer"
    positive: Value | None = None
    negative: Value | None = None


def build(name: str, params: Params) -> BatchJudge:
    """The judge of this kind."""

    def decide(material: Material) -> Iterator[Answer]:
        keys = ("positive", "negative")
        yes, no = chosen(material.rubric, positive=params.positive, negative=params.negative, keys=keys)
        for count in lengths([output.response for output in material.outputs], params.unit):
            longer = bool(count >= params.at_least)
            positive = longer if params.direction == "longer" else not longer
            yield Answer(verdict=yes if positive else no, rationale=f"{count} {params.unit}")

    return Offline(name=name, kind="length", identity=params.model_dump(), decide=decide)


def lengths(texts: Sequence[str], unit: Unit = "characters") -> npt.NDArray[np.int64]:
    """(n,) lengths in characters (code points) or words (separated by whitespace).

    Examples
    --------
    >>> lengths(["two words", ""], "words")
    array([2, 0])
    """
    counts = map(len, texts) if unit == "characters" else (len(text.split()) for text in texts)
    return np.fromiter(counts, np.int64, len(texts))
