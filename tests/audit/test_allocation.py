"""Further labels go where they narrow a corrected share most, and nowhere where none is needed or none helps."""

from __future__ import annotations

from judgeaudit.audit import Options, audit
from judgeaudit.measures.prevalence_corrected import allocation
from tests.audit.making import made, repeat

OPTIONS = Options(draws=100, verify=False)
# 500 outputs, 250 called positive; of 100 with labels 50 are positive (45 found) and 50 negative (35 called so).
SAID = repeat((45, "1"), (5, "0"), (15, "1"), (35, "0"), (190, "1"), (210, "0"))
LABELS: list[str | None] = [*repeat((50, "1"), (50, "0")), *[None] * 400]


def test_the_rule_is_applied_to_old_and_new_labels_together() -> None:
    """p = .5, sensitivity .9, specificity .7, 50 labels of each class: odds (1 / .5 - 1) sqrt(16 / 6) = 1.633.

    Of 200 labels 200 / 2.633 = 76 belong on positives, 124 on negatives; 50 of each are there.
    """
    (row,) = audit(made({"j": SAID}, {"h": LABELS}), OPTIONS).audit.tables["label_allocation"]
    assert (row["further"], row["negatives"], row["positives"]) == (100, 74, 26)
    assert allocation(0.5, 0.7, 0.9, 200, pilot=50) == (124, 76)


def test_labels_of_a_class_that_has_plenty_are_not_asked_for() -> None:
    """With 250 labelled positives and 20 negatives all 100 further labels go to negatives."""
    said = repeat((225, "1"), (25, "0"), (6, "1"), (14, "0"), (100, "1"), (130, "0"))
    labels = [*repeat((250, "1"), (20, "0")), *[None] * 230]
    (row,) = audit(made({"j": said}, {"h": labels}), OPTIONS).audit.tables["label_allocation"]
    assert (row["negatives"], row["positives"]) == (100, 0)


def test_no_row_where_every_output_has_a_label_or_no_share_can_be_corrected() -> None:
    assert audit(made({"j": SAID[:100]}, {"h": LABELS[:100]}), OPTIONS).audit.tables["label_allocation"] == []
    guess = repeat((25, "1"), (25, "0"), (25, "1"), (25, "0"), (200, "1"), (200, "0"))
    assert audit(made({"j": guess}, {"h": LABELS}), OPTIONS).audit.tables["label_allocation"] == []
