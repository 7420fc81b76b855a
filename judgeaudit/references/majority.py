"""The value that most annotators gave; a tie is unresolved and counted, never one class silently."""

from __future__ import annotations

import numpy as np

from judgeaudit.model import Rubric
from judgeaudit.references._reference import NO_LABEL, UNRESOLVED, label_counts
from judgeaudit.table import Codes, LabelSet


def resolve(labels: LabelSet, rubric: Rubric, n: int, argument: str) -> Codes:
    """Codes of the majority.

    Examples
    --------
    >>> votes = np.array([[2, 1], [1, 1], [0, 0]], dtype=np.int32)
    >>> resolve(LabelSet(kind="human", votes=votes), Rubric(name="r", values=("0", "1")), 3, "").tolist()
    [0, -2, -1]
    """
    counts = label_counts(labels, len(rubric.offered), n)
    most = counts.max(axis=1)
    tied = (counts == most[:, None]).sum(axis=1) > 1
    codes: Codes = counts.argmax(axis=1).astype(np.int32)
    codes[tied] = UNRESOLVED
    codes[most == 0] = NO_LABEL
    return codes
