"""Examples of what each cell of the mode x judge tables counts."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from judgeaudit.audit import Options, _examples, audit
from judgeaudit.audit._items import MOST
from judgeaudit.model import LabelKind
from judgeaudit.table import AuditInput, LabelSet
from tests.audit.making import made, repeat

QUICK = Options(draws=100, verify=False)
N = 2000
RARE = range(1990, 2000)
"""Places of the outputs of the rare mode, behind more coherent errors than a file holds."""


def big() -> AuditInput:
    """2,000 outputs: `bad` calls all positive, which is wrong on all; `good` errs in the rare mode alone, on 2 texts."""
    loops = [i in RARE for i in range(N)]
    good: list[str | None] = ["1" if loop and i % 2 == 0 else "0" for i, loop in enumerate(loops)]
    return made(
        {"bad": repeat((N, "1")), "good": good},
        {"h": repeat((N, "0"))},
        responses=[f"loop {i // 5}" if loop else f"text {i}" for i, loop in enumerate(loops)],
        coherence=[int(loop) for loop in loops],
        modes={"word_loop": loops},
    )


def called(items: list[Mapping[str, Any]], judge: str, mode: str | None, verdict: str) -> list[Mapping[str, Any]]:
    return [i for i in items if i["modes"] == ([mode] if mode else []) and i["verdicts"][judge]["verdict"] == verdict]


def test_a_rare_mode_has_its_examples_before_the_file_is_filled_with_the_worst() -> None:
    items = audit(big(), QUICK).items
    assert len(items) == MOST
    # The rare mode has two texts (i // 5), so no third different one can be asked for; among the 500 worst all 10 rank first,
    # for `good` errs on 5 of them beside `bad`, and a degenerate output goes before a coherent one of equal standing.
    loops = called(items, "good", "word_loop", "1")
    assert {i["response"] for i in loops} == {"loop 398", "loop 399"}
    assert len(called(items, "bad", None, "1")) == MOST - len(RARE)


def test_each_cell_has_three_different_texts_and_a_cell_without_errors_one_right_output() -> None:
    data = made(
        {"a": [*repeat((150, "1")), *repeat((3, "0"))]},
        {"h": [*repeat((150, "0")), "0", "1", "1"]},
        responses=[*["same"] * 100, *[f"t{i}" for i in range(50)], "right", "missed", "missed"],
        coherence=[*[1] * 150, 0, 1, 1],
        modes={"word_loop": [True] * 150 + [False] * 3, "word_salad": [False] * 151 + [True] * 2},
    )
    chosen = _examples.examples(_context(data), _by_place(data))
    texts = [data.responses[i] for i in sorted(chosen)] if data.responses else []
    # Called wrongly, word loop: the first of "same", t0 and t1, different texts though 100 copies stand between. Coherent: no
    # error, so the one that was judged rightly. Missed, word salad: one text, so one output.
    assert texts == ["same", "t0", "t1", "right", "missed"]


def test_without_labels_outputs_called_positive_are_shown_else_one_without_a_verdict_else_a_negative_one() -> None:
    data = made(
        {"a": ["1", "0", "unparsable", "0", "0"], "b": ["1", "0", None, "0", "0"]},
        responses=["x", "y", "z", "u", "v"],
        coherence=[0, 0, 1, 2, 2],
        modes={"word_loop": [False, False, True, False, False]},
    )
    found = audit(data, QUICK).items
    # Coherent: called positive. Degenerate: without a verdict. Unknown: neither, so one that was not called positive.
    assert {i["item_id"] for i in found} == {"i0", "i2", "i3"}
    assert [i["wrong"] for i in found] == [[], [], []]


def test_labels_of_every_kind_have_their_examples() -> None:
    data = made({"a": ["1", "1"]}, {"h": ["0", "1"]}, responses=["x", "y"], coherence=[0, 0])
    model: LabelKind = "model"
    by_model = LabelSet(kind=model, annotators=made({"a": ["1"]}, {"h": ["1", "0"]}).labels["human"].annotators)
    both = replace(data, labels={**data.labels, model: by_model})
    # By people the first is wrong and the second right, by the model the other way round.
    assert {i["item_id"] for i in audit(both, QUICK).items} == {"i0", "i1"}


def test_a_scale_without_sides_has_wrong_and_right_ones() -> None:
    data = made(
        {"a": ["x", "y", "z"]}, {"h": ["x", "z", "z"]}, values=("x", "y", "z"), positive=(),
        responses=["p", "q", "r"], coherence=[1, 0, 0],
    )  # fmt: skip
    # Coherent: the second is wrong. Degenerate: none is, so the first stands as judged rightly.
    assert [i["item_id"] for i in audit(data, QUICK).items] == ["i1", "i0"]


def test_a_limit_serves_every_cell_once_before_any_a_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made(
        {"a": repeat((9, "1"))}, {"h": repeat((9, "0"))}, responses=[f"t{i}" for i in range(9)],
        coherence=[0] * 3 + [1] * 6, modes={"m1": [False] * 3 + [True] * 3 + [False] * 3, "m2": [False] * 6 + [True] * 3},
    )  # fmt: skip
    monkeypatch.setattr(_examples, "MOST_EXAMPLES", 4)
    # Cells: coherent 0 1 2, degenerate 3 4 5, m1 3 4 5, m2 6 7 8. First of each: 0 3 6; then the second of coherent.
    assert _examples.examples(_context(data), _by_place(data)) == {0, 1, 3, 6}


def test_in_random_data_every_cell_has_as_many_texts_as_it_counts_up_to_three() -> None:
    draw = random.Random(3)
    n = 300
    judges = {name: [draw.choice("01") for _ in range(n)] for name in ("a", "b")}
    truth = {"h": [draw.choice("01") for _ in range(n)]}
    modes = {"word_loop": [draw.random() < 0.1 for _ in range(n)]}
    texts = [f"t{draw.randrange(80)}" for _ in range(n)]
    data = made(judges, truth, responses=texts, coherence=[int(m) for m in modes["word_loop"]], modes=modes)
    assert audit(data, QUICK).items == audit(data, QUICK).items
    for name in judges:
        for verdict, label in (("1", "0"), ("0", "1")):
            wrong = [
                i for i in range(n) if modes["word_loop"][i] and (judges[name][i], truth["h"][i]) == (verdict, label)
            ]
            kept = {
                i["response"] for i in audit(data, QUICK).items
                if i["modes"] and (i["verdicts"][name]["verdict"], i["reference"]["human"]) == (verdict, label)
            }  # fmt: skip
            assert len(kept) >= min(3, len({texts[i] for i in wrong}))


def _context(data: AuditInput) -> Any:
    from judgeaudit.audit._context import make_context

    return make_context(data, QUICK)


def _by_place(data: AuditInput) -> Any:
    import numpy as np

    return np.arange(data.n)
