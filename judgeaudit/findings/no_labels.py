"""There is no label by a person and no truth by construction to hold a judge against."""

from collections.abc import Iterator

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "no_labels"


def find(view: View) -> Iterator[Finding]:
    """A warning; it says so where labels by a language model are all there is."""
    if view.default is not None:
        return
    if "model" in view.references:
        text = (
            "The only labels are those that a language model gave by reading. Figures against them say how judges agree with "
            "another model, not how often they are right."
        )
    else:
        text = "There are no labels: the audit shows agreement among raters and rates of verdicts, and no error rate."
    yield Finding(code=CODE, severity="warning", text=text)
