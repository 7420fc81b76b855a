"""How outputs came to be labelled: what follows for rates whose denominator the judge's own verdict helped to choose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from judgeaudit.audit._context import Context
from judgeaudit.model import Estimate
from judgeaudit.references._reference import NO_LABEL, Reference
from judgeaudit.slices import Slice
from judgeaudit.sums.exact_tests import fisher_exact
from judgeaudit.sums.patterns import Ints
from judgeaudit.table import Floats

BY_JUDGE = "judge:"
"""How a selection begins that a judge's verdict decided."""
AT_RANDOM = frozenset({"random", "all", "every"})
UNLIKELY = 0.01
"""Labels that fall on one verdict more than chance would make them in this share of random selections were not random."""
OF_POSITIVES_ONLY = ("false_negative_rate", "sensitivity", "youden_j", "balanced_accuracy")
"""Measures that need the judge's negatives looked at."""
OF_BOTH = (*OF_POSITIVES_ONLY, "false_positive_rate", "specificity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """How the outputs of a slice were selected for a label.

    Parameters
    ----------
    by
        The judge whose verdict decided it; None: no judge's.
    told
        Whether the labels say so; else their numbers do.
    positives_only
        (negative verdicts, labelled positive verdicts) where no output that this judge calls negative was labelled.
    weights
        (n of the slice,) how many outputs a labelled one stands for, by the verdict of `by`; None where all stand for one.
    """

    by: str | None = None
    told: bool = False
    positives_only: tuple[int, int] | None = None
    weights: Floats | None = None


def selection(context: Context, judge: str, reference: Reference, part: Slice) -> Selection:
    """How the slice's labels were selected, as far as it matters for one judge."""
    named, random = _told(context, reference, part)
    if named is not None and named in context.judges:
        return _by(context, named, reference, part, told=True)
    counts = _counts(context, judge, reference, part)
    if random or counts[:2, 0].sum() == 0 or _chance(counts[:2]) >= UNLIKELY:
        return Selection()
    return _by(context, judge, reference, part, told=False)


def _by(context: Context, judge: str, reference: Reference, part: Slice, *, told: bool) -> Selection:
    counts = _counts(context, judge, reference, part)
    if counts[0, 1] == 0 and counts[0, 0] > 0 and counts[1, 1] > 0:
        return Selection(by=judge, told=told, positives_only=(int(counts[0, 0]), int(counts[1, 1])))
    labelled, every = counts[:, 1], counts.sum(axis=1)
    if (labelled == every).all():
        return Selection(by=judge, told=told)
    weight = np.where(labelled > 0, every / np.maximum(labelled, 1), 1.0)
    return Selection(by=judge, told=told, weights=weight[part.take(context.padded["binary", judge])])


def _told(context: Context, reference: Reference, part: Slice) -> tuple[str | None, bool]:
    """The one judge whose verdicts decided what was labelled, and whether chance alone did, as the labels say."""
    selected = context.data.selected_by
    if selected is None:
        return None, False
    codes = np.unique(part.take(selected.codes)[part.take(reference.codes) != NO_LABEL])
    used = {selected.names[code] for code in codes if code >= 0} | ({""} if (codes < 0).any() else set())
    judges = {word.removeprefix(BY_JUDGE) for word in used if word.startswith(BY_JUDGE)}
    return (next(iter(judges)) if len(judges) == 1 else None), bool(used) and used <= AT_RANDOM


def _counts(context: Context, judge: str, reference: Reference, part: Slice) -> Ints:
    """(3, 2) outputs of the slice by verdict (negative, positive, none) and by whether a binary reference stands."""
    verdict = part.take(context.padded["binary", judge]).astype(np.int64)
    labelled = part.take(context.on_scale(reference.codes, "binary")) < 2
    return np.bincount(verdict * 2 + labelled, minlength=6).reshape(3, 2).astype(np.int64)


def _chance(counts: Ints) -> float:
    """How likely labels fall so unevenly on the two verdicts by chance: Fisher's exact test."""
    (none, some), (nothing, most) = counts.tolist()
    return fisher_exact(some, none + some, most, nothing + most)


def verified(context: Context, estimates: Iterable[Estimate]) -> list[Estimate]:
    """The estimates, those refused that rest on labels of judge-positive outputs alone.

    Where none of the outputs that a judge calls negative was labelled, its false negatives cannot show: its rates by class
    would be 0 or 1 by construction, and another judge's would be rates among the first one's positives.
    """
    if context.binary is None:
        return list(estimates)
    blind = {str(kind): _blind(context, reference) for kind, reference in context.references.items()}
    return [_checked(e, blind.get(e.reference or "", {})) for e in estimates]


def _blind(context: Context, reference: Reference) -> dict[str, tuple[int, int]]:
    """The judges under audit none of whose negatives was labelled, with how many negatives and labels there are."""
    whole = context.slices[0]
    found = {judge: selection(context, judge, reference, whole) for judge in context.own}
    return {s.by: s.positives_only for s in found.values() if s.by is not None and s.positives_only is not None}


def _checked(e: Estimate, blind: Mapping[str, tuple[int, int]]) -> Estimate:
    refused = OF_BOTH if e.judge in blind else OF_POSITIVES_ONLY
    if not blind or e.judge is None or e.value is None or e.measure not in refused:
        return e
    by = e.judge if e.judge in blind else next(iter(blind))
    return replace(
        e,
        value=None,
        low=None,
        high=None,
        bounds=None,
        unscored_bounds=None,
        p_value=None,
        p_adjusted=None,
        reason=positives_only(by, blind[by]),
    )


def positives_only(judge: str, counts: tuple[int, int]) -> str:
    """The reason of a rate that labels of a judge's positive outputs alone cannot give."""
    negatives, labels = counts
    return (
        f"labels_of_positives_only: all {labels} labels are on outputs that {judge} calls positive and none on the {negatives} "
        "that it calls negative; what it misses cannot show"
    )
