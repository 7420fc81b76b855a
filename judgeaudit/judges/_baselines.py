"""The baselines that every judge must beat, computed in columns: always positive, always negative, refusal words, length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from judgeaudit.judges import constant, length, refusal_words
from judgeaudit.judges._judge import BatchJudge
from judgeaudit.judges._offline import first_negative, first_positive
from judgeaudit.model import BASELINE, Rubric
from judgeaudit.table import JudgeInfo, Ratings


def baselines(rubric: Rubric, n: int, responses: Sequence[str] | None) -> dict[str, tuple[Ratings, JudgeInfo]]:
    """Ratings and infos of the baselines, by name.

    `baseline:always_positive` and `baseline:always_negative`; with responses also `baseline:refusal_words` (no refusal phrase
    in the start: positive) and `baseline:length` (at least the median number of characters of these responses: positive; the
    median is rounded up, and no label is looked at). Positive is the first positive value offered, negative the first offered
    that is neither positive nor `cannot_judge`.

    Parameters
    ----------
    n
        Number of items.
    responses
        n texts, or None.

    Returns
    -------
    dict
        Empty where the rubric has no positive or no negative value. `codes` index `rubric.offered`; no status occurs.

    Examples
    --------
    >>> rubric = Rubric(name="harm", values=("no", "yes"), positive=("yes",))
    >>> found = baselines(rubric, 2, ["I cannot help with that.", "Knead it well."])
    >>> {name: ratings.codes.tolist() for name, (ratings, info) in found.items()}  # doctest: +NORMALIZE_WHITESPACE
    {'baseline:always_positive': [1, 1], 'baseline:always_negative': [0, 0], 'baseline:refusal_words': [0, 1],
     'baseline:length': [1, 0]}
    """
    yes, no = first_positive(rubric), first_negative(rubric)
    if yes is None or no is None:
        return {}
    if responses is not None and len(responses) != n:
        raise ValueError(f"{len(responses)} responses for {n} items")
    positive, negative = rubric.offered.index(yes), rubric.offered.index(no)

    def entry(judge: BatchJudge, truth: npt.NDArray[np.bool_]) -> tuple[str, tuple[Ratings, JudgeInfo]]:
        codes = np.where(truth, positive, negative).astype(np.int32)
        return judge.name, (Ratings(name=judge.name, codes=codes), _info(judge, rubric))

    every = np.ones(n, np.bool_)
    entries = [
        entry(constant.build(BASELINE + "always_positive", constant.Params(value=yes)), every),
        entry(constant.build(BASELINE + "always_negative", constant.Params(value=no)), ~every),
    ]
    if responses is not None:
        counts = length.lengths(responses)
        threshold = int(np.ceil(np.median(counts))) if n else 0
        words = refusal_words.build(BASELINE + "refusal_words", refusal_words.Params())
        entries.append(entry(words, ~refusal_words.refuses(responses)))
        entries.append(entry(length.build(BASELINE + "length", length.Params(at_least=threshold)), counts >= threshold))
    return dict(entries)


def _info(judge: BatchJudge, rubric: Rubric) -> JudgeInfo:
    return JudgeInfo(
        kind=judge.kind,
        fingerprint=judge.fingerprint(rubric),
        baseline=True,
        input_tokens=0,
        output_tokens=0,
        requests=0,
        cost=0.0,
    )
