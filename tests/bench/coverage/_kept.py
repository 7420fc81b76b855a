"""What one row gave in all data sets of a cell, in columns: enough to ask the finding again without simulating again."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from judgeaudit.findings._thin import Rare
from judgeaudit.model import Estimate
from tests.bench.coverage._design import Shown

_VARYING = ("value", "low", "high", "n", "k", "clusters", "effective_n", "reason")


@dataclass(slots=True)
class Kept:
    """One row in one cell: an estimate and a size of the scale that all have in common, and what varies."""

    common: Estimate
    values: int
    varying: list[tuple[object, ...]] = field(default_factory=list)

    def add(self, one: Shown) -> None:
        """One more data set."""
        own = tuple(getattr(one.estimate, name) for name in _VARYING)
        self.varying.append((one.truth, one.rare.labels, one.rare.answers, *own))

    def shown(self, name: str) -> Iterator[Shown]:
        """Everything that was added."""
        for truth, labels, answers, *own in self.varying:
            e = replace(self.common, **dict(zip(_VARYING, own, strict=True)))  # type: ignore[arg-type]
            yield Shown(name, e, truth, Rare(labels=labels, answers=answers, values=self.values))  # type: ignore[arg-type]


Rows = Mapping[str, Kept]


def keep(shown: Iterable[Shown]) -> Rows:
    """By row."""
    found: dict[str, Kept] = {}
    for one in shown:
        e = one.estimate
        plain = replace(e, bounds=None, unscored_bounds=None, left_out={}, method="", p_value=None, p_adjusted=None)
        found.setdefault(one.name, Kept(plain, one.rare.values)).add(one)
    return found


def save(path: Path, rows: Rows) -> None:
    """Write one cell of one group."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(pickle.dumps(dict(rows), protocol=5))
    part.replace(path)


def load(path: Path) -> Rows:
    """Read what `save` wrote on this machine."""
    found: Rows = pickle.loads(path.read_bytes())
    return found
