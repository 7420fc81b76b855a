"""One named column of the table as the reference (column:COL)."""

from __future__ import annotations

from judgeaudit.model import Rubric
from judgeaudit.references import adjudicated
from judgeaudit.references._reference import missing
from judgeaudit.table import Codes, LabelSet


def resolve(labels: LabelSet, rubric: Rubric, n: int, argument: str) -> Codes:
    """Codes of the column.

    Raises
    ------
    ConfigError
        That column was not read as the reference.
    """
    if labels.adjudicated is None or (labels.adjudicated_name and labels.adjudicated_name != argument):
        raise missing(
            f"column:{argument}", f"column:{labels.adjudicated_name}" if labels.adjudicated_name else "a column"
        )
    return adjudicated.resolve(labels, rubric, n, argument)
