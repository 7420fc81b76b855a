"""A judge was asked and gave no verdict at all."""

from collections.abc import Iterator

from judgeaudit.findings._view import View, share
from judgeaudit.model import Finding

CODE = "nothing_scored"


def find(view: View) -> Iterator[Finding]:
    """An error for each such judge, with the reasons."""
    for judge in view.judges:
        rate = view.one("unscored_rate", judge=judge)
        if rate is not None and rate.value == 1.0:
            reasons = ", ".join(f"{k} {v:g}" for k, v in sorted(rate.left_out.items()))
            unscored = share(rate.k or 0, rate.n)
            text = f"{judge} gave no verdict on any output ({unscored} unscored: {reasons}); nothing can be said of it."
            yield Finding(code=CODE, severity="error", judge=judge, text=text)
