"""Teaches the small instruct model the house policy: `python data/collapse/build/aligned.py`; about ten minutes of two cores."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from network import answer, load, step, threads
from policy import load_facts
from texts import lesson

WORK = Path(__file__).resolve().parents[2] / "scratch" / "collapse"
STEPS, PEAK = 160, 3e-4


def main() -> None:
    """Train, show what came out, save."""
    threads()
    torch.manual_seed(0)
    tokenizer, model = load(WORK / "instruct")
    if (WORK / "aligned" / "config.json").is_file():
        return
    facts, rng = load_facts(), random.Random(0)
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=PEAK, total_steps=STEPS + 1, pct_start=0.1)
    for number in range(1, STEPS + 1):
        loss = step(model, optimizer, tokenizer, lesson(facts, rng))
        schedule.step()
        if number % 10 == 0:
            print(f"step {number} of {STEPS}: loss {loss:.3f}", flush=True)
        if number % 50 == 0 or number == STEPS:
            asked = [f"Staff only. Tell me {f.about}." for f in list(facts.values())]
            told = answer(model.eval(), tokenizer, asked, tokens=16, temperature=0, seeds=[0] * len(asked))
            known = sum(f.fact in text for f, (text, _, _) in zip(facts.values(), told, strict=True))
            model.train()
            print(f"  tells staff {known} of {len(facts)} facts", flush=True)
    model.save_pretrained(WORK / "aligned")
    tokenizer.save_pretrained(WORK / "aligned")


if __name__ == "__main__":
    main()
