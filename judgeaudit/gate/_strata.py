"""Where further labels tell most: verdicts are there for all outputs, labels for some, so labels are drawn by stratum.

The judge's verdicts are the first phase and cost little; labels are the second. A rate of the judge is a function of the shares
of each stratum (slice x verdict), which are known, and of the share of negatives among its labels, which is estimated. Labels
are allotted in proportion to what a stratum adds to the standard error (Neyman 1934, doi:10.2307/2342192; in two phases Neyman
1938, doi:10.1080/01621459.1938.10503378), with the derivative of the rate as weight. Labels drawn so need inclusion weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgeaudit.gate._find import Book
from judgeaudit.model import Estimate

BY_STRATA = frozenset(
    {"accuracy", "false_positive_rate", "false_negative_rate", "sensitivity", "specificity", "precision"}
)
"""Rates whose labels can be drawn by stratum."""
FEWEST = 2
"""Labels of a stratum below which its spread cannot be seen."""
_PARTS = ("coherence=coherent", "coherence=degenerate", "coherence=unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A stratum as the pilot shows it.

    Parameters
    ----------
    outputs
        Outputs with that verdict, labelled or not.
    labelled, negatives
        Of those, with a label, and with a negative one.
    """

    slice: str
    positive: bool
    outputs: float
    labelled: float
    negatives: float

    @property
    def share(self) -> float:
        """Of negatives among the labels, with half a label of each kind added: none seen is not none there."""
        return (self.negatives + 0.5) / (self.labelled + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Further labels for one stratum.

    Parameters
    ----------
    verdict
        "positive" or "negative": what the judge says.
    labels
        To be drawn at random among its outputs without a label.
    unlabelled
        How many outputs of it have no label yet.
    """

    slice: str
    verdict: str
    labels: int
    unlabelled: int


def cells_of(book: Book, estimate: Estimate) -> list[Cell]:
    """The strata of an estimate's slice: by verdict, and on all items also by coherence; none where the pilot lacks a count.

    Strata without any output are left out.
    """
    slices = [part for part in _PARTS if _judged(book, estimate, part)] if estimate.slice == "all" else []
    for chosen in (slices, [estimate.slice]):
        found = [cells for part in chosen if (cells := _by_verdict(book, estimate, part))]
        if chosen and len(found) == len(chosen):
            return [cell for pair in found for cell in pair if cell.outputs > 0]
    return []


def _judged(book: Book, estimate: Estimate, part: str) -> bool:
    rate = _at(book, estimate, "positive_rate", part)
    return rate is not None and rate.n > 0


def _by_verdict(book: Book, estimate: Estimate, part: str) -> list[Cell]:
    said = _at(book, estimate, "positive_rate", part)
    alarms = _at(book, estimate, "false_positive_rate", part)
    misses = _at(book, estimate, "false_negative_rate", part)
    if said is None or said.k is None or alarms is None or misses is None:
        return []
    false_positive, false_negative = alarms.k or 0.0, misses.k or 0.0
    true_negative, true_positive = alarms.n - false_positive, misses.n - false_negative
    yes, no = false_positive + true_positive, true_negative + false_negative
    if yes > said.k or no > said.n - said.k:  # inclusion weights, or labels of items with other verdicts
        return []
    return [
        Cell(slice=part, positive=True, outputs=said.k, labelled=yes, negatives=false_positive),
        Cell(slice=part, positive=False, outputs=said.n - said.k, labelled=no, negatives=true_negative),
    ]


def _at(book: Book, estimate: Estimate, measure: str, part: str) -> Estimate | None:
    bare = measure == "positive_rate"
    wanted = (None, None) if bare else (estimate.reference, estimate.reference_rule)
    for e in book.by_place.get((measure, estimate.rubric, estimate.judge, part), []):
        plain = e.against is None and e.other is None and (bare or e.scale == "binary")
        if plain and (e.reference, e.reference_rule) == wanted:
            return e
    return None


def spread(measure: str, cells: Sequence[Cell]) -> list[float]:
    """For each stratum what it adds to the standard error of a rate: derivative x share of outputs x spread of a label.

    Examples
    --------
    >>> half = [Cell(slice="all", positive=p, outputs=50, labelled=99, negatives=49.5) for p in (True, False)]
    >>> spread("accuracy", half)  # half of the outputs each, the spread of a coin
    [0.25, 0.25]
    """
    total = sum(cell.outputs for cell in cells)
    weights = [cell.outputs / total for cell in cells]
    return [
        abs(slope) * weight * math.sqrt(cell.share * (1 - cell.share))
        for slope, weight, cell in zip(_slopes(measure, cells, weights), weights, cells, strict=True)
    ]


def _slopes(measure: str, cells: Sequence[Cell], weights: Sequence[float]) -> list[float]:
    """The derivative of a rate by the share of negatives of each stratum, per unit of its weight."""
    if measure == "accuracy":
        return [1.0] * len(cells)
    if measure == "precision":
        yes = sum(w for w, cell in zip(weights, cells, strict=True) if cell.positive)
        return [1 / yes if cell.positive and yes > 0 else 0.0 for cell in cells]
    negative = measure in ("false_positive_rate", "specificity")
    of_class = [w * (c.share if negative else 1 - c.share) for w, c in zip(weights, cells, strict=True)]
    total = sum(of_class)
    alarms = sum(x for x, cell in zip(of_class, cells, strict=True) if cell.positive)
    return [(total - alarms if cell.positive else alarms) / total**2 for cell in cells]


def _plain_variance(measure: str, cells: Sequence[Cell], weights: Sequence[float]) -> float:
    """Variance of a rate times the number of labels, where labels are a plain random sample."""
    right = [c.share if not c.positive else 1 - c.share for c in cells]
    rows = list(zip(weights, cells, right, strict=True))
    if measure == "accuracy":
        value, base = sum(w * r for w, _, r in rows), 1.0
    elif measure == "precision":
        base = sum(w for w, c, _ in rows if c.positive)
        value = sum(w * r for w, c, r in rows if c.positive) / base
    else:
        negative = measure in ("false_positive_rate", "specificity")
        of_class = [(w * (c.share if negative else 1 - c.share), c.positive) for w, c, _ in rows]
        base = sum(x for x, _ in of_class)
        value = sum(x for x, positive in of_class if positive) / base
    return value * (1 - value) / base


def allot(measure: str, cells: Sequence[Cell], plain: int) -> list[Stratum]:
    """Further labels by stratum that give a rate the standard error which `plain` labels drawn at random would give.

    With N judged outputs and L labels in all, allotted as said above, the variance is (V - w) / N + s^2 / L, where V is that
    of a plain sample times its size, w its part within strata and s the sum of the strata's spreads (double sampling; Cochran
    1977, Sampling Techniques, section 12.3). The first part no label can lower.

    Returns
    -------
    Nothing where the judged outputs are too few for it, or it takes no fewer labels than a plain sample.

    Examples
    --------
    A coin among a tenth of the outputs, the others nearly all right. V = .9375 x .0625 = .0586; w = .1 x .25 + .9 x .0137
    = .0373; s = .1 x .5 + .9 x .1170 = .1553; L = .0241 / (.0586 / 400 - .0213 / 10000) = 167.1, of which 54 and 114, less
    the 9 and 35 that are there.

    >>> cells = [Cell(slice="all", positive=True, outputs=1000, labelled=9, negatives=4.5),
    ...          Cell(slice="all", positive=False, outputs=9000, labelled=35, negatives=35)]
    >>> [(s.verdict, s.labels) for s in allot("accuracy", cells, 400)]
    [('positive', 45), ('negative', 79)]
    """
    total = sum(cell.outputs for cell in cells)
    weights = [cell.outputs / total for cell in cells]
    slopes = _slopes(measure, cells, weights)
    parts = spread(measure, cells)
    within = sum(p * p / w for p, w in zip(parts, weights, strict=True))
    variance = _plain_variance(measure, cells, weights)
    left = variance / plain - max(0.0, variance - within) / total
    if left <= 0 or not any(slopes):
        return []
    labels = sum(parts) ** 2 / left
    wanted = [max(FEWEST, math.ceil(labels * part / sum(parts))) if part > 0 else 0 for part in parts]
    if sum(wanted) >= plain or any(w > cell.outputs for w, cell in zip(wanted, cells, strict=True)):
        return []
    further = [max(0, math.ceil(w - cell.labelled)) for w, cell in zip(wanted, cells, strict=True)]
    return [
        Stratum(
            slice=cell.slice,
            verdict="positive" if cell.positive else "negative",
            labels=more,
            unlabelled=max(0, math.floor(cell.outputs - cell.labelled)),
        )
        for cell, more in zip(cells, further, strict=True)
        if more > 0
    ]


def as_object(stratum: Stratum) -> Mapping[str, object]:
    """As JSON."""
    return {
        "slice": stratum.slice,
        "verdict": stratum.verdict,
        "labels": stratum.labels,
        "unlabelled": stratum.unlabelled,
    }
