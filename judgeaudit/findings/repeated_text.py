"""A slice lives on few texts: one text gives over 20 % of it, or fewer than half of its texts are distinct."""

from collections.abc import Iterator

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "repeated_text"


def find(view: View) -> Iterator[Finding]:
    """A warning for each such slice; its intervals are the wider of those by cluster and by text."""
    for part in view.slices:
        if part.repeated:
            text = (
                f"The {part.n} outputs of {part.name} hold {part.distinct_texts} distinct texts, and the commonest one gives "
                f"{part.largest_text_share:.0%} of them. Repeated texts are not independent evidence: intervals here are the "
                "wider of those by cluster and by text."
            )
            yield Finding(code=CODE, severity="warning", slice=part.name, text=text)
