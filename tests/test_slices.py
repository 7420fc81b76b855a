from __future__ import annotations

from dataclasses import replace

import numpy as np

from judgeaudit.slices import Slice, codes_of, make, name_of
from judgeaudit.table import AuditInput, Grouping
from tests.audit.making import made, repeat


def slices(data: AuditInput) -> dict[str, Slice]:
    texts = None if data.responses is None else codes_of(data.responses)
    return {s.name: s for s in make(data, texts, None)}


def test_coherence_is_a_partition_and_modes_overlap() -> None:
    data = made(
        {"j": repeat((6, "1"))},
        coherence=[0, 0, 1, 1, 1, 2],
        modes={
            "word_loop": [False, False, True, True, False, False],
            "mojibake": [False, False, False, True, True, False],
        },
        responses=list("abcdef"),
    )
    found = slices(data)
    assert [found[f"coherence={c}"].n for c in ("coherent", "degenerate", "unknown")] == [2, 3, 1]
    assert found["mode=word_loop"].items.tolist() == [2, 3]
    assert found["mode=mojibake"].items.tolist() == [3, 4]
    assert all(found[s].detected for s in found if s != "all")


def test_user_slices_are_encoded_and_keep_the_columns_full_path() -> None:
    data = replace(
        made({"j": repeat((3, "1"))}),
        slices={"meta.run": Grouping(codes=np.array([0, 1, -1], dtype=np.int32), names=["a=b", "c&d"])},
    )
    assert set(slices(data)) == {"all", "col.meta.run=a%3Db", "col.meta.run=c%26d"}
    assert name_of("x", "100%") == "col.x=100%25"


def test_models_are_slices_and_coherence_is_crossed_with_them() -> None:
    models = ["m1"] * 30 + ["m2"] * 30
    data = made({"j": repeat((60, "1"))}, models=models, coherence=[0] * 15 + [1] * 15 + [0] * 30)
    found = slices(data)
    assert found["col.model=m1"].n == 30
    assert found["coherence=degenerate&col.model=m1"].n == 15
    assert "coherence=degenerate&col.model=m2" not in found


def test_repetition() -> None:
    def repeated(texts: list[str]) -> bool:
        return slices(made({"j": repeat((len(texts), "1"))}, responses=texts))["all"].repeated

    assert repeated(["same"] * 3 + [f"t{i}" for i in range(10)]), "one text gives over 20 %"
    assert repeated([f"t{i // 3}" for i in range(30)]), "fewer than half of the texts are distinct"
    assert not repeated(["same"] * 2 + [f"t{i}" for i in range(10)])
    assert not repeated(["a", "b", "c"]), "three texts that differ are not repeated, though each is a third"


def test_one_source() -> None:
    models = ["m1"] * 40 + ["m2"] * 60
    wholly = made({"j": repeat((100, "1"))}, models=models, coherence=[1] * 30 + [0] * 70)
    assert slices(wholly)["coherence=degenerate"].source == "model=m1"
    mixed = made({"j": repeat((100, "1"))}, models=models, coherence=[1] * 30 + [0] * 50 + [1] * 20)
    assert slices(mixed)["coherence=degenerate"].source is None
    everywhere = made({"j": repeat((100, "1"))}, models=["m1"] * 95 + ["m2"] * 5, coherence=[1] * 30 + [0] * 70)
    assert slices(everywhere)["coherence=degenerate"].source is None, "that model gives most of the rest too"
