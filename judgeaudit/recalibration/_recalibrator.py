"""A fitted recalibrator: plain JSON to keep, a function of scores to use."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from judgeaudit import kinds
from judgeaudit.errors import ConfigError, InputError, nearest
from judgeaudit.recalibration._method import Method, Parameters, Sample
from judgeaudit.table import Floats

SCHEMA = "judgeaudit.recalibrator/1"
PACKAGE = "judgeaudit.recalibration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalibrator:
    """A judge's scores made to mean what they say.

    Parameters
    ----------
    method
        temperature, platt, isotonic or beta.
    parameters
        By name: a number, or a list of numbers (isotonic: scores and values of its corners).
    about
        What it was fitted on: judge, rubric, positive values, whose labels, counts, and its figures on other folds.

    Examples
    --------
    >>> sure = Recalibrator(method="temperature", parameters={"temperature": 2.0})
    >>> round(sure(0.9), 4)  # odds of 9 to odds of 3
    0.75
    >>> Recalibrator.from_json(sure.to_json()) == sure
    True
    """

    method: str
    parameters: Parameters
    about: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, score: float) -> float:
        """One recalibrated score.

        Raises
        ------
        InputError
            The score is no number in [0, 1].
        """
        return float(self.apply([score])[0])

    def apply(self, scores: npt.ArrayLike) -> Floats:
        """Recalibrated scores of an array of any shape; NaN (no score) stays NaN.

        Raises
        ------
        InputError
            A score is outside [0, 1].
        """
        given = np.asarray(scores, dtype=np.float64)
        wrong = given[(given < 0) | (given > 1)]
        if wrong.size:
            raise InputError("a score that is no probability", got=f"{wrong.flat[0]:g}", expected="a number in [0, 1]")
        known = ~np.isnan(given)
        out = np.full(given.shape, np.nan)
        out[known] = np.clip(method(self.method).apply(self.parameters, given[known]), 0.0, 1.0)
        return out

    def to_json(self) -> str:
        """As one JSON object, keys sorted."""
        content = {"schema": SCHEMA, **asdict(self)}
        return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=True, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, source: str | Path) -> Recalibrator:
        """From a file, or from its text.

        Raises
        ------
        InputError
            It cannot be read or is no recalibrator; a newer schema, an unknown method or a missing parameter is named.
        """
        text, where = _text(source)
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:  # broken, a number of thousands of digits, nested without end
            raise InputError("no JSON", where=where, got=str(error)) from error
        if not isinstance(content, dict) or content.get("schema") != SCHEMA:
            got = content.get("schema") if isinstance(content, dict) else type(content).__name__
            raise InputError("no recalibrator", where=where, got=repr(got), expected=f"the schema {SCHEMA!r}")
        name, parameters = str(content.get("method")), content.get("parameters")
        known = method_names()
        if name not in known:
            raise InputError("unknown method", where=where, got=repr(name), next_step=nearest(name, known))
        about = content.get("about")
        return cls(
            method=name,
            parameters=_parameters(parameters, method(name), where),
            about=about if isinstance(about, dict) else {},
        )


def fit(
    method_name: str, scores: npt.ArrayLike, positive: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> Recalibrator:
    """A recalibrator from scores in [0, 1] and what is true (1 positive, 0 negative).

    Judge it on other outputs than these: `recalibrate` does so by folds.

    Raises
    ------
    ConfigError
        The method is unknown.
    InputError
        Labels of one class, equal scores, or scores outside [0, 1].

    Examples
    --------
    >>> found = fit("isotonic", [0.1, 0.5, 0.9], [1, 0, 1])
    >>> found(0.5)
    0.5
    """
    way = method(method_name)
    p, y = np.asarray(scores, dtype=np.float64), np.asarray(positive, dtype=np.float64)
    w = np.ones_like(p) if weights is None else np.asarray(weights, dtype=np.float64)
    if p.ndim != 1 or p.shape != y.shape or p.shape != w.shape:
        raise InputError("scores, labels and weights differ in length", got=f"{p.shape}, {y.shape}, {w.shape}")
    if not bool(((p >= 0) & (p <= 1)).all()):
        raise InputError("a score that is no probability", expected="numbers in [0, 1]")
    if not bool(np.isin(y, (0.0, 1.0)).all()):
        raise InputError("a label that is neither 0 nor 1", expected="1 for positive, 0 for negative")
    value, code = np.unique(p, return_inverse=True)
    n, hits = (np.asarray(np.bincount(code, weights=x), dtype=np.float64) for x in (w, w * y))
    sample = Sample(score=value, n=n, positive=hits)
    if len(set(y.tolist())) < 2:
        raise InputError("labels of one class only", next_step="label outputs of both classes")
    if len(value) < 2:
        raise InputError("all scores are equal", got=f"{value[0]:g}", next_step="nothing can be learned from them")
    return Recalibrator(method=method_name, parameters=way.fit(sample))


def method_names() -> list[str]:
    """All ways of recalibrating.

    Examples
    --------
    >>> method_names()
    ['beta', 'isotonic', 'platt', 'temperature']
    """
    return kinds.names(PACKAGE)


def method(name: str) -> Method:
    """One of them by its name."""
    known = method_names()
    if name not in known:
        raise ConfigError("unknown method of recalibration", got=repr(name), next_step=nearest(name, known))
    found: Method = kinds.load(PACKAGE, name).METHOD
    return found


def _text(source: str | Path) -> tuple[str, str]:
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return source, "recalibrator"
    try:
        return Path(source).read_text(encoding="utf-8"), str(source)
    except UnicodeDecodeError as error:
        raise InputError("no text in UTF-8", where=str(source)) from error


def _parameters(given: object, way: Method, where: str) -> Parameters:
    if not isinstance(given, dict) or sorted(given) != sorted(way.names):
        got = ", ".join(sorted(map(str, given))) if isinstance(given, dict) else type(given).__name__
        raise InputError("wrong parameters", where=where, got=got, expected=", ".join(way.names))
    lists = [v if isinstance(v, list) else [v] for v in given.values()]
    for values in lists:
        if not values or any(
            isinstance(v, bool) or not isinstance(v, int | float) or not abs(v) <= sys.float_info.max for v in values
        ):
            raise InputError("a parameter that is no number", where=where, got=repr(values)[:80])
    if len({len(values) for values in lists}) > 1:
        raise InputError("lists of different lengths", where=where)
    if way.name == "isotonic" and any(b < a for values in lists for a, b in pairwise(values)):
        raise InputError("corners that do not rise", where=where)
    if way.name == "temperature" and not lists[0][0] > 0:
        raise InputError("a temperature that is not above 0", where=where, got=repr(lists[0][0]))
    return given
