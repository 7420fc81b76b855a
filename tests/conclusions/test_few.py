"""Which studies are told that their intervals are too short."""

from __future__ import annotations

import numpy as np
import pytest

from judgeaudit.conclusions import Judge, Run, Study
from judgeaudit.conclusions._few import few
from judgeaudit.model import Rubric


def study(prompts: int, positives: int, each: int = 1) -> Study:
    """Two runs on the same prompts, `each` outputs a prompt, as many positive verdicts in either."""
    n = prompts * each
    verdicts = np.tile((np.arange(n) < positives).astype(np.int8), 2)
    return Study(
        name="s",
        rubric=Rubric(name="r", values=("0", "1"), positive=("1",)),
        runs=(Run(name="base"), Run(name="tuned", base="base", checkpoints=(100,))),
        benchmarks=("b",),
        prompts=[str(i) for i in range(prompts)],
        run=np.repeat([0, 1], n),
        checkpoint=np.repeat([0, 100], n),
        benchmark=np.zeros(2 * n, dtype=np.int64),
        prompt=np.tile(np.arange(n) // each, 2),
        judges=(Judge(name="j", verdicts=verdicts),),
    )


@pytest.mark.parametrize(("prompts", "positives", "each"), [(10, 30, 10), (30, 3, 1), (30, 27, 1), (100, 0, 1)])
def test_few_prompts_or_few_verdicts_of_a_kind_are_told(prompts: int, positives: int, each: int) -> None:
    (note,) = few(study(prompts, positives, each))
    assert note.startswith("2 of 2 rates")


@pytest.mark.parametrize(("prompts", "positives", "each"), [(30, 9, 1), (100, 12, 1), (100, 120, 10)])
def test_samples_that_cover_well_are_not(prompts: int, positives: int, each: int) -> None:
    assert few(study(prompts, positives, each)) == []
