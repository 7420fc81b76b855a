"""The most probable class by Dawid and Skene's latent class model: annotators count by how reliable they turn out to be.

Anonymous votes are taken as of one more annotator. An item whose two likeliest classes are equally likely is unresolved. The
fitted model is taken as known: intervals of what is held against it do not hold its own uncertainty.
"""

from __future__ import annotations

import numpy as np

from judgeaudit.model import Rubric
from judgeaudit.references._em import fit
from judgeaudit.references._reference import NO_LABEL, UNRESOLVED, missing
from judgeaudit.table import Codes, LabelSet

_TIED = 1e-6
MIN_ANNOTATORS = 3


def resolve(labels: LabelSet, rubric: Rubric, n: int, argument: str) -> Codes:
    """Codes of the most probable class.

    Raises
    ------
    ConfigError
        There are fewer than three annotators: who of two is right cannot be told.

    Examples
    --------
    >>> from judgeaudit.table import Ratings
    >>> said = {name: Ratings(name=name, codes=np.array(codes, dtype=np.int32))
    ...         for name, codes in {"a": [0, 1, 1, 0], "b": [0, 1, 1, 0], "c": [0, 1, 0, 1]}.items()}
    >>> resolve(LabelSet(kind="human", annotators=said), Rubric(name="r", values=("0", "1")), 4, "").tolist()
    [0, 1, 1, 0]
    """
    raters = [r.codes for r in labels.annotators.values()]
    voted = labels.votes is not None and int(labels.votes.sum(axis=1).max(initial=0)) >= MIN_ANNOTATORS
    if len(raters) + (labels.votes is not None) < MIN_ANNOTATORS and not voted:
        raise missing(
            f"dawid_skene with {len(raters)} annotators", f"at least {MIN_ANNOTATORS}, or as many votes an item"
        )
    values = len(rubric.offered)
    columns = [np.maximum(codes, -1).astype(np.int64) + 1 for codes in raters]
    columns += [] if labels.votes is None else list(labels.votes.T.astype(np.int64))
    distinct, pattern, counts = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True, return_counts=True)
    tensor = (distinct[:, : len(raters), None] == np.arange(1, values + 1)).astype(np.float64)
    if labels.votes is not None:
        tensor = np.concatenate([tensor, distinct[:, None, len(raters) :].astype(np.float64)], axis=1)
    said = tensor.sum(axis=(1, 2)) > 0
    codes = np.full(len(distinct), NO_LABEL, dtype=np.int32)
    if said.any():
        codes[said] = _classes(fit(tensor[said], counts[said].astype(np.float64)).posterior)
    return np.asarray(codes[pattern.reshape(-1)])


def _classes(posterior: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Codes:
    order = np.sort(posterior, axis=1)
    best: Codes = posterior.argmax(axis=1).astype(np.int32)
    if posterior.shape[1] > 1:
        best[order[:, -1] - order[:, -2] < _TIED] = UNRESOLVED
    return best
