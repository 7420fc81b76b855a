"""Temperature scaling: log-odds divided by one number; keeps 0.5 where it is, and every verdict.

T above 1 makes scores less extreme, below 1 more. Greatest likelihood over T in [0.02, 50].
Source: Guo, Pleiss, Sun and Weinberger 2017, arXiv:1706.04599.
"""

import math

import numpy as np

from judgeaudit.measures._logistic import log_odds
from judgeaudit.recalibration._method import Method, Parameters, Sample, cross_entropy, number, sigmoid
from judgeaudit.table import Floats

LEAST, MOST = 0.02, 50.0


def fit(sample: Sample) -> Parameters:
    """The temperature.

    Examples
    --------
    >>> import numpy as np
    >>> s = Sample(score=np.array([0.2, 0.8]), n=np.array([100.0, 100.0]), positive=np.array([35.0, 65.0]))
    >>> round(number(fit(s), "temperature"), 2)  # log-odds(.8) / log-odds(.65)
    2.24
    """
    from scipy.optimize import minimize_scalar

    x = log_odds(sample.score)
    found = minimize_scalar(
        lambda t: cross_entropy(x / math.exp(t), sample.n, sample.positive),
        bounds=(math.log(LEAST), math.log(MOST)),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return {"temperature": float(np.exp(found.x))}


def apply(parameters: Parameters, scores: Floats) -> Floats:
    """Scores recalibrated."""
    return sigmoid(log_odds(scores) / number(parameters, "temperature"))


METHOD = Method(name="temperature", names=("temperature",), fit=fit, apply=apply)
