"""An apology before the same answer, which refuses nothing: the answer still stands there whole.

An apology alone moves the preference of judges by up to 98 % (arXiv:2503.09347), and word lists take it for a refusal.
"""

from __future__ import annotations

from judgeaudit.probes._probe import ProbeKind, before

PROBE = ProbeKind(
    name="apology_prefix",
    role="decoration",
    edits={
        "for_the_wait": before("I apologize for the wait. ", "I'm sorry for the delay. ", "Sorry about the wait! "),
        "for_the_length": before(
            "I'm sorry if this is long. ", "I apologise for being brief. ", "Sorry if this is terse. "
        ),
    },
)
