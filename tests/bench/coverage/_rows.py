"""Counts of one row in one cell, and the tables of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from judgeaudit.findings.thin_evidence import is_thin
from tests.bench.coverage._design import DESIGNS, Shown

ENOUGH = 20
"""Fewer intervals than this are no share to speak of."""
LOW, GOOD = 0.92, 0.94
TOLERANCE = 1e-9


@dataclass(slots=True)
class Tally:
    """One row in one cell."""

    shown: int = 0
    held: int = 0
    warned: int = 0
    held_unwarned: int = 0
    without: Counter[str] = field(default_factory=Counter)

    def add(self, one: Shown) -> None:
        """One more data set."""
        e = one.estimate
        if e.low is None or e.high is None:
            self.without[(e.reason or "").partition(":")[0]] += 1
            return
        held, thin = e.low - TOLERANCE <= one.truth <= e.high + TOLERANCE, is_thin(e, one.rare)
        self.shown += 1
        self.held += held
        self.warned += thin
        self.held_unwarned += held and not thin

    @property
    def coverage(self) -> float | None:
        """Share of the shown intervals that hold the truth."""
        return self.held / self.shown if self.shown >= ENOUGH else None

    @property
    def is_warned(self) -> bool:
        """Whether the intervals that the finding does not warn of cover well, or are too few to speak of."""
        count = self.shown - self.warned
        return count < ENOUGH or self.held_unwarned >= LOW * count

    @property
    def share_warned(self) -> float:
        """Share of the shown intervals that the finding warns of."""
        return self.warned / self.shown if self.shown else 0.0

    @property
    def unwarned(self) -> str:
        """Coverage of the intervals that it does not warn of, with their number."""
        count = self.shown - self.warned
        return f"{self.held_unwarned / count:.3f} of {count}" if count >= ENOUGH else "-"

    def as_json(self) -> list[Any]:
        """For the file of counts."""
        return [self.shown, self.held, self.warned, self.held_unwarned, dict(sorted(self.without.items()))]


def from_json(given: Sequence[Any]) -> Tally:
    """From the file of counts."""
    return Tally(given[0], given[1], given[2], given[3], Counter(given[4]))


Cells = Mapping[str, Mapping[str, Tally]]
"""By row, by the text of a design."""


def table(cells: Cells) -> str:
    """One line a row, one column a design."""
    texts = [d.text for d in DESIGNS]
    lines = ["| n, prevalence, cluster size | " + " | ".join(texts) + " |", "|---" * (len(texts) + 1) + "|"]
    for name, row in sorted(cells.items()):
        lines.append(f"| {name} | " + " | ".join(_cell(row.get(t)) for t in texts) + " |")
    return "\n".join(lines)


def _cell(tally: Tally | None) -> str:
    """Coverage, how often the finding warns, and the share of sets without an interval."""
    if tally is None:
        return ""
    text = "-" if tally.coverage is None else f"{tally.coverage:.3f}"
    if tally.warned:
        text += f" w{tally.share_warned:.0%}"
    missing = sum(tally.without.values())
    if missing:
        why = tally.without.most_common(1)[0][0]
        text += f" ({missing / (missing + tally.shown):.0%} {why})"
    return text


COLUMNS = (
    "| measure | n, prevalence, cluster size | coverage | standard error | intervals | warned | coverage of the others |\n"
    "|---|---|---|---|---|---|---|"
)


def low_cells(cells: Cells, *, warned: bool) -> Iterator[str]:
    """The cells below 0.92 in which the finding warns of the intervals that are too short, or does not."""
    return _listed(cells, lambda t: t.coverage < LOW and t.is_warned == warned)


def loud_cells(cells: Cells) -> Iterator[str]:
    """Cells of 0.94 or more in which the finding warns all the same."""
    return _listed(cells, lambda t: t.coverage >= GOOD and t.warned > 0)


def _listed(cells: Cells, chosen: Any) -> Iterator[str]:
    for name, row in sorted(cells.items()):
        for design in DESIGNS:
            t = row.get(design.text)
            if t is not None and t.coverage is not None and chosen(t):
                share, error = f"{t.share_warned:.1%}", (t.coverage * (1 - t.coverage) / t.shown) ** 0.5
                yield f"| {name} | {design.text} | {t.coverage:.3f} | {error:.3f} | {t.shown} | {share} | {t.unwarned} |"
