"""A judge contradicts itself when asked again."""

from collections.abc import Iterator

from judgeaudit.findings._view import View, span
from judgeaudit.model import Finding

CODE = "flips"
LIMIT = 0.05


def find(view: View) -> Iterator[Finding]:
    """A warning for each judge whose trials differ on more than 5 % of the items."""
    for judge in view.judges:
        rate = view.one("flip_rate", judge=judge)
        if rate is not None and rate.value is not None and rate.value > LIMIT:
            text = (
                f"{judge} does not repeat itself: its trials differ on {rate.k:g} of {rate.n:g} outputs ({span(rate)})."
            )
            yield Finding(code=CODE, severity="warning", judge=judge, text=text)
