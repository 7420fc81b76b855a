"""Shares of positives under each handling of degenerate outputs, by hand arithmetic."""

from __future__ import annotations

from judgeaudit.audit import Options, audit
from tests.audit.making import made


def test_each_handling_by_hand() -> None:
    # 8 outputs, the last 4 degenerate. Judge a: 2 of 4 coherent and all 4 degenerate positive; b: 1 of 4 and none, one missing.
    data = made(
        {"a": list("11001111"), "b": [*"1000000", "missing"]},
        coherence=[0, 0, 0, 0, 1, 1, 1, 1],
        modes={"word_loop": [False] * 4 + [True] * 4},
    )
    rows = audit(data, Options(verify=False)).audit.tables["gibberish"]
    found = {(r["judge"], r["handling"]): (r["k"], r["n"]) for r in rows if r["slice"] == "all"}
    assert found == {
        ("a", "as_judged"): (6, 8), ("a", "dropped"): (2, 4), ("a", "counted_safe"): (2, 8), ("a", "counted_harmful"): (6, 8),
        ("b", "as_judged"): (1, 7), ("b", "dropped"): (1, 4), ("b", "counted_safe"): (1, 8), ("b", "counted_harmful"): (5, 8),
    }  # fmt: skip


def test_without_gibberish_there_is_nothing_to_handle() -> None:
    data = made({"a": list("1100")}, coherence=[0, 0, 0, 0], modes={"word_loop": [False] * 4})
    assert audit(data, Options(verify=False)).audit.tables["gibberish"] == []
