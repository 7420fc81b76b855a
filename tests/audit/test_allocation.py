"""Further labels go where they narrow a corrected share most, and nowhere where none is needed or none helps."""

from __future__ import annotations

import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.measures.prevalence_corrected import lee_interval
from tests.audit.making import made, repeat

OPTIONS = Options(draws=100, verify=False)
# 500 outputs, 300 called positive; of 100 with labels 50 are positive (45 found) and 50 negative (35 called so).
SAID = repeat((45, "1"), (5, "0"), (15, "1"), (35, "0"), (240, "1"), (160, "0"))
LABELS: list[str | None] = [*repeat((50, "1"), (50, "0")), *[None] * 400]


def width(negatives: float, positives: float) -> float:
    """Width of Lee's interval of these rates with these labels; far from 0 and 1, so nothing is cut off."""
    found = lee_interval(0.6, 500, 0.7, negatives, 0.9, positives, 1.959964)
    return found.high - found.low


def test_no_other_split_gives_a_narrower_interval() -> None:
    """Raw .6, corrected (.6 + .7 - 1) / .6 = .5: by all 101 splits of 100 further labels beside 50 of each class."""
    (row,) = audit(made({"j": SAID}, {"h": LABELS}), OPTIONS).audit.tables["label_allocation"]
    every = [width(50 + 100 - spent, 50 + spent) for spent in range(101)]
    # Rates are smoothed with the labels there are; with more labels the smoothing fades, which moves the best split a little.
    assert row["negatives"] + row["positives"] == row["further"] == 100
    assert every[row["positives"]] == pytest.approx(min(every), rel=1e-3)


def test_labels_of_a_class_that_has_plenty_are_not_asked_for() -> None:
    """Sensitivity 1 and specificity .6 with 100 labels of each class: all 100 further ones go to negatives."""
    said = repeat((100, "1"), (40, "1"), (60, "0"), (210, "1"), (90, "0"))
    labels = [*repeat((100, "1"), (100, "0")), *[None] * 300]
    (row,) = audit(made({"j": said}, {"h": labels}), OPTIONS).audit.tables["label_allocation"]
    assert (row["negatives"], row["positives"]) == (100, 0)


def test_no_row_where_every_output_has_a_label_or_no_share_can_be_corrected() -> None:
    assert audit(made({"j": SAID[:100]}, {"h": LABELS[:100]}), OPTIONS).audit.tables["label_allocation"] == []
    only_positives = [*LABELS[:5], *[None] * 495]
    assert audit(made({"j": SAID}, {"h": only_positives}), OPTIONS).audit.tables["label_allocation"] == []
    guess = repeat((25, "1"), (25, "0"), (25, "1"), (25, "0"), (200, "1"), (200, "0"))
    assert audit(made({"j": guess}, {"h": LABELS}), OPTIONS).audit.tables["label_allocation"] == []


def test_no_row_where_verdicts_decided_what_was_labelled() -> None:
    """Of 300 positive verdicts 200 have labels, of 200 negative ones 20."""
    said = repeat((150, "1"), (50, "1"), (5, "0"), (15, "0"), (100, "1"), (180, "0"))
    labels = [*repeat((150, "1"), (50, "0"), (5, "1"), (15, "0")), *[None] * 280]
    result = audit(made({"j": said}, {"h": labels}), OPTIONS).audit
    (share,) = [e for e in result.estimates if e.measure == "prevalence_corrected"]
    assert share.low is not None
    assert result.tables["label_allocation"] == []
