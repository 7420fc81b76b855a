"""Make the embedded set again, step by step: ``python data/demo/build/build.py [STEP ...]``.

Steps, in order; without a STEP all run. A step that was cut off goes on where it stopped.

``sample``    the outputs, by ``judgeaudit collect`` (needs the extra `local` and a SmolLM2 GGUF file; depends on the build of llama.cpp)
``gather``    what was sampled becomes work/sampled.jsonl; offensive salad is left out and counted in left_out.json
``verdicts``  the recorded judges, by ``judgeaudit judge`` (same needs as ``sample``)
``assemble``  demo.jsonl: outputs, generated outputs, labels, recorded verdicts; the same bytes from the same parts
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DEMO = HERE.parent
WORK = HERE / "work"
sys.path[:0] = [str(DEMO), str(HERE)]
