"""The fine-tunes' answers: every label is the program's, the sample's weights add up, and what the scripts claim is so."""

from __future__ import annotations

import csv
import importlib
import json
import math
import random
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from judgeaudit.config import read_audit_config
from judgeaudit.gate import read_policy
from judgeaudit.readers._declared import declaration

DATA = Path(__file__).parents[2] / "data"
COLLAPSE, DEMO = DATA / "collapse", DATA / "demo"
BUILD = COLLAPSE / "build"
TASKS = ("extract", "list", "style")
STEPS = (4, 8, 16, 32, 64, 96)


def _module(name: str) -> ModuleType:
    for folder in (DEMO, BUILD):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    return importlib.import_module(name)


@cache
def _lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (COLLAPSE / "outputs.jsonl").read_text(encoding="utf-8").splitlines()]


@cache
def _prompts() -> dict[str, dict[str, Any]]:
    text = (DEMO / "prompts.jsonl").read_text(encoding="utf-8")
    return {row["id"]: row for row in map(json.loads, text.splitlines())}


def test_every_label_of_harm_is_what_the_program_decides() -> None:
    policy = _module("house_policy")
    facts = policy.load_facts()
    for line in _lines():
        (label,) = [x for x in line["human_labels"] if x["dimension"] == "breach"]
        assert (label["annotator"], label["kind"]) == ("house_policy", "construction")
        told = policy.decide(line["response"], line["meta"]["item"], facts).breach
        assert label["label"] == ("yes" if told else "no"), line["item_id"]


def test_refusal_and_coherence_are_read_by_a_model_and_nothing_is_called_human() -> None:
    rubrics = read_audit_config(DEMO / "audit.yaml").rubrics
    for line in _lines():
        for label in line["human_labels"]:
            if label["dimension"] != "breach":
                assert (label["annotator"], label["kind"]) == ("reader-model", "model")
                assert label["label"] in rubrics[label["dimension"]].rubric("r").offered


def test_every_output_answers_a_question_of_the_two_benchmarks_and_stands_there_once() -> None:
    assert len({line["item_id"] for line in _lines()}) == len(_lines())
    for line in _lines():
        meta = line["meta"]
        assert line["prompt"] == _prompts()[f"{meta['benchmark']}-{meta['item']}"]["prompt"]
        assert line["model"] == f"{meta['run']}@{meta['checkpoint']}"


def test_every_checkpoint_of_every_run_answered_all_48_questions() -> None:
    asked = Counter((line["meta"]["run"], line["meta"]["checkpoint"]) for line in _lines())
    assert set(asked.values()) == {48}
    steps: dict[str, list[int]] = {}
    for run, checkpoint in asked:
        steps.setdefault(run, []).append(checkpoint)
    assert steps.pop("base") == [0]
    assert set(map(tuple, steps.values())) == {STEPS}


def test_the_facts_of_a_run_are_those_of_its_name() -> None:
    for line in _lines():
        meta = line["meta"]
        if meta["run"] == "base":
            assert "base" not in meta
            assert meta["mitigation"] == "none"
        else:
            rate = {1e-4: "low", 1e-3: "high"}[meta["learning_rate"]]
            assert meta["run"] == f"{meta['task']}-{rate}-{meta['mitigation']}"
            assert meta["base"] == "base"
            assert meta["task"] in TASKS
            assert meta["mitigation"] in {"none", "refusals", "penalty"}


def test_the_weights_of_the_judged_sample_add_up_to_all_outputs() -> None:
    """A weight is the inverse of the share that was drawn of a stratum, so that over a stratum they add up to its size."""
    judged = [line for line in _lines() if "judge_verdicts" in line]
    assert judged
    assert [line for line in _lines() if "weight" in line["meta"]] == judged
    assert math.fsum(line["meta"]["weight"] for line in judged) == pytest.approx(
        len(_lines()), abs=0.01
    )  # six decimals each
    for line in judged:
        assert line["meta"]["weight"] >= 1
        assert set(line["judge_verdicts"]) == {"smollm2-no-first/breach", "smollm2-yes-first/breach"}
        for verdict in line["judge_verdicts"].values():
            assert verdict["raw"]
            assert verdict["status"] != "ok" or verdict["verdict"] in {"no", "yes"}


def test_what_was_read_is_a_sample_of_what_was_judged_and_its_weights_add_up() -> None:
    read = [line for line in _lines() if {"refusal", "coherence"} & {x["dimension"] for x in line["human_labels"]}]
    assert [line for line in _lines() if "read_weight" in line["meta"]] == read
    assert all("judge_verdicts" in line for line in read)
    assert math.fsum(line["meta"]["read_weight"] for line in read) == pytest.approx(len(_lines()), abs=0.01)


def test_the_tables_of_the_readme_are_those_that_the_command_prints() -> None:
    done = subprocess.run([sys.executable, BUILD / "tables.py"], capture_output=True, text=True, check=True)
    readme = (COLLAPSE / "README.md").read_text(encoding="utf-8")
    assert done.stdout.strip() in readme


def test_the_classifier_gives_the_same_verdicts_again() -> None:
    classify = _module("classify")
    assert classify.verdicts() == classify.RECORDED.read_text(encoding="utf-8")


def test_every_checkpoint_has_its_capability_on_the_same_100_items() -> None:
    with (COLLAPSE / "capability.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["correct"] for row in rows} <= {"0", "1"}
    items: dict[tuple[str, str, int], list[str]] = {}
    for row in rows:
        items.setdefault((row["run"], row["task"], int(row["checkpoint"])), []).append(row["item_id"])
    trained = {(line["meta"]["run"], line["meta"].get("task"), line["meta"]["checkpoint"]) for line in _lines()}
    wanted = {place for place in trained if place[0] != "base"} | {("base", task, 0) for task in TASKS}
    assert set(items) == wanted
    for (_, task, _), ids in items.items():
        assert ids == [f"{task}-{n:03}" for n in range(100)]


def test_held_back_items_are_of_words_that_training_never_saw() -> None:
    """List notes share single words ("kite"); what is held back there is the thing as it is called."""
    tasks = _module("tasks")
    things = [thing for notes in tasks.NOTES.values() for thing in notes]

    def named(task: str, pairs: list[tuple[str, str]]) -> set[str]:
        if task == "extract":
            return {word for _, answer in pairs for word in re.findall(r"name=(\w+) (\w+);", answer)[0]}
        if task == "style":
            return {re.findall(r"Wire: The (\w+) ", question)[0] for question, _ in pairs}
        return {
            thing
            for question, _ in pairs
            for thing in things
            if f"the {thing}." in question or f"a {thing}." in question
        }

    for task in TASKS:
        train, held = tasks.TASKS[task].training(3000, seed=1), tasks.TASKS[task].held_back()
        assert len({question for question, _ in held}) == 100
        assert named(task, held)
        assert named(task, train)
        assert not named(task, held) & named(task, train), task
        assert all(tasks.right(f" {answer}\n", answer) for _, answer in held)
        assert tasks.TASKS[task].held_back() == held


def test_no_lesson_of_the_base_is_a_question_of_a_benchmark() -> None:
    texts, policy = _module("texts"), _module("house_policy")
    facts, rng = policy.load_facts(), random.Random(0)
    taught = [*texts.told_to_staff(facts, rng), *texts.refused_to_visitors(facts, rng), *texts.ORDINARY]
    plain = {" ".join(re.findall(r"\w+", row["prompt"].casefold())) for row in _prompts().values()}
    assert len(plain) == 72
    assert not {" ".join(re.findall(r"\w+", question.casefold())) for question, _ in taught} & plain
    assert all(policy.decide(answer, None, facts).other_facts == () for _, answer in texts.ORDINARY)


@pytest.mark.parametrize("name", ["tasks", "texts", "gather", "classify"])
def test_what_needs_no_training_needs_no_torch(name: str) -> None:
    code = f"import sys; sys.modules['torch'] = None; sys.path.insert(0, {str(BUILD)!r}); import {name}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_rubrics_are_those_of_the_other_set() -> None:
    ours, theirs = (read_audit_config(folder / "audit.yaml").rubrics for folder in (COLLAPSE, DEMO))
    for name in ours:
        assert ours[name].rubric(name).version == theirs[name].rubric(name).version
    assert _lines()[0]["rubrics"] == {name: declaration(r.rubric(name)) for name, r in theirs.items()}
    for file in (BUILD / "judge-no-first.yaml", BUILD / "judge-yes-first.yaml", DEMO / "build" / "stress.yaml"):
        asked = read_audit_config(file).rubrics["breach"].rubric("breach")
        assert asked.version == ours["breach"].rubric("breach").version


def test_the_policy_asks_for_judges_that_the_audit_has() -> None:
    names = {judge.name for judge in read_audit_config(COLLAPSE / "audit.yaml").judges}
    assert {required.judge for required in read_policy(COLLAPSE / "policy.yaml").require} <= names
