"""A judge errs on degenerate outputs at another rate than on coherent ones, beyond chance after Holm's correction."""

from collections.abc import Iterator

from judgeaudit.findings._view import View
from judgeaudit.model import Finding

CODE = "degenerate_differs"
WORDS = {"false_positive_rate": "false positive rate", "false_negative_rate": "false negative rate"}


def find(view: View) -> Iterator[Finding]:
    """A warning for each judge and error rate whose adjusted p is at most 0.05, under the default reference."""
    for measure, words in WORDS.items():
        for e in view.all(
            measure, slice="coherence=degenerate", against="slice:coherence=coherent", reference=view.default
        ):
            if e.value is None or e.p_adjusted is None or e.p_adjusted > 0.05 or e.low is None or e.high is None:
                continue
            way = "higher" if e.value > 0 else "lower"
            text = (
                f"{e.judge}: its {words} is {abs(e.value):.2f} {way} on degenerate outputs than on coherent ones "
                f"[{e.low:+.2f} to {e.high:+.2f}], adjusted p {_p(e.p_adjusted)} ({e.distinct_texts} distinct degenerate texts)."
            )
            yield Finding(
                code=CODE, severity="warning", judge=e.judge, slice=e.slice, text=text, output_ids=view.wrong(e)
            )


def _p(p: float) -> str:
    return "below 0.001" if p < 0.001 else f"{p:.3f}"
