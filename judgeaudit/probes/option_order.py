"""The rubric's values listed last first; the answer is the same. Only judges that read the list are asked."""

from __future__ import annotations

from dataclasses import replace

from judgeaudit.model import Rubric
from judgeaudit.probes._probe import ProbeKind, Reworded


def _reversed(rubric: Rubric) -> Reworded:
    return Reworded(rubric=replace(rubric, values=rubric.values[::-1]))


PROBE = ProbeKind(name="option_order", role="decoration", rewordings={"reversed": _reversed})
