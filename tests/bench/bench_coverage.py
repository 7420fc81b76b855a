"""Coverage of the shown 95 % intervals, by simulation on the very functions that an audit uses: writes docs/coverage.md.

    python -m tests.bench.bench_coverage [--scale 1] [--draws 400] [--seed 0] [--jobs 1] [--groups sums ...] [--kept DIR]

Each group of measures has its own number of data sets a cell (`--scale` multiplies all of them); the table says how many. Items
come in clusters; truth and each rater's errors are correlated within a cluster (a beta-binomial with intra-cluster correlation
0.3), 10 % of the verdicts are missing. Each cell simulates its own sets from the seed, its design and its group, whatever the
number of jobs. With `--kept` cells that a run with the same settings left in that folder are read from there; `--groups`, for a
look, simulates some and prints the table.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from judgeaudit.audit import Options
from tests.bench.coverage import _design, _doses, _graded, _judges, _kept, _people, _rows, _runs, _scored, _slices
from tests.bench.coverage._design import DESIGNS, Design, Sets, Shown
from tests.bench.coverage._rows import GOOD, LOW, Tally

FEW_SETS = 100
"""Sets of 3 clusters, which give next to no interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that are simulated together: how, the values that they estimate by the prevalence, and the sets of a cell."""

    sets: Sets
    truths: Callable[[float], Mapping[str, float]]
    count: int
    about: str


def _measured(sets: Sets) -> Callable[[float], Mapping[str, float]]:
    return lambda prevalence: _design.of_large(sets, prevalence, 77)


def _by_set(prevalence: float) -> Mapping[str, float]:
    """Groups that tell the truth with each set."""
    return {}


GROUPS = {
    "sums": Group(
        sets=_judges.sums, truths=_judges.truths, count=1000,
        about="a judge against labels, two judges with each other and as a panel, a judge asked twice, corrected shares of "
        "positives from labels on a random half, shared errors",
    ),
    "selected": Group(
        sets=_judges.selected, truths=_judges.selected_truths, count=500,
        about="all outputs labelled that the judge calls positive, and a random 30 % of the others",
    ),
    "latent": Group(
        sets=_judges.latent, truths=_judges.latent_truths, count=500, about="Dawid and Skene's fit of three judges, no labels"
    ),
    "graded": Group(
        sets=_graded.graded, truths=_measured(_graded.graded), count=300,
        about="four ordered values, a fifth of the verdicts one step off; true values measured on 400,000 items",
    ),
    "people": Group(
        sets=_people.people, truths=_measured(_people.people), count=300,
        about="a judge and three people of sensitivity 0.9 and specificity 0.95; true values measured on 400,000 items",
    ),
    "sliced": Group(
        sets=_slices.sliced, truths=_by_set, count=300,
        about="a judge that errs more often by 0.2 on degenerate outputs, half of all, of two models",
    ),
    "biased": Group(
        sets=_slices.biased, truths=_by_set, count=300,
        about="length that changes nothing, a judge that calls its own family positive more often by 0.2, a tenth of flips",
    ),
    "calibrated": Group(
        sets=_scored.calibrated, truths=_measured(_scored.calibrated), count=200,
        about="scores of four values; true values of the errors measured on 400,000 items, of rates at a threshold exact; at "
        "picked thresholds the rates of the very thresholds that the folds picked",
    ),
    "parted": Group(
        sets=_scored.parted, truths=_measured(_scored.parted), count=500,
        about="the parts of the Brier score of the same scores; true values measured on 400,000 items",
    ),
    "gained": Group(
        sets=_scored.gained, truths=_by_set, count=200,
        about="the gain of the very fits that the folds made, as the interval is conditional on them",
    ),
    "doses": Group(
        sets=_doses.doses, truths=_by_set, count=150,
        about="five doses; prevalence stands for the share that changes at dose 0 (told to the fit), a base for the cluster: one "
        "probe each, or two at every dose",
    ),
    "shares": Group(sets=_doses.shares, truths=_by_set, count=1000, about="a base text is a cluster"),
    "runs": Group(
        sets=_runs.runs, truths=_by_set, count=300,
        about="conclusions: a run of three checkpoints and its base, n outputs each on the same prompts (the clusters), n "
        "capability items; raw and corrected rates",
    ),
}  # several fields a line  # fmt: skip


@cache
def _truths(group: str, prevalence: float) -> Mapping[str, float]:
    return GROUPS[group].truths(prevalence)


def sets_of(group: str, design: Design, scale: float) -> int:
    """Data sets of a cell."""
    count = max(1, round(GROUPS[group].count * scale))
    return min(count, FEW_SETS) if design.n // design.size < 10 else count


def cell(group: str, design: Design, scale: float, draws: int, seed: int, kept: Path | None) -> _kept.Rows:
    """One group's rows in one cell, simulated or read."""
    path = (
        None if kept is None else kept / f"{group}-{design.n}-{design.prevalence}-{design.size}-{scale}-{draws}-{seed}"
    )
    if path is not None and path.exists():
        return _kept.load(path)
    rng = np.random.default_rng(
        [seed, crc32(group.encode()), design.n, int(design.prevalence * 100), design.size],
    )
    found = _kept.keep(_all(group, design, sets_of(group, design, scale), draws, seed, rng))
    if path is not None:
        _kept.save(path, found)
    return found


def _all(group: str, design: Design, sets: int, draws: int, seed: int, rng: np.random.Generator) -> Iterator[Shown]:
    true = _truths(group, design.prevalence)
    for i in range(sets):
        options = Options(draws=draws, seed=seed + i, verify=False)
        yield from GROUPS[group].sets(rng, design, options, true)


def tallied(name: str, kept: _kept.Kept) -> Tally:
    """Counts of one row in one cell by the finding as it is now."""
    tally = Tally()
    for one in kept.shown(name):
        tally.add(one)
    return tally


INTRODUCTION = """# Coverage of the shown intervals

Made by `python -m tests.bench.bench_coverage{settings}`; the same command gives the same table. A cell is the share of the shown
95 % intervals that hold the true value over the simulated data sets of its group (their number stands above each table), then the
share of data sets that got no interval, with the commonest reason; such data sets are counted apart. The standard error of a
coverage of 0.95 is 0.007 with 1,000 sets, 0.010 with 500 and 0.015 with 200. An audit draws 1,000 resamples by default; here it
is {draws}. Cells of 3 clusters have {few} sets: next to nothing gets an interval there.

`w` is how often the finding `thin_evidence` warns. It looks at each data set, at how many of the rarer class and of the rarer
answer it holds; so a cell counts as warned of where the intervals that it lets pass cover {low} or more, or are fewer than
{enough}. Conclusions have a note in the place of that finding, on rates of few prompts or few verdicts of one kind, which the
tables do not count; probes and recalibration have none.

Items come in clusters of 1 or 10; truth and errors are correlated within a cluster (beta-binomial, intra-cluster correlation
{correlation:g}), {missing:.0%} of the verdicts are missing at random. Judges have sensitivity {sensitivity:g} and specificity
{specificity:g} and err independently of each other, so that error correlation 0 and 2 effective votes lie on the edge of what
those measures can be. True values follow from these numbers where nothing else is said.

Not simulated: inclusion weights, more than one way of clustering at once, and the bounds at other confidences, which come from
the same draws and formulas.
"""


def document(groups: Mapping[str, _rows.Cells], given: argparse.Namespace) -> str:
    """docs/coverage.md."""
    changed = [
        f" --{k} {getattr(given, k)}"
        for k, d in (("scale", 1.0), ("draws", 400), ("seed", 0))
        if getattr(given, k) != d
    ]
    named = {
        "settings": "".join(changed), "draws": given.draws, "few": FEW_SETS, "low": LOW, "enough": _rows.ENOUGH,
        "correlation": _design.CORRELATION, "missing": _design.MISSING, "sensitivity": _design.SENSITIVITY,
        "specificity": _design.SPECIFICITY,
    }  # fmt: skip
    parts = [INTRODUCTION.format(**named)]
    for name, cells in groups.items():
        count = sets_of(name, DESIGNS[0], given.scale)
        parts.append(f"\n## {name}: {count} data sets a cell\n\n{GROUPS[name].about}.\n\n{_rows.table(cells)}\n")
    every = {row: cells for rows in groups.values() for row, cells in rows.items()}
    for title, lines in (
        (f"Below {LOW}, and not warned of", _rows.low_cells(every, warned=False)),
        (f"Below {LOW}, and warned of", _rows.low_cells(every, warned=True)),
        (f"Warned of at {GOOD} or more", _rows.loud_cells(every)),
    ):
        text = "\n".join(lines)
        parts.append(f"\n## {title}\n\n{_rows.COLUMNS}\n{text}\n" if text else f"\n## {title}\n\nNone.\n")
    return "".join(parts)


def main() -> None:
    """Simulate all cells and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--groups", nargs="*", choices=list(GROUPS), help="for a look; nothing is written")
    parser.add_argument("--kept", type=Path, help="a folder of cells")
    parser.add_argument("--out", type=Path, default=Path("docs/coverage.md"))
    given = parser.parse_args()
    names = given.groups or list(GROUPS)
    with ProcessPoolExecutor(given.jobs) as pool:
        waiting = {
            (name, d): pool.submit(cell, name, d, given.scale, given.draws, given.seed, given.kept)
            for name in names
            for d in DESIGNS
        }
        groups: dict[str, dict[str, dict[str, Tally]]] = {name: {} for name in names}
        for (name, design), result in waiting.items():
            for row, kept in result.result().items():
                groups[name].setdefault(row, {})[design.text] = tallied(row, kept)
    text = document(groups, given)
    if given.groups:
        print(text)
    else:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
