"""The reference has one class only, so that agreement beyond chance cannot be measured."""

from collections.abc import Iterator

import numpy as np

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "one_class"


def find(view: View) -> Iterator[Finding]:
    """A warning for each kind of reference whose resolved values are all equal."""
    for kind, reference in view.references.items():
        values = np.unique(reference.codes[reference.codes >= 0])
        if len(values) == 1:
            text = (
                f"All {reference.resolved} {kind} references are {view.data.rubric.offered[int(values[0])]!r}: kappa, alpha, "
                "MCC, J, balanced accuracy and AUROC are undefined, and one of the two error rates cannot be seen at all."
            )
            yield Finding(code=CODE, severity="warning", text=text)
