"""A judge left more than 2 % of the outputs it was asked about without a verdict."""

from collections.abc import Iterator

from judgeaudit.findings._view import View, share
from judgeaudit.model import Finding

CODE = "many_unscored"
LIMIT = 0.02


def find(view: View) -> Iterator[Finding]:
    """A warning for each such judge, with reasons and what it does to the claimed rate."""
    for judge in view.judges:
        rate = view.one("unscored_rate", judge=judge)
        if rate is None or rate.value is None or not LIMIT < rate.value < 1:
            continue
        reasons = ", ".join(f"{k} {v:g}" for k, v in sorted(rate.left_out.items()) if k != "skipped")
        positive = view.one("positive_rate", judge=judge)
        bounds = positive.unscored_bounds if positive else None
        swing = (
            f" With them counted as negative or as positive its positive rate is {bounds[0]:.3f} or {bounds[1]:.3f}."
            if bounds
            else ""
        )
        text = f"{judge} has no verdict on {share(rate.k or 0, rate.n)} outputs ({reasons}).{swing}"
        yield Finding(code=CODE, severity="warning", judge=judge, text=text)
