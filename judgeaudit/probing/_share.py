"""A share over probes with its interval: clusters are base texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judgeaudit.sums.intervals import effective_sample, wilson, z_of
from judgeaudit.sums.patterns import pool

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """k of n probes; `value` and interval are None where `reason` says why. Wilson on the effective sample of base texts."""

    k: int
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    clusters: int = 0
    distinct_texts: int = 0
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For stress.json."""
        return {name: getattr(self, name) for name in self.__slots__}


def share(hits: Sequence[bool], bases: Sequence[str], texts: Sequence[str]) -> Share:
    """The share of hits with its interval.

    Parameters
    ----------
    bases
        For each probe the base it was made from.
    texts
        For each probe its text.

    Examples
    --------
    >>> one = share([True] * 10, ["a"] * 10, ["x"] * 10)
    >>> one.k, one.n, one.clusters, one.distinct_texts, one.low
    (10, 10, 1, 1, None)
    >>> five = share([True] * 5 + [False] * 5, list("abcdefghij"), list("abcdefghij"))
    >>> round(five.low, 4), round(five.high, 4)
    (0.2366, 0.7634)
    """
    n, k = len(hits), sum(hits)
    if n == 0:
        return Share(k=0, n=0, reason="no_verdicts: no verdict was given on these probes")
    names, codes = np.unique(np.array(bases), return_inverse=True)
    distinct = len(set(texts))
    patterns = pool(np.asarray(hits, np.int64), 2, clusters=codes.astype(np.int64))
    effective = effective_sample(patterns, [1], [0, 1])
    if effective is None:
        return Share(k=k, n=n, value=k / n, clusters=1, distinct_texts=distinct, reason="few_clusters: one base text")
    ends = wilson(k / n * effective, effective, z_of(CONFIDENCE))
    clusters = len(names)
    return Share(k=k, n=n, value=k / n, low=ends.low, high=ends.high, clusters=clusters, distinct_texts=distinct)


def expected_width(rate: float, n: int) -> float:
    """Width of the interval of a share of `rate` among n bases, one probe each.

    Examples
    --------
    >>> round(expected_width(0.5, 24), 2)
    0.37
    """
    ends = wilson(rate * n, n, z_of(CONFIDENCE))
    return ends.high - ends.low
