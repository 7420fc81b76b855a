"""Annotators tie on some outputs, which therefore have no reference."""

from collections.abc import Iterator

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "unresolved_labels"


def find(view: View) -> Iterator[Finding]:
    """A note, or an error where every labelled output is unresolved."""
    for kind, reference in view.references.items():
        if reference.unresolved:
            whole = reference.resolved == 0
            text = (
                f"On {reference.unresolved} of {reference.unresolved + reference.resolved} labelled outputs the {kind} labels "
                f"do not settle a value under the rule {reference.rule}; "
                + ("nothing is left to measure against." if whole else "they are left out and counted.")
            )
            yield Finding(code=CODE, severity="error" if whole else "note", text=text)
