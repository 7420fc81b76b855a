"""One model or benchmark gives most of a slice, so that the slice cannot be told from that source."""

from collections.abc import Iterator

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "one_source"


def find(view: View) -> Iterator[Finding]:
    """A warning for each slice of which one source gives over 80 %, and less than half of the rest."""
    for part in view.slices:
        if part.source is not None:
            text = (
                f"Over 80 % of the {part.n} outputs of {part.name} come from {part.source}: what holds there may hold of that "
                "source alone."
            )
            yield Finding(code=CODE, severity="warning", slice=part.name, text=text)
