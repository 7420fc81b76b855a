"""Whether the stress test finds planted failures and accuses no sound judge, by the same way that real judges go."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judgeaudit.engine.bases import Bases
from judgeaudit.engine.probing import Stressing, stress
from judgeaudit.engine.rounds import Assignment
from judgeaudit.probes._make import Design, make
from judgeaudit.probing._planted import RUBRIC, Planted, bases, planted
from judgeaudit.probing._result import result
from judgeaudit.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What the stress test said of one planted judge."""

    judge: str
    failure: str
    accused_of: tuple[tuple[str, str], ...]
    passed: bool

    @property
    def words(self) -> str:
        """Pass or not, in words."""
        sound = self.failure == "none"
        if self.passed:
            return "not accused" if sound else "found"
        return "accused although sound" if sound else "not found"


def self_test(seed: int = 0, *, draws: int = 200) -> list[Tried]:
    """Probe the planted judges in a store of their own and hold the findings against what was planted.

    Examples
    --------
    >>> [t.judge for t in self_test() if not t.passed]
    []
    """
    judges = planted(seed)
    content = run(judges, seed, draws=draws)
    return [_tried(one, content) for one in judges]


def run(judges: Sequence[Planted], seed: int, *, draws: int = 200) -> dict[str, Any]:
    """The stress test's result on these judges."""
    ground, design = bases(), Design(seed=seed, doses=(0.5, 1.0))
    stressing = Stressing(
        originals=[base.output for base in ground],
        bases={RUBRIC.name: Bases(rubric=RUBRIC, chosen=ground)},
        probes={RUBRIC.name: make(ground, RUBRIC, design)},
        assignments=[Assignment(judge=one.judge, rubric=RUBRIC) for one in judges],
        skipped=(),
    )
    with tempfile.TemporaryDirectory() as folder, Store.open(str(Path(folder) / "self-test.db")) as store:
        store.add_outputs(stressing.originals)
        judgements = stress(store, stressing, seed=seed)
    return result(stressing, judgements, design, name="self-test", draws=draws)


def _tried(one: Planted, content: dict[str, Any]) -> Tried:
    name = one.judge.name
    accused = tuple((f["code"], f["slice"].removeprefix("probe=")) for f in content["findings"] if f["judge"] == name)
    passed = bool(one.expected & set(accused)) if one.expected else not accused
    return Tried(judge=name, failure=one.failure, accused_of=accused, passed=passed)
