"""Dawid and Skene's latent class model on pattern counts: a million items cost what their distinct patterns cost.

Every item has one true class, drawn by the priors; every rater gives a value by its own table of errors, given that class and
independently of the other raters. The last is what judges usually break; see `effective_votes` and `conditional_dependence`.
Source: Dawid and Skene 1979, doi:10.2307/2346806.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from judgeaudit.table import Floats

MAX_STEPS = 1000
TOLERANCE = 1e-7
_LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class Latent:
    """A fitted model; leading axes are those of the counts it was fitted to.

    Parameters
    ----------
    priors
        (..., C) share of each class.
    errors
        (..., K, C, V) for each rater and class the probabilities of its values.
    posterior
        (..., P, C) probability of each class given each pattern.
    steps
        Steps of expectation-maximisation that were made.
    """

    priors: Floats
    errors: Floats
    posterior: Floats
    steps: int


def fit(
    patterns: Floats,
    counts: Floats,
    start: Latent | None = None,
    *,
    steps: int = MAX_STEPS,
    tolerance: float = TOLERANCE,
) -> Latent:
    """The maximum of the likelihood that is reached from vote shares, or from `start`.

    Parameters
    ----------
    patterns
        (P, K, V) how often each rater gives each value on an item of each pattern; 0 everywhere: the rater says nothing.
    counts
        (..., P) items (their weight) of each pattern; leading axes are independent data sets, such as draws.
    tolerance
        It ends where no prior moves by more.

    Examples
    --------
    >>> two = np.eye(2)
    >>> patterns = np.array([[two[0]] * 3, [two[1]] * 3, [two[0], two[0], two[1]]])
    >>> fit(patterns, np.array([60.0, 30, 10])).priors.round(2).tolist()
    [0.7, 0.3]
    """
    flat = patterns.reshape(len(patterns), -1)
    raters, values = patterns.shape[1:]
    if start is None:
        votes = patterns.sum(axis=1)
        posterior = votes / np.maximum(votes.sum(axis=1, keepdims=True), _LEAST)
        posterior = np.broadcast_to(posterior, (*counts.shape, values))
    else:
        posterior = _posterior(flat, start.priors, start.errors)
    before, made = np.full(1, np.inf), 0
    while True:
        priors, errors = _tables(flat, counts, posterior, raters)
        made += 1
        posterior = _posterior(flat, priors, errors)
        moved = float(np.abs(priors - before).max())
        before = priors
        if moved < tolerance or made >= steps:
            return Latent(priors, errors, posterior, made)


def _tables(flat: Floats, counts: Floats, posterior: Floats, raters: int) -> tuple[Floats, Floats]:
    """Priors (..., C) and errors (..., K, C, V) given the classes' probabilities."""
    mass = counts[..., None] * posterior
    total = mass.sum(axis=-2)
    priors = total / np.maximum(total.sum(axis=-1, keepdims=True), _LEAST)
    given = (np.swapaxes(mass, -1, -2) @ flat).reshape(*total.shape, raters, -1)
    errors = given / np.maximum(given.sum(axis=-1, keepdims=True), _LEAST)
    return priors, np.swapaxes(errors, -2, -3)


def _posterior(flat: Floats, priors: Floats, errors: Floats) -> Floats:
    """(..., P, C) from priors (..., C) and errors (..., K, C, V)."""
    by_class = np.swapaxes(np.log(np.maximum(errors, _LEAST)), -2, -3)
    by_class = by_class.reshape(*by_class.shape[:-2], -1)
    logs = flat @ np.swapaxes(by_class, -1, -2) + np.log(np.maximum(priors, _LEAST))[..., None, :]
    logs -= logs.max(axis=-1, keepdims=True)
    chance = np.exp(logs)
    return np.asarray(chance / chance.sum(axis=-1, keepdims=True))
