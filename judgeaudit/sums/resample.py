"""Draws with replacement from pooled patterns."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np

from judgeaudit.sums.patterns import Ints, Patterns
from judgeaudit.table import Floats

_BLOCK = 4_000_000
_FEW = 2048
_COMMON = 24
"""Clusters from which on a binomial for all of a pattern costs less than picking them one by one."""


def generator(seed: int, name: str) -> np.random.Generator:
    """A random generator that depends on the audit's seed and the table's name alone.

    So adding a judge or a slice moves no other interval.

    Examples
    --------
    >>> generator(0, "a").integers(1000) == generator(0, "a").integers(1000)
    np.True_
    """
    words = np.frombuffer(
        hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest(), dtype=np.uint32
    )
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words.tolist()])))


class Pseudo(NamedTuple):
    """Clusters that were not seen and might have been: (Q, S) sums and (Q,) masses, in numbers of clusters."""

    sums: Floats
    mass: Floats


def draw(patterns: Patterns, draws: int, rng: np.random.Generator, pseudo: Pseudo | None = None) -> Floats:
    """Sums of `draws` resamples of all clusters with replacement, shape (draws, S).

    Drawn in blocks: the matrix of draws x patterns is never whole in memory. With `pseudo` a cluster is drawn from those
    seen and the pseudo clusters together, so that what happened to be absent is not held to be impossible: without a single
    disagreement among 30 items every plain resample agrees fully, and its interval would have no width.

    Examples
    --------
    >>> import numpy as np
    >>> from judgeaudit.sums.patterns import of_counts
    >>> d = draw(of_counts(np.array([30, 70])), 5, generator(0, "t"))
    >>> d.shape, d.sum(axis=1).tolist()
    ((5, 2), [100.0, 100.0, 100.0, 100.0, 100.0])
    """
    count, size = patterns.sums.shape
    out = np.zeros((draws, size))
    if count == 0:
        return out
    total = patterns.clusters
    shares = patterns.multiplicity / total
    block = max(1, _BLOCK // count)
    unseen = (
        None if pseudo is None else rng.binomial(total, pseudo.mass.sum() / (total + pseudo.mass.sum()), size=draws)
    )
    for start in range(0, draws, block):
        stop = min(start + block, draws)
        left = total if unseen is None else total - unseen[start:stop]
        out[start:stop] = _counts(rng, left, shares, patterns, stop - start) @ patterns.sums
    if pseudo is not None and unseen is not None:
        out += rng.multinomial(unseen, pseudo.mass / pseudo.mass.sum()) @ pseudo.sums
    return out


def _counts(rng: np.random.Generator, total: int | Ints, shares: Floats, patterns: Patterns, rows: int) -> Floats:
    """(rows, P) how often each pattern is drawn.

    One binomial a pattern; of very many patterns the clusters of the rare ones are picked one by one, which is the same law.
    """
    if len(shares) <= _FEW:
        return rng.multinomial(total, shares, size=rows).astype(np.float64)
    common = np.flatnonzero(patterns.multiplicity >= _COMMON)
    rare = np.flatnonzero(patterns.multiplicity < _COMMON)
    often = rng.multinomial(total, np.append(shares[common], min(1.0, shares[rare].sum())), size=rows)
    pattern = np.repeat(rare, patterns.multiplicity[rare])
    out = np.zeros((rows, len(shares)))
    if len(pattern):
        for row, left in enumerate(often[:, -1].tolist()):
            picked = pattern[rng.integers(len(pattern), size=left, dtype=np.int32)]  # 32 bits: a third less time
            out[row] = np.bincount(picked, minlength=len(shares))
    out[:, common] = often[:, :-1]
    return out
