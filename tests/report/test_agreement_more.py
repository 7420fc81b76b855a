"""The further tables of agreement show what the audit holds, with intervals, counts and adjusted p values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.model import Audit
from judgeaudit.report import html
from judgeaudit.report._agreement_more import Table, tables
from judgeaudit.report._book import books
from tests.audit.making import made


@pytest.fixture(scope="module")
def result() -> Audit:
    """Three judges and three people on a scale of four, 200 items; judge `k` repeats person `a`."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 4, 200)

    def rater(wrong: float) -> list[str]:
        return [str(v) for v in np.where(rng.random(200) < wrong, rng.integers(0, 4, 200), truth)]

    people = {"a": rater(0.1), "b": rater(0.3), "<c>": rater(0.5)}
    judges = {"j": rater(0.2), "k": people["a"], "l": rater(0.9)}
    data = made(judges, people, values=("0", "1", "2", "3"), positive=("2", "3"), level="ordinal")
    return audit(data, Options(draws=100, verify=False)).audit


@pytest.fixture(scope="module")
def shown(result: Audit) -> dict[str, Table]:
    (book,) = books(result)
    return {table.title.split(":")[0]: table for table in tables(book)}


def test_all_tables_are_there_and_whole(shown: dict[str, Table]) -> None:
    assert len(shown) == 6
    for table in shown.values():
        assert all(len(row) == len(table.head) for row in table.rows), table.title
        assert all(cell for row in table.rows for cell in row), table.title


def test_the_place_and_the_alt_test_are_counts_of_people(shown: dict[str, Table]) -> None:
    place = next(t for title, t in shown.items() if "place in the human ceiling" in title)
    assert {row[0]: row[1] for row in place.rows}["k"] == "3 of 3"
    assert place.head[2:] == ("less a", "less b", "less <c>")
    alt = next(t for title, t in shown.items() if title.startswith("May the judge"))
    won = {row[0]: row[1:4] for row in alt.rows}
    assert won["k"] == ("3 of 3",) * 3
    assert won["l"] == ("0 of 3",) * 3


def test_the_alt_test_stands_under_its_epsilon_whoever_the_people_are(result: Audit) -> None:
    """As 0.2 stands without `against` where the people are experts, a figure must not slip into another column."""
    rates = [e for e in result.estimates if e.measure == "alt_test_winning_rate" and e.judge == "j"]
    by_epsilon = {"epsilon:0.1": 0.0, "epsilon:0.15": 1.0, None: 3.0}
    turned = tuple(
        replace(rates[0], against=against, k=won, n=3.0, value=won / 3) for against, won in by_epsilon.items()
    )
    audited = replace(result, estimates=turned, settings={**result.settings, "annotators": "expert"})
    (book,) = books(audited)
    table = next(t for t in tables(book) if t.title.startswith("May the judge"))
    assert table.head[1:4] == ("epsilon 0.1", "epsilon 0.15", "epsilon 0.2")
    assert table.rows[0][1:4] == ("0 of 3", "1 of 3", "3 of 3")
    assert "expert" in table.title.rpartition(";")[2]


def test_weighted_kappas_and_tests_name_their_pairs(shown: dict[str, Table]) -> None:
    weighted = next(t for title, t in shown.items() if title.startswith("Weighted kappa"))
    assert ("j", "human reference") in {row[:2] for row in weighted.rows}
    assert ("j", "l") in {row[:2] for row in weighted.rows}
    assert ("l", "a") in {row[:2] for row in weighted.rows}
    tests = next(t for title, t in shown.items() if title.startswith("Pairs of judges"))
    assert [row[0] for row in tests.rows] == ["j and k", "j and l", "k and l"]
    assert all("p " in cell for row in tests.rows for cell in row[1:4])
    assert all(row[4].endswith("points") for row in tests.rows)


def test_the_page_holds_them_with_names_made_safe(result: Audit) -> None:
    page = html.render(result)
    assert "less &lt;c&gt;" in page
    assert "<c>" not in page


def test_why_there_is_no_alt_test_is_said_once_for_all_judges() -> None:
    said = ["1", "0"] * 40
    (book,) = books(audit(made({"j": said, "k": said}, {"h": said}), Options(draws=100, verify=False)).audit)
    (table,) = [t for t in tables(book) if t.title.startswith("May the judge")]
    assert table.fold
    ((judges, why),) = table.rows
    assert judges == "j, k"
    assert "1 identified" in why
    assert "few_annotators" not in why
