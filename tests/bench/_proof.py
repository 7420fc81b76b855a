"""A proof point: figures that ours are held against, and whether they are as near as they must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EXACT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Figures that ours are held against.

    Parameters
    ----------
    published
        As published, so that its digits say how near ours must be; numbers where they are another library's.
    within
        How far ours may be; None: half of the last published digit, or rounding.
    """

    name: str
    source: str
    published: Sequence[str | float]
    ours: Sequence[float]
    within: float | None = None

    def __post_init__(self) -> None:
        if not self.published or len(self.published) != len(self.ours):
            raise ValueError(f"{self.name}: {len(self.published)} published, {len(self.ours)} ours")

    @property
    def differences(self) -> list[float]:
        """By figure."""
        return [abs(float(p) - o) for p, o in zip(self.published, self.ours, strict=True)]

    @property
    def ok(self) -> bool:
        """Whether every figure is as near as it must be."""
        return all(
            d <= (self.within if self.within is not None else allowed(p))
            for d, p in zip(self.differences, self.published, strict=True)
        )

    def row(self) -> list[str]:
        """As a line of the table."""
        many = len(self.ours) > 8
        shown = [f"{len(self.ours)} figures"] * 2 if many else [_joined(self.published), _joined(self.ours)]
        worst = max(self.differences)
        return [
            self.name,
            self.source,
            *shown,
            "< 1e-9" if worst < EXACT else f"{worst:.1g}",
            "OK" if self.ok else "DIFFERS",
        ]


def allowed(published: str | float) -> float:
    """Half of the last digit of a figure given as text, a rounding error of one given as a number."""
    if not isinstance(published, str):
        return EXACT
    digits = len(published.partition(".")[2])
    return float(0.5 * 10**-digits) * (1 + EXACT)


def _joined(figures: Sequence[str | float]) -> str:
    return ", ".join(f if isinstance(f, str) else f"{f:.6g}" for f in figures)


def table(points: Sequence[Point]) -> str:
    """A Markdown table."""
    head = ["proof point", "source", "published", "ours", "difference", "result"]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * 6, *(p.row() for p in points)])
