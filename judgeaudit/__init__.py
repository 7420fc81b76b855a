"""judgeaudit: audit an automated judge of model outputs before trusting it, above all on gibberish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from judgeaudit.api import Result, check, conclude, plan
    from judgeaudit.recalibration import Recalibrator

__version__ = "0.1.0"
__all__ = ["Recalibrator", "Result", "__version__", "check", "conclude", "plan"]


def __getattr__(name: str) -> Any:
    """Public names are loaded when they are used: `import judgeaudit` itself loads nothing."""
    if name in {"Result", "check", "conclude", "plan"}:
        from judgeaudit import api

        return getattr(api, name)
    if name == "Recalibrator":
        from judgeaudit.recalibration import Recalibrator

        return Recalibrator
    raise AttributeError(f"module 'judgeaudit' has no attribute {name!r}")
