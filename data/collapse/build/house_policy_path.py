"""Puts the folder of the house policy on the import path; its prompts, facts and rules are shared with the other set."""

from __future__ import annotations

import sys
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "demo"
sys.path.insert(0, str(DEMO))
