"""Verdicts helped to choose which outputs were labelled, so error rates among the labelled are not those of all outputs."""

from collections.abc import Iterator

from judgeaudit.findings._view import View, span
from judgeaudit.model import Estimate, Finding

CODE = "selected_labels"
_SAME = 1e-9


def find(view: View) -> Iterator[Finding]:
    """A warning for each judge whose rates of errors rest on labels that verdicts decided, by themselves uncorrected."""
    if view.default is None:
        return
    weighted = view.data.weights_of == "labels" and view.data.weights is not None
    for judge in view.judges:
        corrected = view.one("sensitivity_begg_greenes", judge=judge, reference=view.default)
        if corrected is None:
            continue
        if (corrected.reason or "").startswith("labels_of_positives_only"):
            yield _warning(judge, _blind(judge, corrected))
        elif not weighted:
            plain = view.one("sensitivity", judge=judge, reference=view.default, scale="binary")
            if plain is not None and _differ(plain, corrected):
                yield _warning(judge, _uneven(judge, plain, corrected))


def _warning(judge: str, text: str) -> Finding:
    return Finding(code=CODE, severity="warning", judge=judge, text=text)


def _blind(judge: str, e: Estimate) -> str:
    told = (e.reason or "").partition(": ")[2]
    return (
        f"{judge} has no false-negative rate and no corrected share: {told}. Labels of some outputs called negative, drawn at "
        "random, would give both."
    )


def _differ(plain: Estimate, corrected: Estimate) -> bool:
    return plain.value is not None and corrected.value is not None and abs(plain.value - corrected.value) > _SAME


def _uneven(judge: str, plain: Estimate, corrected: Estimate) -> str:
    return (
        f"Which outputs were labelled depended on verdicts: {judge}'s sensitivity is {span(plain)} among the labelled outputs "
        f"and {span(corrected)} among all (Begg-Greenes). Its error rates as they stand are those of the labelled outputs alone."
    )
