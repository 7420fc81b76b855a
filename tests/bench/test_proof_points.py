"""No proof point differs, the committed page says what is found, and a point can differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import _proof_sets, proof_points
from tests.bench._proof import Point

SETS = proof_points.ROOT.parent / "shared" / "datasets"
COMMITTED = proof_points.ROOT / "docs" / "proof.md"


def figures(page: str) -> list[list[str]]:
    """The rows of its tables of points without the source, which names versions of libraries."""
    rows = (line.strip("| ").split(" | ") for line in page.splitlines() if line.endswith((" OK |", " DIFFERS |")))
    return [[name, published, ours, result] for name, _, published, ours, _, result in rows]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Point]]:
    """The page where the sets are absent, and its points."""
    return proof_points.made(tmp_path_factory.mktemp("none") / "absent", COMMITTED.read_text(encoding="utf-8"))


def test_no_point_differs(found: tuple[str, list[Point]]) -> None:
    assert len(found[1]) == 43
    assert [p.row() for p in found[1] if not p.ok] == []


def test_the_committed_page_is_what_the_command_makes(found: tuple[str, list[Point]]) -> None:
    committed = COMMITTED.read_text(encoding="utf-8")
    assert figures(found[0]) == figures(committed)
    assert proof_points.kept(found[0]) == proof_points.kept(committed) != ""


@pytest.mark.skipif(not SETS.is_dir(), reason="the folder of real sets is not here")
def test_the_rows_of_released_sets_give_the_published_figures() -> None:
    points = list(_proof_sets.points(SETS))
    assert len(points) == 7
    assert [p.row() for p in points if not p.ok] == []
    part = proof_points.kept(COMMITTED.read_text(encoding="utf-8"))
    assert figures(proof_points.table(points)) == figures(part)


@pytest.mark.skipif(not SETS.is_dir(), reason="the folder of real sets is not here")
def test_the_alt_test_on_ratings_by_place_is_as_the_page_says() -> None:
    part = proof_points.kept(COMMITTED.read_text(encoding="utf-8"))
    assert _proof_sets.newsroom(SETS) in part
    assert "| always 4 | 3 of 3 |" in part


def points(*figures: tuple[str | float, float]) -> Iterator[Point]:
    for published, ours in figures:
        yield Point(name="n", source="s", published=[1.0, published], ours=[1.0, ours])


def test_a_figure_may_be_half_of_the_last_digit_away_and_no_more() -> None:
    good = list(points(("0.743", 0.7434), ("0.743", 0.7435), ("64", 64.5), (0.5, 0.5 + 1e-10), ("0.05", 0.045)))
    bad = list(points(("0.743", 0.74351), ("64", 64.6), (0.5, 0.5 + 2e-9), ("0.050", 0.0511), ("0.1", float("nan"))))
    assert [p.ok for p in good + bad] == [True] * 5 + [False] * 5
    assert bad[0].row()[-1] == "DIFFERS"


def test_a_point_needs_as_many_figures_as_were_published() -> None:
    with pytest.raises(ValueError, match="2 published, 1 ours"):
        Point(name="n", source="s", published=["1", "2"], ours=[1.0])
    with pytest.raises(ValueError, match="0 published"):
        Point(name="n", source="s", published=[], ours=[])


def test_a_differing_point_is_counted_and_ends_in_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = list(points(("0.743", 0.8)))
    monkeypatch.setattr(proof_points, "sections", lambda: iter([("One", wrong)]))
    monkeypatch.setattr(
        "sys.argv", ["proof_points.py", "--sets", str(tmp_path / "no"), "--out", str(tmp_path / "p.md")]
    )
    with pytest.raises(SystemExit) as ended:
        proof_points.main()
    assert ended.value.code == 1
    assert "1 points, 1 of them DIFFERS." in (tmp_path / "p.md").read_text(encoding="utf-8")
