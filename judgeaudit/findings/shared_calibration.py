"""A corrected share over several models rests on errors that were measured on some of them alone."""

from collections.abc import Iterator

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "shared_calibration"
_MODEL = "col.model="


def find(view: View) -> Iterator[Finding]:
    """A warning for each judge whose share is corrected over all outputs and not on some model, for want of its own labels."""
    for judge in view.judges:
        whole = view.one("prevalence_corrected", judge=judge, reference=view.default)
        if view.default is None or whole is None or whole.value is None:
            continue
        every = view.all("prevalence_corrected", judge=judge, reference=view.default)
        lacking = [e for e in every if e.slice.startswith(_MODEL) and e.value is None]
        if lacking:
            text = (
                f"{judge}'s corrected share over all outputs takes sensitivity and specificity as equal across models; "
                f"{len(lacking)} of the models cannot be corrected by labels of their own. Shared between models that are "
                "compared, such a correction can turn the sign of a difference: compare them by their own or by raw verdicts."
            )
            yield Finding(code=CODE, severity="warning", judge=judge, text=text)
