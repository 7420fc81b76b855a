"""The middle value of the annotators on the ordered scale; where two different values share the middle it is unresolved."""

from __future__ import annotations

import numpy as np

from judgeaudit.errors import ConfigError
from judgeaudit.model import Rubric
from judgeaudit.references._reference import NO_LABEL, UNRESOLVED, label_counts
from judgeaudit.table import Codes, LabelSet


def resolve(labels: LabelSet, rubric: Rubric, n: int, argument: str) -> Codes:
    """Codes of the median; labels that say "cannot be judged" do not count.

    Examples
    --------
    >>> votes = np.array([[1, 1, 1], [1, 0, 1], [0, 0, 0]], dtype=np.int32)
    >>> rubric = Rubric(name="r", values=("1", "2", "3"), level="ordinal")
    >>> resolve(LabelSet(kind="human", votes=votes), rubric, 3, "").tolist()
    [1, -2, -1]
    """
    if rubric.level == "nominal":
        raise ConfigError(
            "a median needs an ordered scale", got="level nominal", expected="level ordinal, interval or ratio"
        )
    counts = label_counts(labels, len(rubric.offered), n)
    if rubric.cannot_judge is not None:
        counts[:, rubric.offered.index(rubric.cannot_judge)] = 0
    cumulated = counts.cumsum(axis=1)
    total = cumulated[:, -1]
    lower = (cumulated >= ((total + 1) // 2)[:, None]).argmax(axis=1)
    upper = (cumulated >= (total // 2 + 1)[:, None]).argmax(axis=1)
    codes: Codes = lower.astype(np.int32)
    codes[(lower != upper) & (total % 2 == 0)] = UNRESOLVED
    codes[total == 0] = NO_LABEL
    return codes
