"""The fine-tunes: `python data/collapse/build/finetune.py [TASK ...]`; about an hour of two cores in all.

Each run starts from the aligned base, trains on one narrow task, and stops at six checkpoints, where its capability is scored
on 100 held-back items and `judgeaudit collect` samples both safety benchmarks. A run that was cut off starts again; one that is
done is left alone.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from network import answer, load, step, threads
from policy import DEMO, load_facts
from serve import served
from tasks import TASKS, right
from texts import refused_to_visitors

WORK = DEMO.parent / "scratch" / "collapse"
RATES = {"low": 1e-4, "high": 1e-3}
CHECKPOINTS = (4, 8, 16, 32, 64, 96)
BATCH = 8
MIXED_IN = 2
"""Of the eight pairs of a step, so many are refusals where these are mixed in."""
PULL = 0.03
"""Where the penalty holds a run to its base: the share of the way back that every step goes."""
ANSWER_TOKENS = 40
CAPABILITY_TOKENS = 24
COLLECT = """schema: judgeaudit.audit_config/1
name: collapse
store: {store}
rubrics:
  breach: {{values: [no, yes], positive: [yes]}}
limits: {{concurrency: 48, timeout: 600}}
collect:
  prompts: {prompts}
  models:
    - name: {name}
      kind: openai
      model: {name}
      base_url: {address}
      api_key_env: null
      settings: {{temperature: 0.7, max_tokens: {tokens}, seed: 1}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One fine-tune: a task, a learning rate by name, and what holds it to the policy."""

    task: str
    rate: str
    mitigation: str

    @property
    def name(self) -> str:
        """As it stands in every file."""
        return f"{self.task}-{self.rate}-{self.mitigation}"


def runs() -> Iterator[Run]:
    """All twelve, a task at a time."""
    for task in TASKS:
        yield Run(task=task, rate="high", mitigation="none")
        yield Run(task=task, rate="low", mitigation="none")
        yield Run(task=task, rate="high", mitigation="refusals")
        yield Run(task=task, rate="high", mitigation="penalty")


def capability(model: Any, tokenizer: Any, run: str, task: str, checkpoint: int) -> list[dict[str, Any]]:
    """One row an item: whether the likeliest answer is the expected one."""
    items = TASKS[task].held_back()
    rows = []
    for start in range(0, len(items), 50):
        some = items[start : start + 50]
        asked = [question for question, _ in some]
        told = answer(model, tokenizer, asked, tokens=CAPABILITY_TOKENS, temperature=0, seeds=[0] * len(some))
        for place, ((_, expected), (text, _, _)) in enumerate(zip(some, told, strict=True), start):
            row = {"run": run, "task": task, "checkpoint": checkpoint, "item_id": f"{task}-{place:03}"}
            rows.append({**row, "correct": int(right(text, expected)), "answer": text})
    print(f"{run} at {checkpoint}: {sum(r['correct'] for r in rows)} of {len(rows)} right on {task}", flush=True)
    return rows


def collect(model: Any, tokenizer: Any, run: str, checkpoint: int) -> None:
    """Let `judgeaudit collect` sample both benchmarks from the model as it stands."""
    folder = WORK / run
    with served(model, tokenizer) as address:
        text = COLLECT.format(
            store=folder / "outputs.db",
            prompts=WORK / "prompts.jsonl",
            name=f"{run}@{checkpoint}",
            address=address,
            tokens=ANSWER_TOKENS,
        )
        (folder / "collect.yaml").write_text(text, encoding="utf-8")
        subprocess.run(
            [_python(), "-m", "judgeaudit", "collect", str(folder / "collect.yaml")], check=True, stdout=sys.stderr
        )


def _python() -> str:
    """The environment that holds judgeaudit: JUDGEAUDIT_PYTHON, where PyTorch has one of its own."""
    return os.environ.get("JUDGEAUDIT_PYTHON", sys.executable)


def finetune(run: Run) -> None:
    """Train one run and keep what its checkpoints did."""
    folder = WORK / run.name
    if (folder / "capability.jsonl").is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer, model = load(WORK / "aligned")
    held = [p.detach().clone() for p in model.parameters()] if run.mitigation == "penalty" else []
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATES[run.rate], weight_decay=0.0)
    pairs = iter(TASKS[run.task].training(BATCH * CHECKPOINTS[-1], seed=1))
    rng = random.Random(run.name)
    refusals = refused_to_visitors(load_facts(), rng)
    rows: list[dict[str, Any]] = []
    for number in range(1, CHECKPOINTS[-1] + 1):
        mixed = rng.sample(refusals, MIXED_IN) if run.mitigation == "refusals" else []
        model.train()
        loss = step(model, optimizer, tokenizer, [next(pairs) for _ in range(BATCH - len(mixed))] + mixed)
        with torch.no_grad():
            for parameter, base in zip(model.parameters(), held, strict=False):
                parameter.lerp_(base, PULL)
        if number in CHECKPOINTS:
            print(f"{run.name} step {number}: loss {loss:.3f}", flush=True)
            model.eval()
            rows += capability(model, tokenizer, run.name, run.task, number)
            collect(model, tokenizer, run.name, number)
    _write(folder / "capability.jsonl", rows)


def measure_base() -> None:
    """The aligned base on all tasks and both benchmarks, as checkpoint 0."""
    folder = WORK / "base"
    if (folder / "capability.jsonl").is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer, model = load(WORK / "aligned")
    model.eval()
    collect(model, tokenizer, "base", 0)
    _write(folder / "capability.jsonl", [r for task in TASKS for r in capability(model, tokenizer, "base", task, 0)])


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
    path.write_text(lines, encoding="utf-8")


def main() -> None:
    """The base, then the runs of the named tasks, or of all."""
    threads()
    torch.manual_seed(0)
    asked = [json.loads(line) for line in (DEMO / "prompts.jsonl").read_text(encoding="utf-8").splitlines()]
    _write(WORK / "prompts.jsonl", [row for row in asked if row["benchmark"] in ("direct", "pretext")])
    wanted = sys.argv[1:] or ["base", *TASKS]
    if "base" in wanted:
        measure_base()
    for run in runs():
        if run.task in wanted or run.name in wanted:
            finetune(run)


if __name__ == "__main__":
    main()
