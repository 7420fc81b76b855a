"""One annotator's labels as the reference (annotator:NAME)."""

from __future__ import annotations

import numpy as np

from judgeaudit.errors import ConfigError, nearest
from judgeaudit.model import Rubric
from judgeaudit.references._reference import NO_LABEL
from judgeaudit.table import Codes, LabelSet


def resolve(labels: LabelSet, rubric: Rubric, n: int, argument: str) -> Codes:
    """Codes of that annotator.

    Raises
    ------
    ConfigError
        There is no annotator of that name.
    """
    if argument not in labels.annotators:
        raise ConfigError(
            "unknown annotator",
            got=repr(argument),
            next_step=nearest(argument, labels.annotators) + " (annotator:NAME)",
        )
    codes = labels.annotators[argument].codes
    return np.where(codes >= 0, codes, NO_LABEL).astype(np.int32)
