"""A value of the scale, such as NaN or N/A, looks like the spelling of no value at all, and counts as one."""

from collections.abc import Iterator

import numpy as np

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "value_like_missing"
SPELLINGS = frozenset({"nan", "na", "n/a", "null", "none", "nil", "missing", "undefined", "-", "--", "?", "."})


def find(view: View) -> Iterator[Finding]:
    """A warning for each such value that labels or verdicts have, unless it is the one for what cannot be judged."""
    rubric = view.data.rubric
    raters = [ratings for trials in view.data.judges.values() for ratings in trials]
    for labels in view.data.labels.values():
        raters += [*labels.annotators.values(), *([labels.adjudicated] if labels.adjudicated is not None else [])]
    for code, value in enumerate(rubric.offered):
        if value == rubric.cannot_judge or value.strip().lower() not in SPELLINGS:
            continue
        count = sum(int(np.count_nonzero(ratings.codes == code)) for ratings in raters)
        if count:
            side = "" if not rubric.positive else " positive" if value in rubric.positive else " negative"
            text = (
                f"{count} labels and verdicts say {value!r}, which often stands for no value; it is taken as a"
                f"{side} value. Leave such cells empty, or name it as the value for what cannot be judged."
            )
            yield Finding(code=CODE, severity="warning", text=text)
