from __future__ import annotations

import builtins
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.verify import Figure, Question, SecondOpinion, _pack, _unpack, answer, narrow
from tests.audit.making import made, repeat

CODES = np.array([[1, 1, 0, 0, -2], [1, 0, 0, 0, 1]], dtype=np.int32)
BASE = Question(columns=CODES, numbers=np.array([0.0, 1.0]), mapping=np.array([0, 1], dtype=np.int32))


def figure(measure: str, ours: float) -> Figure:
    return Figure(name=f"{measure} of j", measure=measure, ours=ours, columns=(0, 1), binary=True)


def test_right_figures_agree() -> None:
    """Four items have both: one false positive among three negatives, one positive found; accuracy 3/4, kappa 1/2."""
    asked = [("accuracy", 3 / 4), ("false_positive_rate", 1 / 3), ("false_negative_rate", 0.0), ("cohen_kappa", 1 / 2)]
    found = answer(replace(BASE, figures=[figure(m, v) for m, v in asked]))
    assert [c["status"] for c in found] == ["agrees"] * 4


def test_a_wrong_figure_differs() -> None:
    (found,) = answer(replace(BASE, figures=[figure("accuracy", 0.7500001)]))
    assert found["status"] == "differs"
    assert found["theirs"] == 0.75


def test_alpha_that_would_not_fit_is_not_run() -> None:
    many = replace(
        BASE,
        figures=[Figure(name="judges: nominal alpha", measure="krippendorff_alpha", ours=0.0, columns=(0, 1))],
        numbers=np.arange(20_000, dtype=float),
    )
    (found,) = answer(many)
    assert found["status"].startswith("not run")


def test_anonymous_votes_join_the_figures_that_say_so() -> None:
    votes = np.array([[0, 2], [2, 0], [2, 0], [0, 0], [0, 0]], dtype=np.int32)
    asked = [
        Figure(name="alpha", measure="krippendorff_alpha", ours=0.0, columns=(0, 1), votes=with_votes)
        for with_votes in (False, True)
    ]
    without, joined = answer(replace(BASE, votes=votes, figures=asked))
    assert without["theirs"] != joined["theirs"]


def test_undefined_there_is_told() -> None:
    same = replace(BASE, columns=np.zeros((2, 4), dtype=np.int32))
    asked = [
        Figure(name="judges: nominal alpha", measure="krippendorff_alpha", ours=1.0, columns=(0, 1)),
    ]
    (found,) = answer(replace(same, figures=asked))
    assert found["status"].startswith(("refused", "undefined"))


@pytest.mark.parametrize(("package", "module"), [("krippendorff", "krippendorff"), ("scikit-learn", "sklearn.metrics")])
def test_without_a_package_everything_works(package: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any) -> Any:
        if name.split(".")[0] == module.split(".")[0]:
            raise ImportError(name)
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", refuse)
    for name in [m for m in sys.modules if m.split(".")[0] == module.split(".")[0]]:
        monkeypatch.delitem(sys.modules, name)
    found = answer(replace(BASE, figures=[figure("accuracy", 0.75)]))
    assert {"package": package, "status": "not installed"}.items() <= found[0].items()


def test_the_process_answers_several_questions_and_dies_when_told() -> None:
    opinion = SecondOpinion()
    try:
        for ours in (0.75, 0.5):
            (found,) = opinion.ask(replace(BASE, figures=[figure("accuracy", ours)]))
            assert found["status"] == ("agrees" if ours == 0.75 else "differs")
    finally:
        opinion.close()
    (found,) = opinion.ask(replace(BASE, figures=[figure("accuracy", 0.75)]))
    assert found["status"] == "agrees", "a closed one answers in this process"


def test_a_question_is_answered_while_other_work_goes_on_and_dropped_when_nobody_waits() -> None:
    opinion = SecondOpinion()
    try:
        answered = opinion.begin(replace(BASE, figures=[figure("accuracy", 0.75)]))
        (found,) = answered.result(timeout=60)
        assert found["status"] == "agrees"
        # 40 MB of verdicts: they are still on their way when the process ends.
        many = replace(BASE, columns=np.zeros((2, 5_000_000), dtype=np.int32), figures=[figure("accuracy", 1.0)])
        dropped = opinion.begin(many)
        time.sleep(0.01)
    finally:
        opinion.close()
    assert dropped.result(timeout=60) == []


@pytest.mark.parametrize("value", [-8, 127, 128, -129, 32_768, 2**31 - 1])
def test_codes_arrive_as_they_were_whatever_type_carries_them(value: int) -> None:
    columns = [np.array(c, dtype=np.int32) for c in ([value, 0], [1, -2])]
    question = replace(BASE, columns=narrow(columns))
    arrived = _unpack(bytes(_pack(question)))
    assert arrived.columns.dtype == np.int32
    assert arrived.columns.tolist() == [[value, 0], [1, -2]]


def test_a_process_that_broke_is_stood_in_for() -> None:
    opinion = SecondOpinion()
    try:
        assert opinion._process is not None
        opinion._process.kill()
        (found,) = opinion.begin(replace(BASE, figures=[figure("accuracy", 0.75)])).result(timeout=60)
        assert found["status"] == "agrees"
    finally:
        opinion.close()


def test_a_difference_is_an_error_in_the_audit() -> None:
    class Liar(SecondOpinion):
        def __init__(self) -> None:
            self._process = None

        def ask(self, question: Question) -> list[Mapping[str, Any]]:
            wrong: Sequence[Figure] = [replace(f, ours=f.ours + 1e-6) for f in question.figures]
            return answer(replace(question, figures=wrong))

    data = made({"j": repeat((20, "1"), (20, "0"))}, {"h": repeat((15, "1"), (25, "0"))})
    result = audit(data, Options(draws=100), opinion=Liar()).audit
    assert ("second_opinion", "error") in {(f.code, f.severity) for f in result.findings}


def test_headline_figures_are_verified() -> None:
    data = made(
        {"j": repeat((20, "1"), (20, "0")), "k": repeat((10, "1"), (30, "0"))},
        {"a": repeat((15, "1"), (25, "0")), "b": repeat((18, "1"), (22, "0"))},
    )
    result = audit(data, Options(draws=100)).audit
    names = {v["figure"] for v in result.verification}
    assert {v["status"] for v in result.verification} == {"agrees"}
    for judge in ("j", "k"):
        for measure in ("accuracy", "cohen_kappa", "false_positive_rate", "false_negative_rate"):
            assert f"{measure} of {judge} (binary, rubric harm)" in names
    assert {f"{p}: nominal alpha (rubric harm)" for p in ("judges", "humans", "all")} <= names
