"""A reference: one kind of labels under one rule, as codes. A rule's module exports `resolve(labels, rubric, n, argument)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from judgeaudit import kinds
from judgeaudit.errors import ConfigError
from judgeaudit.model import LabelKind, Rubric
from judgeaudit.table import Codes, LabelSet

NO_LABEL = -1
UNRESOLVED = -2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What judges are held against.

    Parameters
    ----------
    codes
        (n,) index into the rubric's offered values; `NO_LABEL`, or `UNRESOLVED` where the labels do not settle it.
    """

    kind: LabelKind
    rule: str
    codes: Codes

    @property
    def resolved(self) -> int:
        """Number of items with a reference value."""
        return int((self.codes >= 0).sum())

    @property
    def unresolved(self) -> int:
        """Number of items whose labels do not settle a value."""
        return int((self.codes == UNRESOLVED).sum())


def label_counts(labels: LabelSet, values: int, n: int) -> Codes:
    """(n, values) how many annotators and anonymous votes gave each value."""
    # One row a value: adding a mask a value and annotator is much faster than adding at scattered places.
    counts = np.zeros((values, n), dtype=np.int32)
    if labels.votes is not None:
        counts += labels.votes.T
    for ratings in labels.annotators.values():
        if values <= 64:
            for value in range(values):
                counts[value] += ratings.codes == value
        else:
            rated = np.flatnonzero(ratings.codes >= 0)
            counts[ratings.codes[rated], rated] += 1
    return counts.T


def auto_rule(labels: LabelSet, rubric: Rubric) -> str:
    """The rule where none was asked for: adjudicated, else the one annotator, else majority (nominal) or median.

    Examples
    --------
    >>> auto_rule(LabelSet(kind="human"), Rubric(name="harm"))
    'majority'
    """
    if labels.adjudicated is not None:
        return "adjudicated"
    if len(labels.annotators) == 1 and labels.votes is None:
        return f"annotator:{next(iter(labels.annotators))}"
    return "majority" if rubric.level == "nominal" else "median"


def resolve(labels: Mapping[LabelKind, LabelSet], kind: LabelKind, rule: str, rubric: Rubric, n: int) -> Reference:
    """The reference of one kind of labels.

    Parameters
    ----------
    rule
        auto, majority, median, adjudicated, annotator:NAME or column:COL.

    Raises
    ------
    ConfigError
        The rule is unknown, or names something that these labels do not have.
    """
    chosen = auto_rule(labels[kind], rubric) if rule == "auto" else rule
    name, _, argument = chosen.partition(":")
    module = kinds.load("judgeaudit.references", name)
    return Reference(kind=kind, rule=chosen, codes=module.resolve(labels[kind], rubric, n, argument))


def missing(what: str, known: str) -> ConfigError:
    """The error of a rule that names something these labels do not have."""
    return ConfigError("the reference rule cannot be used", got=what, expected=known)
