"""The section on what judges imply together: votes beside their null band, latent rates beside those against labels."""

from __future__ import annotations

import numpy as np
import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.model import Audit, Estimate
from judgeaudit.report import html, markdown
from judgeaudit.report._book import books
from judgeaudit.report._latent import latent
from judgeaudit.report._part import Part
from tests.audit.making import made

OPTIONS = Options(draws=100, verify=False)


def judged(shared: float, *, labels: bool = True, judges: int = 5, n: int = 600, seed: int = 5) -> Audit:
    """Judges wrong on 1 of 10; on a share of outputs all of them are wrong together in 9 of 10 cases."""
    rng = np.random.default_rng(seed)
    truth, hard = rng.random(n) < 0.4, rng.random(n) < shared
    said = {f"j{k}": [str(int(x)) for x in truth ^ (rng.random(n) < np.where(hard, 0.9, 0.1))] for k in range(judges)}
    return audit(made(said, {"h": [str(int(x)) for x in truth]} if labels else None), OPTIONS).audit


def part_of(result: Audit) -> Part:
    """The section of the one rubric."""
    (book,) = books(result)
    part = latent(book)
    assert part is not None
    return part


def one(result: Audit, measure: str) -> Estimate:
    """The panel's estimate."""
    (found,) = [e for e in result.estimates if e.measure == measure and e.judge is None and e.panel == "judges"]
    return found


@pytest.fixture(scope="module")
def alike() -> Audit:
    return judged(0.15)


def test_votes_stand_in_words_beside_what_independent_judges_would_give(alike: Audit) -> None:
    e = one(alike, "effective_votes")
    (row,) = alike.tables["panel_votes"]
    assert e.value is not None
    line = part_of(alike).lines[0]
    assert f"5 judges count as {e.value:.1f} independent ones" in line.text
    assert f"independent judges would give {row['independent']['low']:.1f} to " in line.text
    assert line.severity == "warning"


def test_judges_that_err_apart_are_not_accused() -> None:
    """Of independent panels 1 in 20 is accused by chance; this is none of them."""
    lines = part_of(judged(0.0, seed=8)).lines
    assert not [line for line in lines if line.severity]


def test_the_latent_share_is_held_against_the_labels(alike: Audit) -> None:
    """Errors that all share pass for truth: the labels' share lies where it lies, and a share outside the interval is said."""
    e, text = one(alike, "latent_prevalence"), part_of(alike).lines[2].text
    (labels,) = alike.tables["labels"]
    k = labels["distribution"]["1"]
    assert f"({k} of 600)" in text
    assert e.low is not None
    assert e.high is not None
    assert ("outside that interval" in text) == (not e.low <= k / 600 <= e.high)


def test_each_judge_has_both_rates_beside_those_against_labels(alike: Audit) -> None:
    (rates,) = [t for t in part_of(alike).tables if "hidden truth" in t.title]
    assert rates.head == (
        "judge",
        "sensitivity",
        "sensitivity, by human labels",
        "specificity",
        "specificity, by human labels",
    )
    assert [r[0] for r in rates.rows] == ["j0", "j1", "j2", "j3", "j4"]
    found = {(e.measure, e.judge): e for e in alike.estimates if e.slice == "all" and e.other is None}
    latent_one, plain = found["latent_specificity", "j3"], found["specificity", "j3"]
    assert latent_one.value is not None
    assert plain.value is not None
    assert rates.rows[3][3].startswith(f"{latent_one.value:.0%} [")
    assert rates.rows[3][4].startswith(f"{plain.value:.0%} [")


def test_pairs_are_ranked_by_how_alike_their_errors_are(alike: Audit) -> None:
    (pairs,) = [t for t in part_of(alike).tables if t.head[0] == "pair"]
    assert len(pairs.rows) == 10
    assert pairs.fold
    values = [float(row[1].split()[0]) for row in pairs.rows]
    assert values == sorted(values, reverse=True)
    assert all("[" in row[1] for row in pairs.rows)


def test_without_labels_the_check_without_labels_remains() -> None:
    part = part_of(judged(0.0, labels=False))
    assert "not known" in part.lines[0].text
    assert "hidden truth" in part.lines[1].text
    assert "no labels to hold it against" in part.lines[2].text
    (rates,) = part.tables
    assert rates.head == ("judge", "sensitivity", "specificity")


def test_two_judges_are_refused_in_words() -> None:
    part = part_of(judged(0.0, judges=2))
    assert any("needs three judges" in line.text for line in part.lines)
    assert not any("too_few_judges" in line.text for line in part.lines)


def test_page_and_markdown_hold_it(alike: Audit) -> None:
    votes = part_of(alike).lines[0].text
    page, text = html.render(alike), markdown.render(alike)
    assert 'href="#r1-latent"' in page
    assert votes in page
    assert "count as" in text
