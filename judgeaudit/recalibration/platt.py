"""Platt scaling: a logistic regression on the log-odds of the score; shifts and stretches.

log-odds(q) = intercept + slope log-odds(p), with Platt's smoothed targets.
Source: Platt 1999, Probabilistic outputs for support vector machines; Cox 1958, doi:10.1093/biomet/45.3-4.562.
"""

from judgeaudit.measures._logistic import fit as logistic
from judgeaudit.measures._logistic import log_odds
from judgeaudit.recalibration._method import Method, Parameters, Sample, number, sigmoid
from judgeaudit.table import Floats


def fit(sample: Sample) -> Parameters:
    """Intercept and slope."""
    a, b = logistic(sample.n[None], sample.smoothed[None], log_odds(sample.score)[None])
    return {"intercept": float(a[0]), "slope": float(b[0])}


def apply(parameters: Parameters, scores: Floats) -> Floats:
    """Scores recalibrated."""
    return sigmoid(number(parameters, "intercept") + number(parameters, "slope") * log_odds(scores))


METHOD = Method(name="platt", names=("intercept", "slope"), fit=fit, apply=apply)
