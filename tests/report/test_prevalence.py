"""The section on shares: model by model, as judged beside corrected, refusals in words, warnings beside pooled figures."""

from __future__ import annotations

import numpy as np
import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.model import Audit
from judgeaudit.report import html, markdown
from judgeaudit.report._book import books
from judgeaudit.report._part import Part, Table
from judgeaudit.report._prevalence import prevalence
from judgeaudit.table import LabelSet, Ratings
from tests.audit.making import made, repeat

OPTIONS = Options(draws=100, verify=False)
# 200 outputs; of the first 100, which have labels, 40 are positive and the judge finds 36, and calls 6 of 60 negatives positive;
# of the others it calls 50 positive.
SAID = repeat((36, "1"), (4, "0"), (6, "1"), (54, "0"), (50, "1"), (50, "0"))
LABELS: list[str | None] = [*repeat((40, "1"), (60, "0")), *[None] * 100]


def part_of(result: Audit) -> Part:
    """The section of the one rubric."""
    (book,) = books(result)
    part = prevalence(book)
    assert part is not None
    return part


def table(part: Part, title: str) -> Table:
    """The table whose title begins so."""
    (one,) = [t for t in part.tables if t.title.startswith(title)]
    assert all(len(row) == len(one.head) for row in one.rows)
    return one


def row(one: Table, *names: str) -> dict[str, str]:
    """The row that begins with these cells, by column."""
    (found,) = [r for r in one.rows if r[: len(names)] == names]
    return dict(zip(one.head, found, strict=True))


def test_the_corrected_share_stands_beside_the_judges_own_and_the_labels() -> None:
    """As judged 92 of 200; sensitivity .9, specificity .9: (.46 - .1) / .8 = .45; PPI: .5 + (40 - 42) / 100 = .48."""
    cells = row(table(part_of(audit(made({"j": SAID}, {"h": LABELS}), OPTIONS).audit), "All outputs together"), "j")
    assert cells["as judged"].startswith("46% · 92 of 200 [")
    assert cells["corrected (Rogan-Gladen, Lee)"].startswith("45% [")
    assert cells["PPI"].startswith("48% [")
    assert cells["labels"] == "100 of 200, 40% positive"


def test_what_was_left_out_is_counted() -> None:
    said = [*SAID[:190], *["missing"] * 10]
    cells = row(table(part_of(audit(made({"j": said}, {"h": LABELS}), OPTIONS).audit), "All outputs together"), "j")
    assert cells["left out"].endswith(": 10")
    assert cells["labels"] == "100 of 190, 40% positive"


def test_a_judge_that_guesses_is_refused_in_words_and_the_words_are_explained() -> None:
    """Of 50 positives and 50 negatives it calls 26 and 24 positive: J is .04 and its interval holds 0."""
    said = repeat((26, "1"), (24, "0"), (24, "1"), (26, "0"))
    part = part_of(audit(made({"j": said}, {"h": repeat((50, "1"), (50, "0"))}), OPTIONS).audit)
    cell = row(table(part, "All outputs together"), "j")["corrected (Rogan-Gladen, Lee)"]
    assert cell.startswith("none: ")
    assert "0.04" in cell
    assert "youden_j_touches_zero" not in cell
    assert any("guessing" in note for note in part.notes)


def test_a_reason_that_every_row_shares_is_said_once() -> None:
    said = repeat((45, "1"), (5, "0"), (5, "1"), (45, "0"))
    part = part_of(audit(made({"j": said, "k": said}, {"h": repeat((50, "1"), (50, "0"))}), OPTIONS).audit)
    assert "PPI" not in table(part, "All outputs together").head
    assert sum("PPI and PPI++: none" in note for note in part.notes) == 1


@pytest.fixture(scope="module")
def by_model() -> Audit:
    """Model "m<2>" has no labels of its own; "m1" has labels on half of its outputs."""
    models = ["m1"] * 100 + ["m<2>"] * 100
    said = repeat((36, "1"), (4, "0"), (6, "1"), (54, "0"), (50, "1"), (50, "0"))
    labels = [v if i % 2 else None for i, v in enumerate(LABELS)]
    return audit(made({"j": said}, {"h": labels}, models=models), OPTIONS).audit


def test_models_stand_apart_and_pooled_shares_are_called_pooled(by_model: Audit) -> None:
    part = part_of(by_model)
    first, *_ = part.tables
    assert [r[0] for r in first.rows] == ["m1", "m<2>"]
    assert first.head == ("model", "j")
    assert first.rows[1][1].startswith("none: ")
    assert "(50%)" in first.rows[1][1]
    every = table(part, "Model by model, every method")
    assert every.fold
    assert row(every, "j", "m<2>")["labels"] == "0 of 100"
    assert table(part, "All 2 models together").gloss


def test_the_warning_of_shared_errors_stands_beside_the_pooled_share(by_model: Audit) -> None:
    (line,) = [line for line in part_of(by_model).lines if line.severity]
    assert line.severity == "warning"
    assert "1 of the models" in line.text


def test_of_many_judges_the_warning_stands_once() -> None:
    models = ["m1"] * 100 + ["m2"] * 100
    for count, told in ((3, "The same holds of j1 and j2."), (6, "The same holds of 5 more judges.")):
        judges = {f"j{i}": SAID for i in range(count)}
        (line,) = part_of(audit(made(judges, {"h": LABELS}, models=models), OPTIONS).audit).lines
        assert line.text.endswith(told)


def test_many_models_are_folded() -> None:
    models = [f"m{i % 13:02}" for i in range(200)]
    part = part_of(audit(made({"j": SAID}, {"h": LABELS}, models=models), OPTIONS).audit)
    assert all(t.fold for t in part.tables if t.title.startswith("Model by model"))


def test_of_very_many_rows_the_first_are_shown_and_that_is_said(
    by_model: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judgeaudit.report._prevalence.MOST", 1)
    every = table(part_of(by_model), "Model by model, every method")
    assert len(every.rows) == 1
    assert "1 of 2 rows" in every.gloss


def test_without_labels_nothing_is_corrected_and_that_is_said() -> None:
    part = part_of(audit(made({"j": SAID}), OPTIONS).audit)
    assert not part.tables
    assert "no output has a label" in part.lines[0].text


def test_shares_by_a_models_labels_alone_are_folded_and_called_so() -> None:
    read = LabelSet(
        kind="model", annotators={"r": Ratings(name="r", codes=np.array([-1 if v is None else int(v) for v in LABELS]))}
    )
    part = part_of(audit(made({"j": SAID}, labels={"model": read}), OPTIONS).audit)
    assert all(t.fold for t in part.tables)
    assert any("model's labels only" in line.text for line in part.lines)


def test_rates_stand_where_verdicts_decided_what_was_labelled() -> None:
    """Of 300 positive verdicts 200 have labels (150 right), of 200 negative ones 20 (15 right).

    Labels stand for 1.5 and 10 outputs: sensitivity 225 / (225 + 50), as labelled 150 / 155; specificity 150 / (150 + 75), 15 /
    65.
    """
    said = repeat((150, "1"), (50, "1"), (5, "0"), (15, "0"), (100, "1"), (180, "0"))
    labels = [*repeat((150, "1"), (50, "0"), (5, "1"), (15, "0")), *[None] * 280]
    part = part_of(audit(made({"j": said}, {"h": labels}), OPTIONS).audit)
    cells = table(part, "Where verdicts decided").rows[0]
    assert [c.split()[0] for c in cells] == ["j", "82%", "97%", "67%", "23%"]
    assert any("weighted" in note for note in part.notes)
    assert "of 100 more labels" not in table(part, "All outputs together").head


def test_the_labels_to_add_stand_in_their_row_and_are_explained() -> None:
    result = audit(made({"j": SAID}, {"h": LABELS}), OPTIONS).audit
    (x,) = result.tables["label_allocation"]
    part = part_of(result)
    cell = row(table(part, "All outputs together"), "j")["of 100 more labels"]
    assert cell == f"{x['negatives']} negative, {x['positives']} positive"
    assert any(note.startswith("Of 100 more labels") for note in part.notes)


def test_page_and_markdown_hold_it_with_names_made_safe(by_model: Audit) -> None:
    page, text = html.render(by_model), markdown.render(by_model)
    assert 'id="r1-prevalence"' in page
    assert 'href="#r1-prevalence"' in page
    assert "m&lt;2&gt;" in page
    assert "m<2>" not in page
    assert "What share is really positive" in text
    assert "m<2>" not in text
