"""A judge gave the same verdict on every output."""

from collections.abc import Iterator

import numpy as np

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "constant_judge"


def find(view: View) -> Iterator[Finding]:
    """A warning for each judge with at least two verdicts, all of one value."""
    offered = view.data.rubric.offered
    for judge in view.judges:
        codes = view.data.judges[judge][0].codes
        values = np.unique(codes[codes >= 0])
        if len(values) == 1 and int((codes >= 0).sum()) >= 2:
            text = (
                f"{judge} calls every one of {int((codes >= 0).sum())} outputs {offered[int(values[0])]!r}: it tells nothing "
                "apart, whatever its accuracy."
            )
            yield Finding(code=CODE, severity="warning", judge=judge, text=text)
