"""The benchmark of the statistics measures what it says: its figures are those of other libraries, on small data."""

from __future__ import annotations

import re

import pytest

from tests.bench import _statistics_parts as parts
from tests.bench._statistics_parts import Measured
from tests.bench.bench_statistics import GOALS, lines


@pytest.mark.parametrize("part", [parts.alpha, parts.kappas])
def test_values_are_those_of_the_other_library(part: parts.Small) -> None:
    ours, other = part(2, 400)
    assert len(ours.wall) == len(other.cpu) == 2
    (differs,) = re.findall(r"differs? by (?:at most )?(\S+)", other.note)
    assert float(differs) < 1e-9


def test_every_estimate_of_clusters_is_made() -> None:
    (found,) = parts.clusters(1, prompts=40, models=3)
    assert int(found.note.split()[0]) > 500


def test_counts_of_both_ways_give_equal_bytes() -> None:
    by_sql, by_chunk = parts.equal_bytes(1, items=200)
    assert by_sql.what != by_chunk.what
    assert int(re.findall(r"(\d+) equal bytes", by_chunk.note)[0]) > 1000


def test_a_missed_target_is_said() -> None:
    one = Measured(what="all measures in clusters", wall=[30.0, 25.0], cpu=[19.0, 24.0])
    assert [("MISSED" in line, "met" in line) for line in lines([one], 999.0)] == [(True, False), (False, True)]
    other = Measured(what="ordinal alpha, 1,000 draws", wall=[0.3, 0.125], cpu=[0.1, 0.1])
    (line, peak) = lines([other], 1.0)
    assert "met" in line
    assert "100 times" in line  # 12.5 s / 0.125 s
    assert "target" not in peak


def test_every_target_is_of_a_part() -> None:
    """A target whose name no part prints would be met by silence."""
    made = {one.what for one in [*parts.alpha(1, 100), *parts.kappas(1, 100), *parts.clusters(1, 20, 2)]}
    made |= {one.what for one in parts.report(1, 60)}
    assert set(GOALS) <= made
