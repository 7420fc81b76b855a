"""Published figures, other libraries' figures and figures known beforehand beside ours, as a page.

    python tests/bench/proof_points.py [--sets ../shared/datasets] [--out docs/proof.md]

A point is OK where every figure of ours rounds to the published one, or differs from another library's by no more than rounding;
nothing of that is typed. Points that need released sets are computed where the sets are, else that part of the page stays.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # run as a script, only this folder is on the path

from tests.bench import _proof_alt_test, _proof_libraries, _proof_published, _proof_sets  # noqa: E402
from tests.bench._proof import EXACT, Point, table  # noqa: E402

PAGE = """\
# Proof points

Made by `python tests/bench/proof_points.py`; `tests/bench/test_proof_points.py` fails where a point differs. A point is OK
where each of our figures is the published one to the digits that were published, or differs from the other library's by at most
{exact:g} (or by half of the last digit that it gives). How often the intervals hold the true value is in
[coverage.md](coverage.md), made by `python -m tests.bench.bench_coverage`; what the tool says of two released sets of gibberish
is in [real-sets.md](real-sets.md).

{summary}
"""
SETS_INTRODUCTION = """
## From the rows of released sets

Computed by `judgeaudit check` (agreement, error rates, corrected shares) and `judgeaudit run` (the alternative annotator test) on
sets that are not part of this project; this part stays as it is where they are absent.
"""


def sections() -> Iterator[tuple[str, list[Point]]]:
    """All points that need nothing but this project, by heading."""
    yield "Published tables and figures", list(_proof_published.points())
    yield "Other libraries on random tables", list(_proof_libraries.points())
    yield "The alternative annotator test", list(_proof_alt_test.points())


def kept(page: str) -> str:
    """The part of a page about released sets as it stands."""
    return page.partition("<!-- sets -->\n")[2].partition("<!-- end of sets -->")[0]


def made(sets: Path, page: str) -> tuple[str, list[Point]]:
    """The page and its points; the part of `page` about released sets where they are absent."""
    own = dict(sections())
    points = [p for group in own.values() for p in group]
    if sets.is_dir():
        released = list(_proof_sets.points(sets))
        part = f"{SETS_INTRODUCTION}\n{table(released)}\n{_proof_sets.newsroom(sets)}"
        points += released
    else:
        sys.stderr.write(f"{sets} is not there: that part of the page stays as it is\n")
        part = kept(page)
    differing = sum(not p.ok for group in own.values() for p in group) + part.count("| DIFFERS |")
    total = sum(len(group) for group in own.values()) + part.count("| OK |") + part.count("| DIFFERS |")
    summary = f"{total} points, {differing} of them DIFFERS." if differing else f"{total} points, all OK."
    parts = [PAGE.format(exact=EXACT, summary=summary)]
    parts += [f"## {heading}\n\n{table(group)}\n" for heading, group in own.items()]
    return "\n".join(parts) + f"<!-- sets -->\n{part}<!-- end of sets -->\n", points


def main() -> None:
    """Write the page; exit 1 where a point differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=ROOT.parent / "shared" / "datasets")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "proof.md")
    given = parser.parse_args()
    text, points = made(given.sets, given.out.read_text(encoding="utf-8") if given.out.is_file() else "")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(text, encoding="utf-8")
    raise SystemExit(any(not p.ok for p in points))


if __name__ == "__main__":
    main()
