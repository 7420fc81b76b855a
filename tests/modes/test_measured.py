"""The measured figures: made again from the generators, every mode among them, and no value without its interval."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from scipy.stats import beta

from judgeaudit import kinds
from judgeaudit.modes import _measured
from judgeaudit.modes._measured import DEGENERATE, Figure, figures

SCRIPT = Path(__file__).parents[2] / "data" / "modes" / "measure.py"
NAMES = kinds.names("judgeaudit.modes")


@pytest.fixture(scope="module")
def measure() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_modes", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_figures_on_our_generators_are_made_again(measure: ModuleType) -> None:
    """A detector or generator that changed wants ``python data/modes/measure.py``."""
    kept = {f for f in figures() if f.data in {measure.GENERATED, measure.ALL_GENERATED, measure.SOUND}}
    assert set(measure.generated()) == kept
    short = {f for f in figures() if f.data.startswith(f"{measure.GENERATED}, ")}
    assert set(measure.few_words()) == short
    assert {f.mode for f in short} == set(measure.SALADS)


def test_a_recorded_reason_is_used_and_its_lack_is_said_in_words(measure: ModuleType) -> None:
    own = {(f.figure, f.data): f for f in figures() if f.mode == "truncated"}
    for data in (measure.DEMO, measure.COLLAPSE):
        told, look = (
            own["recall", f"{data}, told why sampling ended"],
            own["recall", f"{data}, by the look of the text alone"],
        )
        assert told.n == look.n
        assert told.k == told.n  # the reason is what decides where it is known
        assert ("recall", data) not in own


def test_every_mode_has_a_recall_at_each_dose_and_a_precision_or_a_reason() -> None:
    for name in NAMES:
        own = [f for f in figures() if f.mode == name]
        assert [f.dose for f in own if f.figure == "recall" and f.dose] == [0.25, 0.5, 0.75, 1.0]
        assert [f for f in own if f.figure == "precision"]
        assert all((f.n is None) == (f.reason is not None) for f in own)
    assert {f.mode for f in figures()} == {*NAMES, DEGENERATE}


def test_intervals_are_exact() -> None:
    for f in figures():
        if f.n is not None and f.k is not None:
            low = 0.0 if f.k == 0 else beta.ppf(0.025, f.k, f.n - f.k + 1)
            high = 1.0 if f.k == f.n else beta.ppf(0.975, f.k + 1, f.n - f.k)
            assert (f.low, f.high) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


def test_full_dose_is_found_and_hits_on_our_sound_answers_are_few(measure: ModuleType) -> None:
    full = {f.mode: f for f in figures() if f.dose == 1.0}
    weak = {name for name, f in full.items() if not f.n or (f.k or 0) < 0.85 * f.n}
    assert weak <= {"truncated"}, "an answer cut to nothing does not look cut"
    assert {f.mode for f in figures() if f.data == measure.SOUND and f.k} <= {"truncated"}


def test_a_mode_without_figures_and_a_figure_without_value_are_worded() -> None:
    blank = Figure(mode="a", figure="recall", data="x", truth="construction", reason="no text of the kind")
    shown = list(_measured.lines(["a", "b"], [blank, replace(blank, dose=0.5)]))
    assert shown == [
        "a",
        "  recall on x (truth: construction)",
        "    not measured: no text of the kind",
        "    dose 0.5: not measured: no text of the kind",
        "b",
        "  not measured: the mode is newer than the figures",
    ]


def test_the_rules_of_the_released_sets(measure: ModuleType) -> None:
    # 4 characters; 60 equal words; no letters; a plain sentence
    assert [measure.simple_rules(t) for t in ("tea.", "tea " * 60, "1 2 3 4 5 6", "The kettle is on the stove.")] == [
        True, True, True, False,
    ]  # fmt: skip


def test_equal_outputs_count_once_and_nothing_measured_has_a_reason(measure: ModuleType) -> None:
    row = {"prompt": "Why?", "response": "Because."}
    assert measure.distinct([row, dict(row), {**row, "prompt": "How?"}]) == [row, {**row, "prompt": "How?"}]
    assert measure.share(0, 0) == {"reason": "no text of the kind"}
    # Clopper-Pearson of 0 of 10: the upper end is 1 - 0.025 ** 0.1
    assert measure.share(0, 10) == {"k": 0, "n": 10, "low": 0.0, "high": round(1 - 0.025**0.1, 4)}


def test_no_figure_on_generators_is_called_anything_but_construction() -> None:
    for row in json.loads(_measured.FIGURES.read_text(encoding="utf-8"))["figures"]:
        assert ("generators" in row["data"]) <= (row["truth"] == "construction")
