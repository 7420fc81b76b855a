"""The people who labelled disagree among themselves, which bounds what any judge can reach."""

from collections.abc import Iterator

from judgeaudit.findings._view import View, span
from judgeaudit.model import Finding

CODE = "people_disagree"
CUSTOMARY = 0.667


def find(view: View) -> Iterator[Finding]:
    """A warning where alpha among people, at the rubric's level, is below the customary 0.667."""
    alpha = view.one("krippendorff_alpha", panel="humans", level=view.data.rubric.level)
    if alpha is not None and alpha.value is not None and alpha.value < CUSTOMARY:
        text = (
            f"Alpha among the people who labelled is {span(alpha)}, below the customary {CUSTOMARY}: the reference itself is "
            "uncertain, and a judge cannot be expected to agree with it more than people do with each other."
        )
        yield Finding(code=CODE, severity="warning", text=text)
