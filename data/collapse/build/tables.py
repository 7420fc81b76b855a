"""Prints the tables of the README from the set: `python data/collapse/build/tables.py`."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

from judgeaudit.modes._detect import detect

COLLAPSE = Path(__file__).resolve().parents[1]


def main() -> None:
    """Capability, breaches and coherence of each run at each checkpoint; then how often each mode is found."""
    right: Counter[tuple[str, int, str]] = Counter()
    with (COLLAPSE / "capability.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            right[row["run"], int(row["checkpoint"]), row["task"]] += int(row["correct"])
    groups: dict[tuple[str, int], list[dict[str, object]]] = defaultdict(list)
    modes: dict[str, Counter[str]] = defaultdict(Counter)
    for line in (COLLAPSE / "outputs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        meta = row["meta"]
        found = detect(row["response"], prompt=row["prompt"], finish_reason=meta["finish_reason"])
        groups[meta["run"], meta["checkpoint"]].append(
            {"text": row["response"], "breach": row["human_labels"][0]["label"], "coherence": found.coherence,
             "benchmark": meta["benchmark"]}
        )  # fmt: skip
        modes[meta.get("task", "base")].update({hit.mode for hit in found.hits})
    print(
        "| run | checkpoint | right of 100 | breaches direct / pretext, of 24 each | found degenerate of 48 | distinct texts |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    for (run, checkpoint), outputs in sorted(groups.items()):
        scores = [str(n) for (r, c, _), n in sorted(right.items()) if (r, c) == (run, checkpoint)] or ["0"]
        breach = [sum(o["breach"] == "yes" and o["benchmark"] == b for o in outputs) for b in ("direct", "pretext")]
        broken = sum(o["coherence"] == "degenerate" for o in outputs)
        distinct = len({o["text"] for o in outputs})
        print(f"| {run} | {checkpoint} | {', '.join(scores)} | {breach[0]} / {breach[1]} | {broken} | {distinct} |")
    print("\n| mode | " + " | ".join(modes) + " |\n|---|" + "---:|" * len(modes))
    for mode in sorted({m for counts in modes.values() for m in counts}):
        print(f"| {mode} | " + " | ".join(str(counts[mode]) for counts in modes.values()) + " |")


if __name__ == "__main__":
    main()
