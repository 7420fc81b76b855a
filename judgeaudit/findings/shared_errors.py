"""The judges of a panel err on the same outputs: their votes are worth fewer than they are."""

from collections.abc import Iterator

from judgeaudit.findings._view import View, span
from judgeaudit.model import Finding

CODE = "shared_errors"
LEVEL = 0.05


def find(view: View) -> Iterator[Finding]:
    """A warning where effective votes lie below what judges that err independently are worth."""
    votes = view.one("effective_votes", panel="judges")
    if votes is None or votes.value is None or votes.p_value is None or votes.p_value > LEVEL:
        return
    text = (
        f"The panel of judges is worth {span(votes)} independent votes by {votes.reference} labels: its judges err on the same "
        "outputs, so their agreement, a majority of them, and a latent truth made from them claim more than they know."
    )
    yield Finding(code=CODE, severity="warning", text=text)
