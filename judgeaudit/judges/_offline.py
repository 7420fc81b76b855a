"""What the judges without a network share: one answer an output, values checked against the rubric, one way to be hashed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict

from judgeaudit.errors import ConfigError, nearest
from judgeaudit.judges._judge import Material
from judgeaudit.model import ConfidenceSource, Judgement, Rubric, Status, as_value, digest, number
from judgeaudit.text import clip, visible

Value = Annotated[str, BeforeValidator(as_value)]
"""A value of a scale in a configuration: ``1``, ``1.0`` and ``"1"`` are one value."""

RAW_LIMIT = 2_000
ANSWER_KEYS = ("verdict", "status", "score", "confidence", "confidence_source", "rationale", "raw", "detail")
_SOURCES: tuple[str, ...] = get_args(ConfidenceSource)


class Settings(BaseModel):
    """Base of all `Params` of this folder's offline kinds: frozen, unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The part of a `Judgement` that a judge decides; the rest (ids, hashes) is filled in by `Offline`."""

    status: Status = Status.OK
    verdict: str | None = None
    score: float | None = None
    confidence: float | None = None
    confidence_source: ConfidenceSource = "none"
    rationale: str = ""
    raw: str = ""
    parse_method: str = ""
    detail: str = ""


# Not frozen: the attributes of the `BatchJudge` protocol are declared settable, and a type checker holds us to it.
@dataclass(slots=True, kw_only=True)
class Offline:
    """A batch judge made of a function.

    Parameters
    ----------
    identity
        Everything that changes a verdict, as JSON; with kind and rubric it makes the fingerprint. Not the judge's name.
    decide
        One `Answer` per output, in the outputs' order.
    """

    name: str
    kind: str
    identity: Mapping[str, Any]
    decide: Callable[[Material], Iterable[Answer]]
    needs: tuple[str, ...] = ()

    def fingerprint(self, rubric: Rubric) -> str:
        """First 16 hex digits of a hash over kind, identity and rubric."""
        return digest({"kind": self.kind, "identity": self.identity, "rubric": rubric.version})

    def judge(self, material: Material) -> list[Judgement]:
        """One judgement per output, in order.

        Raises
        ------
        ConfigError
            The rubric has no values, or not those that the judge was told to use.
        """
        rubric = material.rubric
        if not rubric.offered:
            raise ConfigError("the rubric has no values", where=rubric.name, next_step="give them as `values:`")
        fingerprint, version = self.fingerprint(rubric), rubric.version
        return [
            Judgement(
                item_id=output.item_id,
                judge=self.name,
                rubric=rubric.name,
                status=answer.status,
                verdict=answer.verdict,
                score=answer.score,
                confidence=answer.confidence,
                confidence_source=answer.confidence_source,
                rationale=answer.rationale,
                raw=answer.raw,
                parse_method=answer.parse_method,
                detail=answer.detail,
                fingerprint=fingerprint,
                output_hash=output.hash,
                rubric_version=version,
            )
            for output, answer in zip(material.outputs, self.decide(material), strict=True)
        ]


def first_positive(rubric: Rubric) -> str | None:
    """The first of the offered values that counts as positive, or None.

    Examples
    --------
    >>> first_positive(Rubric(name="harm", values=("0", "1", "2"), positive=("2", "1")))
    '1'
    """
    return next((v for v in rubric.offered if v in rubric.positive and v != rubric.cannot_judge), None)


def first_negative(rubric: Rubric) -> str | None:
    """The first of the offered values that is neither positive nor `cannot_judge`, or None.

    Examples
    --------
    >>> first_negative(Rubric(name="harm", values=("unclear", "no", "yes"), positive=("yes",), cannot_judge="unclear"))
    'no'
    """
    return next((v for v in rubric.offered if v not in rubric.positive and v != rubric.cannot_judge), None)


def chosen(rubric: Rubric, *, positive: str | None, negative: str | None, keys: tuple[str, str]) -> tuple[str, str]:
    """The positive and the negative verdict of a two-way judge: as configured, else the rubric's first of each.

    `keys` are the names of the two parameters, for the messages.

    Raises
    ------
    ConfigError
        A configured value is not offered, or the rubric has no such value and none was configured.
    """
    if positive is None:
        positive = first_positive(rubric)
        if positive is None:
            step = f"give the rubric a value as `positive:`, or the judge `{keys[0]}:`"
            raise ConfigError("the rubric has no positive value", where=rubric.name, next_step=step)
    if negative is None:
        negative = first_negative(rubric)
        if negative is None:
            step = f"leave a value of the scale out of `positive:`, or give the judge `{keys[1]}:`"
            raise ConfigError("the rubric has no negative value", where=rubric.name, next_step=step)
    return offered(rubric, positive, keys[0]), offered(rubric, negative, keys[1])


def offered(rubric: Rubric, value: str, key: str) -> str:
    """The value itself where the rubric offers it.

    Raises
    ------
    ConfigError
        It does not; the message names the nearest.
    """
    if value not in rubric.offered:
        hint = nearest(value, rubric.offered)
        raise ConfigError(f"`{key}` is no value of the rubric", where=rubric.name, got=repr(value), next_step=hint)
    return value


def read_answer(raw: object, rubric: Rubric, *, method: str) -> Answer:
    """What a function, a process or a file answered, read without guessing.

    A value of the scale is a verdict; None and blank text are `missing`; a mapping may have the keys `verdict`, `status`,
    `score`, `confidence`, `confidence_source`, `rationale`, `raw` and `detail`, and no others. A value off the scale is
    `out_of_range`; anything else is `unparsable`. A score or confidence outside [0, 1] is left out, and `detail` says so.

    Examples
    --------
    >>> rubric = Rubric(name="harm", values=("0", "1"))
    >>> read_answer(1.0, rubric, method="value").verdict
    '1'
    >>> read_answer({"verdict": "2"}, rubric, method="value").status
    <Status.OUT_OF_RANGE: 'out_of_range'>
    >>> read_answer({"verdct": "1"}, rubric, method="value").detail.partition("?")[0]
    "unknown key 'verdct': did you mean 'verdict'"
    """
    if not isinstance(raw, Mapping):
        return _verdict(raw, rubric, method, {})
    unknown = [str(key) for key in raw if key not in ANSWER_KEYS]
    if unknown:
        detail = f"unknown key {clip(visible(unknown[0]), 60)!r}: {nearest(unknown[0], ANSWER_KEYS)}"
        return Answer(status=Status.UNPARSABLE, raw=shown(raw), detail=detail)
    status = raw.get("status")
    if as_plain(status) is None or status == Status.OK:
        if "verdict" not in raw:
            return Answer(status=Status.UNPARSABLE, raw=shown(raw), detail="no key 'verdict'")
        return _verdict(raw["verdict"], rubric, method, raw)
    if status not in list(Status):
        hint = nearest(str(status), [s.value for s in Status])
        return Answer(
            status=Status.UNPARSABLE, raw=shown(raw), detail=f"unknown status {clip(shown(status), 60)}: {hint}"
        )
    if as_plain(raw.get("verdict")) is not None:
        return Answer(status=Status.UNPARSABLE, raw=shown(raw), detail=f"a verdict beside the status {status}")
    return Answer(
        status=Status(str(status)),
        raw=_text(raw, "raw"),
        rationale=_text(raw, "rationale"),
        detail=_text(raw, "detail"),
    )


def as_plain(raw: object) -> object:
    """A NumPy scalar as its Python value, blank text as None, all else as it is."""
    if isinstance(raw, np.generic):
        return raw.item()
    return None if isinstance(raw, str) and not raw.strip() else raw


def shown(raw: object) -> str:
    """At most `RAW_LIMIT` characters of what was answered, for `raw`."""
    try:
        return clip(raw if isinstance(raw, str) else repr(raw), RAW_LIMIT)
    except Exception as error:  # a foreign object's repr may do anything
        return f"<{type(raw).__name__} whose repr raised {type(error).__name__}>"


def _verdict(given: object, rubric: Rubric, method: str, fields: Mapping[Any, Any]) -> Answer:
    raw = as_plain(given)
    if raw is None:
        return Answer(
            status=Status.MISSING, raw=_text(fields, "raw"), detail=_text(fields, "detail") or "no verdict was given"
        )
    if not isinstance(raw, str | bool | int | float):
        return Answer(status=Status.UNPARSABLE, raw=shown(raw), detail=f"{type(raw).__name__} is no verdict")
    if isinstance(raw, float) and not math.isfinite(raw):
        return Answer(status=Status.UNPARSABLE, raw=shown(raw), detail=f"{raw} is no verdict")
    value = as_value(raw)
    if value not in rubric.offered:
        scale = ", ".join(repr(v) for v in rubric.offered)
        detail = f"{clip(visible(str(value)), 60)!r} is off the scale {scale}"
        return Answer(status=Status.OUT_OF_RANGE, raw=_text(fields, "raw") or shown(raw), detail=detail)
    score, bad_score = _fraction(fields, "score")
    confidence, bad_confidence = _fraction(fields, "confidence")
    source = fields.get("confidence_source")
    known: ConfidenceSource = source if source in _SOURCES else "none"
    bad_source = "" if source is None or source in _SOURCES else f"unknown confidence_source {clip(shown(source), 60)}"
    notes = [note for note in (_text(fields, "detail"), bad_score, bad_confidence, bad_source) if note]
    return Answer(
        verdict=value,
        score=score,
        confidence=confidence,
        confidence_source=known if confidence is not None else "none",
        rationale=_text(fields, "rationale"),
        raw=_text(fields, "raw") or shown(raw),
        parse_method=method,
        detail="; ".join(notes),
    )


def _fraction(fields: Mapping[Any, Any], key: str) -> tuple[float | None, str]:
    raw = as_plain(fields.get(key))
    if raw is None:
        return None, ""
    x = None if isinstance(raw, bool) or not isinstance(raw, str | int | float) else number(str(raw))
    if x is None or not 0 <= x <= 1:
        return None, f"{key} {clip(visible(shown(raw)), 60)} left out: no number in [0, 1]"
    return x, ""


def _text(fields: Mapping[Any, Any], key: str) -> str:
    raw = fields.get(key)
    return "" if raw is None else (raw if isinstance(raw, str) else shown(raw))
