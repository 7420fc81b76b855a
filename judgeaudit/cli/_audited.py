"""What the verbs that make an audit have in common: how its figures are computed, and how its result is shown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from judgeaudit.cli._frame import console, echo

if TYPE_CHECKING:
    from judgeaudit.api import Options, Result
    from judgeaudit.config import AuditConfig
    from judgeaudit.gate import Decision


def options_of(config: AuditConfig, *, verify: bool = True) -> Options:
    """The options that an audit.yaml asks for; `verify` False: no second opinion, whatever it says."""
    from judgeaudit.api import Options

    asked = config.audit
    return Options(
        draws=asked.draws,
        seed=config.seed if asked.seed is None else asked.seed,
        reference=asked.reference,
        verify=asked.verify and verify,
    )


def show(result: Result, decision: Decision | None, folder: Path | None, *, json: bool) -> None:
    """The audit as JSON or its summary on stdout, and on stderr where the report lies (None: none was written)."""
    if json:
        from judgeaudit import audit_file

        sys.stdout.write(audit_file.dumps(result.audit))
    else:
        from judgeaudit.report.terminal import print_summary

        print_summary(console(), result.audit, decision=decision)
    if folder is not None:
        echo(f"report: {folder / 'report.html'}", stderr=True)
