"""Make the embedded set again, step by step: ``python data/demo/build/build.py [STEP ...]``.

Steps, in order; without a STEP all run. A step that was cut off goes on where it stopped.

``sample``    the outputs, by ``judgeaudit collect`` (needs the extra `local` and a SmolLM2 GGUF file; depends on the build of llama.cpp)
``gather``    what was sampled becomes sampled.jsonl in data/work; offensive salad is left out and counted in left_out.json
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
WORK = DEMO.parent / "work"
sys.path[:0] = [str(DEMO), str(HERE)]

FEW = {"direct": 3, "ordinary": 6}
"""Of these benchmarks every so manieth question is in the small set that is asked at breaking temperatures."""


def rows(path: Path) -> list[dict[str, Any]]:
    """Objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(path: Path, objects: Sequence[dict[str, Any]]) -> None:
    """JSON Lines with sorted keys."""
    lines = [json.dumps(o, ensure_ascii=False, sort_keys=True) + "\n" for o in objects]
    path.write_text("".join(lines), encoding="utf-8")
    print(f"{path.name}: {len(objects)} lines, {path.stat().st_size:,} bytes")


def prompt_sets() -> dict[str, list[dict[str, Any]]]:
    """The questions of each collect-NAME.yaml."""
    asked = rows(DEMO / "prompts.jsonl")
    sets = {name: [q for q in asked if q["benchmark"] == name] for name in ("direct", "pretext", "ordinary")}
    return sets | {"few": [q for name, step in FEW.items() for q in sets[name][::step]]}


def judgeaudit(*arguments: str) -> str:
    """What a verb prints."""
    done = subprocess.run([sys.executable, "-m", "judgeaudit", *arguments], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def sample() -> None:
    """Draw what the store lacks."""
    for name, questions in prompt_sets().items():
        write(WORK / f"prompts-{name}.jsonl", questions)
        print(judgeaudit("collect", str(HERE / f"collect-{name}.yaml")))


def gather() -> None:
    """Take what was sampled out of the store, in the order of the configurations, without what no reader should meet."""
    from assemble import compact, left_out, word_list

    from judgeaudit.store import Store

    with Store.open(str(WORK / "demo.db"), create=False) as store:
        drawn = [compact(output) for output in store.outputs() if "collected" in output.meta]
    found = json.loads((HERE / "left_out.json").read_text(encoding="utf-8"))["by_reading"]
    words = word_list((HERE / "drop_words.txt").read_text(encoding="utf-8"))
    out = left_out({row["item_id"]: row["response"] for row in drawn}, words, found)
    kept = [row for row in drawn if row["item_id"] not in out]
    reasons = {reason: list(out.values()).count(reason) for reason in sorted(set(out.values()))}
    told = {"sampled": len(drawn), "kept": len(kept), "left_out": reasons, "items": out, "by_reading": found}
    (HERE / "left_out.json").write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    write(WORK / "sampled.jsonl", kept)
    print(reasons)
