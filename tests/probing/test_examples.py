"""Probes to look at: one of each kind, with what each judge said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from judgeaudit.engine.bases import Bases
from judgeaudit.engine.probing import Stressing
from judgeaudit.model import Judgement, Output, Status
from judgeaudit.probes._make import Design, all_kinds, make
from judgeaudit.probes._probe import Base
from judgeaudit.probing._examples import dumps, examples
from judgeaudit.probing._planted import RUBRIC, bases


def stressing(design: Design, chosen: list[Base] | None = None) -> Stressing:
    ground = list(bases()) if chosen is None else chosen
    return Stressing(
        originals=[base.output for base in ground],
        bases={RUBRIC.name: Bases(rubric=RUBRIC, chosen=ground)},
        probes={RUBRIC.name: make(ground, RUBRIC, design)},
        assignments=[],
        skipped=(),
    )


def test_every_mode_has_three_doses_and_every_kind_that_changes_the_text_one() -> None:
    found = examples(stressing(Design(doses=(0.25, 0.5, 0.75, 1.0))), [])
    doses: dict[str, list[Any]] = {}
    for e in found:
        if e["role"] == "dose":
            doses.setdefault(e["name"], []).append(e["dose"])
    assert len(doses) > 25
    assert set(map(tuple, doses.values())) == {(0.0, 0.5, 1.0)}
    edits = [e["name"] for e in found if e["role"] != "dose"]
    assert sorted(edits) == sorted(kind.name for kind in all_kinds() if kind.edits)


@pytest.mark.parametrize(
    ("doses", "shown"), [((0.2, 0.9), [0.0, 0.2, 0.9]), ((1.0,), [0.0, 1.0]), ((0.3, 0.7), [0.0, 0.3, 0.7])]
)
def test_the_dose_nearest_to_one_half_stands_in_the_middle(doses: tuple[float, ...], shown: list[float]) -> None:
    # 0.2 is 0.3 from the middle and 0.9 is 0.4; 0.3 and 0.7 are equally far, the lower one is taken.
    found = examples(stressing(Design(doses=doses, only=frozenset({"word_loop"}))), [])
    assert [e["dose"] for e in found] == shown


def test_a_sound_negative_text_is_taken_and_dose_0_is_the_text_itself() -> None:
    ground = sorted(bases(), key=lambda base: not base.positive)
    first = next(base for base in ground if not base.positive)
    found = examples(stressing(Design(only=frozenset({"word_loop", "instruction"})), ground), [])
    assert {e["base"] for e in found} == {first.output.item_id}
    assert found[0]["response"] == first.output.response
    assert {e["base_positive"] for e in found} == {False}
    only = [base for base in ground if base.positive]
    assert {e["base_positive"] for e in examples(stressing(Design(only=frozenset({"word_loop"})), only), [])} == {True}


def test_verdicts_are_those_on_that_very_probe_and_a_missing_one_has_its_status() -> None:
    work = stressing(Design(only=frozenset({"word_loop"}), doses=(1.0,)))
    base = next(b for b in work.bases[RUBRIC.name].chosen if not b.positive)
    probe = next(
        o for o in work.probes[RUBRIC.name].plain if o.meta["base"] == base.output.item_id and "dose" in o.meta
    )

    def judged(output: Output, verdict: str | None, rubric: str = RUBRIC.name) -> Judgement:
        return Judgement(
            item_id=output.item_id, output_hash=output.hash, judge="j", rubric=rubric, fingerprint="f", rubric_version="v",
            status=Status.OK if verdict else Status.REFUSED, verdict=verdict,
        )  # fmt: skip

    value = RUBRIC.values[0]
    found = examples(work, [judged(base.output, value), judged(probe, None), judged(base.output, value, "other")])
    assert [e["verdicts"] for e in found] == [
        {"j": {"verdict": value, "status": "ok"}}, {"j": {"verdict": None, "status": "refused"}},
    ]  # fmt: skip


def test_hostile_and_long_texts_become_ascii_lines_that_are_cut_in_the_middle() -> None:
    hostile = "</script>\u202e\ud800\u2028" + "word " * 3000 + "end"
    ground = [
        Base(output=Output(item_id=f"b{i}", prompt="p", response=hostile), value=RUBRIC.values[0], positive=False, kind="human")
        for i in range(2)
    ]  # fmt: skip
    found = examples(stressing(Design(only=frozenset({"word_loop"})), ground), [])
    lines = dumps(found).decode("ascii").splitlines()
    assert len(lines) == len(found) == 3
    text = json.loads(lines[0])["response"]
    assert len(text) < 4100
    assert text.startswith(hostile[:10])
    assert text.endswith("end")
