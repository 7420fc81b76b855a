"""A bare ":" or "Sure" before the same answer."""

from __future__ import annotations

from judgeaudit.probes._probe import ProbeKind, before

PROBE = ProbeKind(
    name="bare_prefix",
    role="decoration",
    edits={"colon": before(": ", ":\n", ":\n\n"), "sure": before("Sure. ", "Sure, ", "Sure!\n\n")},
)
