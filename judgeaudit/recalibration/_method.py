"""What a way of recalibrating is: a fit from scores and labels to parameters, and a function of the parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from judgeaudit.table import Floats

Parameters = Mapping[str, float | list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Labels by distinct score: (V,) rising scores, items and positives among them (by weight)."""

    score: Floats
    n: Floats
    positive: Floats

    @property
    def smoothed(self) -> Floats:
        """(V,) positives with Platt's targets in place of 0 and 1, so that separated classes have a finite fit.

        (N1 + 1) / (N1 + 2) for a positive and 1 / (N0 + 2) for a negative of N1 and N0.
        Source: Platt 1999, Probabilistic outputs for support vector machines.
        """
        ones = float(self.positive.sum())
        zeros = float(self.n.sum()) - ones
        return np.asarray(self.positive * (ones + 1) / (ones + 2) + (self.n - self.positive) / (zeros + 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way. `names`: its parameters; `fit`: from a sample with both classes; `apply`: scores in [0, 1] to scores."""

    name: str
    names: tuple[str, ...]
    fit: Callable[[Sample], Parameters]
    apply: Callable[[Parameters, Floats], Floats]


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + e^-x) without overflow.

    Examples
    --------
    >>> sigmoid(np.array([-800.0, 0.0])).tolist()
    [0.0, 0.5]
    """
    e = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, e) / (1.0 + e))


def cross_entropy(x: Floats, n: Floats, positive: Floats) -> float:
    """Negative log-likelihood of log-odds (V,) for items and positives (V,)."""
    return float((n * np.logaddexp(0.0, x) - positive * x).sum())


def number(parameters: Parameters, name: str) -> float:
    """A parameter that is one number."""
    value = parameters[name]
    return float(value[0] if isinstance(value, list) else value)
