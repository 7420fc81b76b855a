"""A judge errs on one mode at another rate than on coherent outputs, beyond chance after the Benjamini-Yekutieli correction."""

from collections.abc import Iterator

from judgeaudit.findings._view import View
from judgeaudit.findings.degenerate_differs import WORDS
from judgeaudit.model import Finding

CODE = "mode_differs"


def find(view: View) -> Iterator[Finding]:
    """A note for each judge x mode cell that survives; only these cells are named in words."""
    for measure, words in WORDS.items():
        for e in view.all(measure, against="slice:coherence=coherent", reference=view.default):
            if not e.slice.startswith("mode=") or e.value is None or e.p_adjusted is None or e.p_adjusted > 0.05:
                continue
            way = "higher" if e.value > 0 else "lower"
            text = (
                f"{e.judge} on {e.slice.removeprefix('mode=')}: {words} {abs(e.value):.2f} {way} than on coherent outputs "
                f"({e.n:g} outputs, {e.distinct_texts} distinct texts)."
            )
            yield Finding(code=CODE, severity="note", judge=e.judge, slice=e.slice, text=text, output_ids=view.wrong(e))
