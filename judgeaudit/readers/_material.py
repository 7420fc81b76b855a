"""Columns of judges and labels before the scale is known, whatever form they were read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from judgeaudit.model import LabelKind, Level, Rubric
from judgeaudit.readers._codes import Column
from judgeaudit.table import Codes, Floats, Grouping, JudgeInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Rater:
    """One judge's answers in one trial, or one annotator's labels; `scores` are NaN and `rationales` "" where there is none."""

    name: str
    column: Column
    scores: Floats | None = None
    rationales: Sequence[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballots:
    """Anonymous labels: vote k says `values[codes[k]]` of item `rows[k]`."""

    rows: npt.NDArray[np.int64]
    codes: Codes
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCounts:
    """A column of how many of `of` anonymous annotators voted positive; -1 where it says nothing."""

    name: str
    positive: Codes
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """All labels of one kind."""

    annotators: Sequence[Rater] = ()
    ballots: Ballots | None = None
    counts: Sequence[VoteCounts] = ()
    adjudicated: Rater | None = None

    @property
    def columns(self) -> list[Rater]:
        """Everything in it that is a column of values."""
        return [*self.annotators, *([self.adjudicated] if self.adjudicated is not None else [])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What is asked of the scale; empty parts are worked out from the values.

    Parameters
    ----------
    values
        In order; empty: the values seen.
    positive
        Values and rules.
    rubric
        Name, question and descriptions come from here.
    """

    rubric: Rubric
    values: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    abstain: str | None = None
    level: Level = "nominal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything of one audit but the scale.

    Parameters
    ----------
    where
        Name of the file, for messages.
    judges
        For each judge its trials in order.
    weights
        NaN where an output has none; `weight_name` is their column, for messages.
    reference
        The reference rule asked for.
    """

    where: str
    item_ids: Sequence[str]
    prompts: Sequence[str] | None = None
    responses: Sequence[str] | None = None
    finish_reasons: Sequence[str | None] | None = None
    models: Grouping | None = None
    judges: Mapping[str, Sequence[Rater]] = field(default_factory=dict)
    judge_info: Mapping[str, JudgeInfo] = field(default_factory=dict)
    labels: Mapping[LabelKind, Labels] = field(default_factory=dict)
    clusters: Codes | None = None
    cluster_rule: str = "items are independent"
    weights: Floats | None = None
    weight_name: str = "weight"
    weights_of: Literal["outputs", "labels"] = "outputs"
    selected_by: Grouping | None = None
    slices: Mapping[str, Grouping] = field(default_factory=dict)
    sources: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[str] = ()
    reference: str = "auto"

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.item_ids)
