"""Beta calibration: both ends of the scale stretched apart, never turned round; holds the identity, unlike Platt's on scores.

log-odds(q) = c + a ln p - b ln(1 - p) with a, b >= 0, with Platt's smoothed targets.
Source: Kull, Silva Filho and Flach 2017, doi:10.1214/17-EJS1338SI.
"""

import numpy as np

from judgeaudit.measures._logistic import LEAST_SCORE
from judgeaudit.recalibration._method import Method, Parameters, Sample, cross_entropy, number, sigmoid
from judgeaudit.table import Floats


def fit(sample: Sample) -> Parameters:
    """a, b and c."""
    from scipy.optimize import minimize

    x, target = _features(sample.score), sample.smoothed

    def loss(theta: Floats) -> tuple[float, Floats]:
        eta = x @ theta
        return cross_entropy(eta, sample.n, target), x.T @ (sample.n * sigmoid(eta) - target)

    found = minimize(
        loss,
        np.array([1.0, 1.0, 0.0]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, None), (0.0, None), (None, None)],
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 2000},
    )
    a, b, c = (float(v) for v in found.x)
    return {"a": a, "b": b, "c": c}


def apply(parameters: Parameters, scores: Floats) -> Floats:
    """Scores recalibrated."""
    theta = np.array([number(parameters, name) for name in ("a", "b", "c")])
    return sigmoid(_features(scores) @ theta)


def _features(scores: Floats) -> Floats:
    inside = np.clip(scores, LEAST_SCORE, 1 - LEAST_SCORE)
    return np.stack([np.log(inside), -np.log1p(-inside), np.ones_like(inside)], axis=-1)


METHOD = Method(name="beta", names=("a", "b", "c"), fit=fit, apply=apply)
