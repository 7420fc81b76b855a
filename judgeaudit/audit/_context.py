"""What every part of an audit looks at: the input, the options, slices and references, worked out once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from judgeaudit.errors import ConfigError, nearest
from judgeaudit.judges._baselines import baselines
from judgeaudit.measures._alt_test import EPSILON_OF, AnnotatorKind
from judgeaudit.model import LABEL_KINDS, LabelKind, Rubric
from judgeaudit.references._reference import Reference, resolve
from judgeaudit.slices import Items, Slice, codes_of, distinct, make
from judgeaudit.sums.patterns import WEIGHT_STEP, Ints, Patterns, counted, of_counts, pool, pool_rows, stepped
from judgeaudit.table import AuditInput, Codes, Floats, JudgeInfo, Ratings

Small = npt.NDArray[np.integer[Any]]
"""Padded codes in the smallest type in which a product of two of them fits."""

ANNOTATOR = "annotator:"
"""Prefix of a person's name where it stands in the place of a judge."""
NEGATIVE, POSITIVE, OUTSIDE = 0, 1, -1
MAX_CROSSED = 100
"""Above this many values measures of two raters on the full scale are not made; interval alpha is."""
MOST_DRAWS = 100_000
"""More resamples move no interval by anything that a reader could see, and fill the memory."""
ROUNDING = 1e-6
"""A weight below this is what is left of a sum of rounded weights, not an item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What changes figures.

    Parameters
    ----------
    draws
        Resamples for intervals that have no closed form, 100 to 100,000.
    seed
        With the table's name it seeds each table's draws.
    confidence_level
        Of the two-sided intervals, in (0.5, 1).
    reference
        Rule of the default reference: auto, majority, median, adjudicated, annotator:NAME, column:COL.
    verify
        Whether scikit-learn and krippendorff recompute the headline figures.
    annotators
        Who the people are, for the epsilon of the alternative annotator test: crowd (0.1), skilled (0.15) or expert (0.2);
        None: not stated, and the strictest is taken.
    """

    draws: int = 1000
    seed: int = 0
    confidence_level: float = 0.95
    reference: str = "auto"
    verify: bool = True
    annotators: AnnotatorKind | None = None

    def __post_init__(self) -> None:
        _whole("draws", self.draws, 100, MOST_DRAWS)
        _whole("seed", self.seed, 0)
        if not isinstance(self.confidence_level, (int, float)) or not 0.5 < self.confidence_level < 1:
            raise ConfigError(
                "wrong confidence_level", got=repr(self.confidence_level), expected="a number in (0.5, 1)"
            )
        if not isinstance(self.reference, str):
            raise ConfigError("wrong reference", got=repr(self.reference), expected="text such as auto or majority")
        if self.annotators is not None and self.annotators not in EPSILON_OF:
            raise ConfigError(
                "wrong annotators", got=repr(self.annotators), next_step=nearest(str(self.annotators), EPSILON_OF)
            )


def _whole(name: str, number: object, least: int, most: int | None = None) -> None:
    if not isinstance(number, int) or isinstance(number, bool) or number < least or (most and number > most):
        limit = f"from {least} to {most}" if most else f"at least {least}"
        raise ConfigError(f"wrong {name}", got=repr(number), expected=f"a whole number, {limit}")


class Copies(NamedTuple):
    """(m,) places in a slice of the items whose text comes more than once there, and these texts numbered from 0."""

    places: Items
    texts: Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything worked out once.

    Parameters
    ----------
    judges, info
        Judges, then baselines; each judge's first trial is held against the reference.
    references
        By kind of label, the default one first.
    texts, prompts
        (n,) codes of equal texts and equal prompts; None where the table has none.
    binary
        (values,) for each offered value 0 negative, 1 positive, -1 outside binary measures; None: no binary measures.
    padded
        By scale and name of a judge: its codes on that scale, with the scale's size where it has no value on it.
    copies
        By name of a slice: its items whose text comes more than once there. Texts that come once need only be counted, so
        that counting distinct texts costs what is repeated and not what the table holds.
    """

    data: AuditInput
    options: Options
    slices: Sequence[Slice]
    judges: Mapping[str, tuple[Ratings, ...]]
    info: Mapping[str, JudgeInfo]
    references: Mapping[LabelKind, Reference]
    texts: Codes | None
    prompts: Codes | None
    binary: npt.NDArray[np.int8] | None
    padded: Mapping[tuple[str, str], Small]
    copies: Mapping[str, Copies] = field(default_factory=dict)

    @property
    def rubric(self) -> Rubric:
        """The rubric audited."""
        return self.data.rubric

    @property
    def offered(self) -> tuple[str, ...]:
        """All values, in code order."""
        return self.data.rubric.offered

    @property
    def own(self) -> list[str]:
        """Names of the judges under audit, without the baselines that the audit adds."""
        return [judge for judge in self.judges if not self.info[judge].baseline]

    @property
    def alone(self) -> list[str]:
        """Those of them that decide by themselves: a panel agrees with its members by construction."""
        return [judge for judge in self.own if not self.info[judge].panel]

    @property
    def of_outputs(self) -> Context:
        """The same for figures that need no label: what a label stands for weighs none of them."""
        if self.data.weights is None or self.data.weights_of == "outputs":
            return self
        return replace(self, data=replace(self.data, weights=None))

    @property
    def default(self) -> Reference | None:
        """The reference that speaks in the verdict box: human, else construction; labels by a model never do."""
        return next((r for kind, r in self.references.items() if kind != "model"), None)

    @property
    def scales(self) -> tuple[str, ...]:
        """Scales of measures of judges: binary where there is a positive value, full over two values or without one."""
        if self.binary is None:
            return ("full",)
        return ("binary", "full") if len(self.offered) > 2 else ("binary",)

    @property
    def crossed(self) -> tuple[str, ...]:
        """Scales on which two raters can be cross-tabulated: a table of very many values squared fits no memory."""
        return tuple(s for s in self.scales if self.size(s) <= MAX_CROSSED)

    def size(self, scale: str) -> int:
        """Number of values on a scale."""
        return 2 if scale == "binary" else len(self.offered)

    def on_scale(self, codes: Codes, scale: str) -> Small:
        """(n,) codes on a scale, with the scale's size where there is no value on it."""
        return _padded(codes, self.binary if scale == "binary" else None, self.size(scale))

    def two_way(self, part: Slice, a: Small, b: Small, size: int) -> tuple[Patterns, ...]:
        """Patterns of the size x size table of two raters' padded codes (n,) on a slice, first rater down."""
        first, second = part.take(a), part.take(b)
        if self.data.weights is None and self.data.clusters is None and len(self.schemes(part)) == 1:
            wide = np.bincount(first * (size + 1) + second, minlength=(size + 1) ** 2).reshape(size + 1, size + 1)
            return (of_counts(wide[:size, :size].reshape(-1)),)
        cells = np.where((first < size) & (second < size), first.astype(np.int64) * size + second, -1)
        return self.pools(part, cells, size * size)

    def schemes(self, part: Slice) -> tuple[Codes | None, ...]:
        """The ways of resampling a slice: by cluster, and also by text where its texts repeat."""
        if part.repeated and self.texts is not None:
            return (self.data.clusters, self.texts)
        return (self.data.clusters,)

    def pools(self, part: Slice, cells: Ints, size: int) -> tuple[Patterns, ...]:
        """Patterns of a table over a slice, one for each way of resampling; `cells` has one entry per item of the slice."""
        weights = None if self.data.weights is None else part.take(self.data.weights)
        return tuple(
            pool(cells, size, clusters=None if c is None else c[part.items].astype(np.int64), weights=weights)
            for c in self.schemes(part)
        )

    def row_pools(
        self, part: Slice, rows: Ints, features: Floats, *, schemes: Sequence[Codes | None] | None = None
    ) -> tuple[Patterns, ...]:
        """The same where each item adds a row of features; `schemes` where they are not those of the slice."""
        weights = None if self.data.weights is None else part.take(self.data.weights)
        return tuple(
            pool_rows(rows, features, clusters=None if c is None else c[part.items].astype(np.int64), weights=weights)
            for c in (self.schemes(part) if schemes is None else schemes)
        )

    def left(self, part: Slice, patterns: Patterns) -> float:
        """Items of a slice (their weight) that are not in its table; what rounding leaves is 0."""
        weights = None if self.data.weights is None else part.take(self.data.weights)
        whole = counted(np.zeros(part.n, dtype=np.int64), 1, weights)[0]
        rest = float(whole - patterns.total.sum())
        return rest if rest > ROUNDING else 0.0

    def distinct(self, part: Slice, used: npt.NDArray[np.bool_]) -> int | None:
        """Distinct texts among the used items of a slice; None where there are no texts."""
        if self.texts is None:
            return None
        copies = self.copies[part.name]
        among = used[copies.places]
        alone = int(np.count_nonzero(used)) - int(np.count_nonzero(among))
        return alone + distinct(copies.texts[among])

    def is_circular(self, judge: str, part: Slice) -> bool:
        """Whether the slice was made by the very detectors that this judge's verdicts come from."""
        return part.detected and judge in self.info and self.info[judge].kind == "modes"


def make_context(data: AuditInput, options: Options) -> Context:
    """Slices, references, baselines and binary values of an input; weights are scaled to a mean of 1.

    Raises
    ------
    ConfigError
        The reference rule does not fit the labels, or a judge has a name that people have here.
    """
    _refuse_names(data)
    data = replace(data, weights=None if data.weights is None else _scaled(data.weights))
    texts = None if data.responses is None else codes_of(data.responses)
    prompts = None if data.prompts is None else codes_of(data.prompts)
    references: dict[LabelKind, Reference] = {}
    for kind in (k for k in LABEL_KINDS if k in data.labels):
        rule = options.reference if not references else "auto"
        references[kind] = resolve(data.labels, kind, rule, data.rubric, data.n)
    added = baselines(data.rubric, data.n, data.responses) if references else {}
    judges = {**data.judges, **{name: (ratings,) for name, (ratings, _) in added.items() if name not in data.judges}}
    binary = _binary(data.rubric)
    sizes = {"full": len(data.rubric.offered)} if binary is None else {"full": len(data.rubric.offered), "binary": 2}
    slices = make(data, texts, prompts)
    return Context(
        data=data,
        options=options,
        slices=slices,
        judges=judges,
        info={
            **{name: data.judge_info.get(name, JudgeInfo()) for name in data.judges},
            **{name: info for name, (_, info) in added.items() if name not in data.judges},
        },
        references=references,
        texts=texts,
        prompts=prompts,
        binary=binary,
        padded={
            (scale, name): _padded(trials[0].codes, binary if scale == "binary" else None, size)
            for scale, size in sizes.items()
            for name, trials in judges.items()
        },
        copies={} if texts is None else {part.name: _copies(part, texts) for part in slices},
    )


def _copies(part: Slice, texts: Codes) -> Copies:
    """The items of a slice whose text comes more than once there."""
    own = part.take(texts)
    if part.distinct_texts == part.n:
        return Copies(np.zeros(0, dtype=np.int64), own[:0])
    _, number, often = np.unique(own, return_inverse=True, return_counts=True)
    places = np.flatnonzero(often[number] > 1)
    return Copies(places, np.cumsum(often > 1, dtype=np.int32)[number[places]] - 1)


def _scaled(weights: Floats) -> Floats:
    """Weights with a mean of 1, so that n counts items whatever unit the weights had; whole steps, at least one."""
    return np.maximum(stepped(weights / (math.fsum(weights) / len(weights))), 1.0) * WEIGHT_STEP


def _refuse_names(data: AuditInput) -> None:
    for judge in data.judges:
        if judge.startswith(ANNOTATOR):
            raise ConfigError(
                "a judge's name is one that people have here", got=repr(judge), expected=f"a name without {ANNOTATOR}"
            )


def _padded(codes: Codes, mapping: npt.NDArray[np.int8] | None, size: int) -> Small:
    """Codes below 0 or outside the mapping become `size`; a table look-up, so that no mask is made."""
    least = int(codes.min(initial=-1))
    values = np.arange(least, (0 if mapping is None else len(mapping)) or size)
    inside = values if mapping is None else np.where(values >= 0, mapping[np.maximum(values, 0)], -1)
    kind = np.int8 if (size + 1) ** 2 <= 127 else np.int16 if (size + 1) ** 2 <= 32_767 else np.int64
    lookup = np.where(inside >= 0, inside, size).astype(kind)
    return np.asarray(lookup[codes - least])


def _binary(rubric: Rubric) -> npt.NDArray[np.int8] | None:
    codes = np.array(
        [
            OUTSIDE if value == rubric.cannot_judge else POSITIVE if value in rubric.positive else NEGATIVE
            for value in rubric.offered
        ],
        dtype=np.int8,
    )
    return codes if (codes == POSITIVE).any() and (codes == NEGATIVE).any() else None
