"""Judges agree with each other more than with the reference: their agreement is no evidence that they are right."""

from collections.abc import Iterator

from judgeaudit.findings._view import View, span
from judgeaudit.model import Finding

CODE = "agree_but_wrong"


def find(view: View) -> Iterator[Finding]:
    """A warning where alpha among judges lies, by its lower end, above every judge's kappa by its upper end."""
    alpha = view.one("krippendorff_alpha", panel="judges", level="nominal")
    if view.default is None or alpha is None or alpha.low is None:
        return
    kappas = [view.one("cohen_kappa", judge=j, reference=view.default, scale=view.scale) for j in view.judges]
    tops = [k.high for k in kappas if k is not None and k.high is not None]
    if len(tops) >= 2 and alpha.low > max(tops):
        best = max((k for k in kappas if k is not None and k.value is not None), key=lambda k: k.value or 0.0)
        text = (
            f"The judges agree with each other (alpha {span(alpha)}) more than any of them agrees with the {view.default} "
            f"reference (best kappa {span(best)}): they share errors, and a vote among them will not mend it."
        )
        yield Finding(code=CODE, severity="warning", text=text)
