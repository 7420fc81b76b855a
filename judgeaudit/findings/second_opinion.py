"""scikit-learn or krippendorff, which recompute the headline figures, differ from ours or could not run."""

from collections.abc import Iterator

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "second_opinion"


def find(view: View) -> Iterator[Finding]:
    """An error for each difference above 1e-9; a note for a package that is not installed."""
    for check in view.verification:
        if check["status"] == "differs":
            text = (
                f"{check['package']} gives {check['theirs']!r} for {check['figure']}, this audit {check['ours']!r}. One of the "
                "two is wrong; do not use the figures before it is known which."
            )
            yield Finding(code=CODE, severity="error", text=text)
        elif check["status"] != "agrees":
            text = f"The second opinion of {check['package']} is missing: {check['status']}."
            yield Finding(code=CODE, severity="note", text=text)
