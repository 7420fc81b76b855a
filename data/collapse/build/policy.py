"""The house policy of the other set, on whose facts, questions and rules this one rests."""

from __future__ import annotations

import sys
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "demo"
sys.path.insert(0, str(DEMO))

from house_policy import Fact, decide, load_facts  # noqa: E402

__all__ = ["DEMO", "Fact", "decide", "load_facts"]
