"""Fewer than half of the outputs have a reference."""

from collections.abc import Iterator

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "few_labels"


def find(view: View) -> Iterator[Finding]:
    """A warning for each kind of reference that covers less than half of the outputs."""
    for kind, reference in view.references.items():
        if 0 < reference.resolved < view.data.n / 2:
            text = (
                f"Only {reference.resolved} of {view.data.n} outputs have a {kind} reference; error rates speak of those alone, "
                "and of the rest only as far as the labelled ones were drawn at random."
            )
            yield Finding(code=CODE, severity="warning", text=text)
