"""The value that an adjudicator settled on, kept as a layer of its own beside the annotators' labels."""

from __future__ import annotations

import numpy as np

from judgeaudit.model import Rubric
from judgeaudit.references._reference import NO_LABEL, missing
from judgeaudit.table import Codes, LabelSet


def resolve(labels: LabelSet, rubric: Rubric, n: int, argument: str) -> Codes:
    """Codes of the adjudicated column.

    Raises
    ------
    ConfigError
        There is no adjudicated column.
    """
    if labels.adjudicated is None:
        raise missing("adjudicated", "labels with an adjudicated column")
    return np.where(labels.adjudicated.codes >= 0, labels.adjudicated.codes, NO_LABEL).astype(np.int32)
