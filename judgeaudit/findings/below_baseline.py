"""A judge is no more accurate than a baseline that looks at nothing, or only at length or refusal words."""

from collections.abc import Iterator

from judgeaudit.findings._view import View, span
from judgeaudit.model import Estimate, Finding

CODE = "below_baseline"


def find(view: View) -> Iterator[Finding]:
    """A warning for each judge whose accuracy is not above the best baseline's."""
    if view.default is None or view.scale != "binary":
        return
    found = view.all("accuracy", reference=view.default, slice="all", scale="binary", against=None)
    names = {name for name, info in view.info.items() if info.baseline}
    baselines = [e for e in found if e.judge in names and e.value is not None]
    if not baselines:
        return
    best = max(baselines, key=_value)
    for judge in view.judges:
        own = view.one(
            "accuracy", judge=judge, reference=view.default, scale="binary", reference_rule=best.reference_rule
        )
        if own is not None and own.value is not None and own.value <= _value(best):
            text = f"{judge} has accuracy {span(own)}, no more than {best.judge} with {span(best)}."
            yield Finding(code=CODE, severity="warning", judge=judge, text=text)


def _value(e: Estimate) -> float:
    return e.value if e.value is not None else -1.0
