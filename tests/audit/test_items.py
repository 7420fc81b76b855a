"""The outputs to look at: the worst first, with every verdict and label."""

from __future__ import annotations

from judgeaudit.audit import Options, audit
from judgeaudit.audit._items import MOST
from tests.audit.making import made, repeat

QUICK = Options(draws=100, verify=False)


def test_the_item_on_which_most_judges_are_wrong_goes_first() -> None:
    data = made(
        {"a": ["1", "1", "0", "0"], "b": ["1", "0", "0", "0"], "c": ["1", "0", "unparsable", "0"]},
        {"h": ["0", "0", "0", "0"]},
        responses=["w", "x", "y", "z"],
    )
    items = audit(data, QUICK).items
    assert [(i["item_id"], i["wrong"]) for i in items] == [("i0", ["a", "b", "c"]), ("i1", ["a"]), ("i2", [])]
    assert items[2]["verdicts"]["c"] == {"verdict": None, "status": "unparsable", "score": None}
    assert items[0]["reference"] == {"human": "0"}
    assert items[0]["labels"] == {"human": {"h": "0"}}


def test_a_degenerate_output_goes_before_a_coherent_one_of_equal_standing() -> None:
    data = made({"a": ["1", "1"]}, {"h": ["0", "0"]}, responses=["x", "y"], coherence=[0, 1])
    assert [i["coherence"] for i in audit(data, QUICK).items] == ["degenerate", "coherent"]


def test_without_labels_judges_that_differ_from_the_commonest_verdict_are_shown() -> None:
    data = made({"a": ["1", "1"], "b": ["1", "1"], "c": ["0", "1"]})
    items = audit(data, QUICK).items
    assert [(i["item_id"], i["wrong"]) for i in items] == [("i0", ["c"])]


def test_labels_by_a_model_alone_do_not_make_a_judge_wrong() -> None:
    from dataclasses import replace

    from judgeaudit.table import LabelSet

    data = made({"a": ["1", "1"], "b": ["1", "1"]}, {"h": ["0", "0"]})
    by_model = replace(data, labels={"model": LabelSet(kind="model", annotators=data.labels["human"].annotators)})
    assert audit(by_model, QUICK).items == []


def test_at_most_so_many_are_kept_and_equal_ones_in_their_order() -> None:
    n = MOST + 50
    items = audit(made({"a": repeat((n, "1"))}, {"h": repeat((n, "0"))}), QUICK).items
    assert [i["item_id"] for i in items] == [f"i{k}" for k in range(MOST)]


def test_long_texts_are_cut_in_the_middle() -> None:
    data = made({"a": ["1"]}, {"h": ["0"]}, responses=["x" * 100_000 + "end"])
    (item,) = audit(data, QUICK).items
    assert len(item["response"]) < 5000
    assert item["response"].endswith("end")
