"""A judge made from the mode detectors is not scored on the slices that those detectors made."""

from collections.abc import Iterator

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "circular"


def find(view: View) -> Iterator[Finding]:
    """A note for each such judge."""
    if not any(part.detected for part in view.slices):
        return
    for judge in view.judges:
        if view.info[judge].kind == "modes":
            text = f"{judge} decides by the detectors that made the mode and coherence slices, so it has no error rate there."
            yield Finding(code=CODE, severity="note", judge=judge, text=text)
