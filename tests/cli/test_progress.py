"""Where stderr is no terminal, a line now and then says how far a run is and how long the rest will take."""

from __future__ import annotations

import pytest

from judgeaudit.cli import _progress
from judgeaudit.engine import Progress


def test_lines_tell_the_rest_at_the_pace_so_far(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A call every 4 seconds: lines at 12, 24 and 36 seconds, and one at the end."""
    clock = iter([0.0, *(4.0 * k for k in range(1, 11))])
    monkeypatch.setattr(_progress.time, "monotonic", lambda: next(clock))
    with _progress.watching("judge") as watch:
        for done in range(1, 11):
            watch(
                Progress(
                    done=done, failed=int(done > 5), total=10, requests=done, input_tokens=0, output_tokens=0, cost=0.0
                )
            )
    assert capsys.readouterr().err.splitlines() == [
        "judge: 3 of 10 calls, about 28 s left",
        "judge: 6 of 10 calls, 1 failed, about 16 s left",
        "judge: 9 of 10 calls, 1 failed, about 4 s left",
        "judge: 10 of 10 calls, 1 failed",
    ]
