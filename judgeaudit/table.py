"""The columnar form of what an audit is made from: one integer code a value, negative codes where there is no verdict.

Objects a row would cost gigabytes at a million rows; these arrays cost bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from judgeaudit.errors import InputError
from judgeaudit.model import LabelKind, Rubric, Status

Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

NOT_ASKED = -1
STATUS_CODES: Mapping[Status, int] = {
    Status.SKIPPED: NOT_ASKED,
    Status.MISSING: -2,
    Status.UNPARSABLE: -3,
    Status.REFUSED: -4,
    Status.FILTERED: -5,
    Status.TRUNCATED: -6,
    Status.OUT_OF_RANGE: -7,
    Status.ERROR: -8,
}
CODE_STATUSES: Mapping[int, Status] = {code: status for status, code in STATUS_CODES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """One rater's values for n items.

    Parameters
    ----------
    codes
        (n,) int32; >= 0: index into the rubric's `offered` values; < 0: a status by `CODE_STATUSES` (-1: not asked).
    scores
        (n,) float64 probability of positive, NaN where there is none; None: the rater gives no scores.
    rationales
        n texts, "" where there is none; None: the rater gives no rationales.
    """

    name: str
    codes: Codes
    scores: Floats | None = None
    rationales: Sequence[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeInfo:
    """What is known of a judge beside its verdicts; None: not told, which is not 0."""

    kind: str = "recorded"
    fingerprint: str = ""
    model: str | None = None
    baseline: bool = False
    panel: bool = False
    seconds: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    requests: int | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSet:
    """All labels of one kind.

    Parameters
    ----------
    annotators
        Identified annotators, one `Ratings` each.
    votes
        (n, number of offered values) counts of anonymous votes; None: there are none.
    adjudicated
        A reference column that settles each item; None: there is none.
    adjudicated_name
        Its column name.
    """

    kind: LabelKind
    annotators: Mapping[str, Ratings] = field(default_factory=dict)
    votes: Codes | None = None
    adjudicated: Ratings | None = None
    adjudicated_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """A column of codes: `codes[i]` indexes `names`; -1: the item has no value there."""

    codes: Codes
    names: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeColumns:
    """Detected modes in columns: one boolean array a mode, and coherence per item (0 coherent, 1 degenerate, 2 unknown)."""

    modes: Mapping[str, npt.NDArray[np.bool_]]
    coherence: npt.NDArray[np.int8]


Cell = tuple[str, str | None]
"""What stands for one rater on one item: a status, and the value if and only if the status is ok."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternCounts:
    """How many items have each pattern of verdicts and labels: all that figures without texts and scores rest on.

    Parameters
    ----------
    judges, annotators
        Names, in the order of a pattern's cells: judges first.
    counts
        Items by pattern.
    """

    judges: tuple[str, ...]
    annotators: tuple[str, ...]
    counts: Mapping[tuple[Cell, ...], int]

    def __add__(self, other: PatternCounts) -> PatternCounts:
        """The counts of both, over chunks, files or databases; the raters must be the same.

        Examples
        --------
        >>> one = PatternCounts(judges=("j",), annotators=(), counts={(("ok", "yes"),): 2})
        >>> (one + one).counts
        {(('ok', 'yes'),): 4}
        """
        if (self.judges, self.annotators) != (other.judges, other.annotators):
            raise InputError("counts of other raters", got=f"{other.judges}", expected=f"{self.judges}")
        joined = dict(self.counts)
        for pattern, count in other.counts.items():
            joined[pattern] = joined.get(pattern, 0) + count
        return replace(self, counts=joined)


COHERENCE_NAMES = ("coherent", "degenerate", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditInput:
    """Everything one audit of one rubric is computed from.

    Parameters
    ----------
    item_ids
        n distinct ids.
    prompts, responses, models
        n texts each; None where the table has none.
    finish_reasons
        Why each response ended ("length": cut off), None where it was not told.
    judges
        For each judge its trials, the first of which is held against the reference.
    labels
        For each kind of label that is present its `LabelSet`.
    modes
        Modes of the responses; None without responses.
    clusters
        Codes of the groups of items that are resampled together; None: items are independent.
    cluster_rule
        How the clusters were chosen, in words.
    weights
        (n,) inclusion weights, positive; None: all 1.
    weights_of
        "outputs": each output stands for so many; "labels": a labelled output stands for so many in figures against labels,
        and shares of all outputs count each once.
    selected_by
        How each output was selected for a label ("random", "all", "judge:NAME" where that judge's verdict decided it, or
        other words); None: not told.
    slices
        User columns by which the audit is split.
    sources
        For each input: name, SHA-256, rows read, rows left out by reason. Goes into the audit as `inputs`.
    notes
        Things the reader decided that a person should know (which value was taken as positive, and the like).
    """

    rubric: Rubric
    item_ids: Sequence[str]
    prompts: Sequence[str] | None = None
    responses: Sequence[str] | None = None
    finish_reasons: Sequence[str | None] | None = None
    models: Grouping | None = None
    judges: Mapping[str, tuple[Ratings, ...]] = field(default_factory=dict)
    judge_info: Mapping[str, JudgeInfo] = field(default_factory=dict)
    labels: Mapping[LabelKind, LabelSet] = field(default_factory=dict)
    modes: ModeColumns | None = None
    clusters: Codes | None = None
    cluster_rule: str = "items are independent"
    weights: Floats | None = None
    weights_of: Literal["outputs", "labels"] = "outputs"
    selected_by: Grouping | None = None
    slices: Mapping[str, Grouping] = field(default_factory=dict)
    sources: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[str] = ()

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.item_ids)
