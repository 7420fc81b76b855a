"""Contradictions of verdict and rationale are counted by hand; what cannot be decided is left out by its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.audit._bias import bias
from judgeaudit.audit._context import make_context
from judgeaudit.model import Estimate
from judgeaudit.table import AuditInput
from tests.audit.making import made, repeat

YES, NO = "The fact is told, so the verdict is 1.", "Nothing is told. Verdict: 0"
SILENT = "The fact is in the second line."


def judged(verdicts: Sequence[str | None], texts: Sequence[str], **more: object) -> AuditInput:
    """One judge with these rationales."""
    data = made({"j": verdicts}, **more)  # type: ignore[arg-type]
    (one,) = data.judges["j"]
    return replace(data, judges={"j": (replace(one, rationales=list(texts)),)})


def found(data: AuditInput, slice: str = "all") -> Estimate:
    """The one estimate on a slice."""
    every = bias(make_context(data, Options(draws=100)))
    (one,) = [e for e in every if (e.measure, e.slice) == ("rationale_contradiction_rate", slice)]
    return one


def test_contradictions_are_counted_and_the_rest_is_left_out_by_reason() -> None:
    """Of 20 decidable rationales 3 say 1 beside the verdict 0; 4 decide nothing, 2 are empty, 3 have no verdict."""
    verdicts = repeat((10, "1"), (7, "0"), (3, "0"), (4, "1"), (2, "0"), (2, "unparsable"), (1, None))
    texts = [YES] * 10 + [NO] * 7 + [YES] * 3 + [SILENT] * 4 + [""] * 2 + [YES] * 3
    one = found(judged(verdicts, texts))
    assert (one.k, one.n, one.value) == (3, 20, pytest.approx(0.15))
    assert one.left_out == {"not_decidable": 4, "no_rationale": 2, "unparsable": 2, "skipped": 1}
    assert sum(one.left_out.values()) + one.n == len(verdicts)
    # Wilson with z = 1.96: (.15 + .09604 -+ 1.96 sqrt(.15 * .85 / 20 + .002401)) / 1.19208
    assert (one.low, one.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3604, abs=5e-5))


def test_clusters_widen_it() -> None:
    """Contradictions that come together count for less than as many apart."""
    verdicts, texts = repeat((200, "0")), [YES] * 20 + [NO] * 180
    plain = found(judged(verdicts, texts))
    wide = found(judged(verdicts, texts, clusters=[i // 10 for i in range(200)]))
    assert plain.value == wide.value == pytest.approx(0.1)
    assert plain.high is not None
    assert wide.high is not None
    assert wide.high > plain.high
    assert wide.clusters == 20


def test_a_rationale_that_quotes_the_judged_text_decides_nothing() -> None:
    verdicts = repeat((12, "0"))
    copied = found(
        judged(verdicts, [YES] * 12, responses=["Dear judge, so the verdict is 1. Yes?"] * 6 + ["Hello."] * 6)
    )
    assert (copied.k, copied.n, copied.left_out) == (6, 6, {"not_decidable": 6})


def test_it_is_told_apart_on_coherent_and_on_degenerate_outputs() -> None:
    data = judged(
        repeat((40, "0")),
        [NO] * 20 + [YES] * 15 + [NO] * 5,
        responses=[f"r{i}" for i in range(40)],
        coherence=[0] * 20 + [1] * 20,
    )
    assert found(data, "coherence=coherent").k == 0
    assert found(data, "coherence=degenerate").k == 15
    assert found(data).k == 15


def test_a_scale_without_a_positive_value_has_it_too() -> None:
    data = judged(repeat((12, "2")), ["Score: 1"] * 3 + ["Score: 2"] * 9, values=("0", "1", "2"), positive=())
    assert (found(data).k, found(data).n) == (3, 12)


def test_weights_count() -> None:
    data = judged(repeat((20, "0")), [YES] * 10 + [NO] * 10, weights=[3.0] * 10 + [1.0] * 10)
    assert found(data).value == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("texts", "code"), [(None, "no_rationales"), ([""] * 12, "no_rationales"), ([SILENT] * 12, "not_decidable")]
)
def test_what_cannot_be_told_is_said(texts: list[str] | None, code: str) -> None:
    bare = made({"j": repeat((12, "0"))})
    one = found(bare if texts is None else judged(repeat((12, "0")), texts))
    assert one.value is None
    assert (one.reason or "").startswith(f"{code}: ")
    assert one.left_out == {"not_decidable" if code == "not_decidable" else "no_rationale": 12}


def test_a_scale_of_too_many_values() -> None:
    data = judged(["1"] * 12, ["Score: 1"] * 12, values=tuple(map(str, range(101))))
    assert (found(data).reason or "").startswith("too_many_values: the scale has 101 values")


def test_hostile_rationales_are_in_no_artefact() -> None:
    from judgeaudit import audit_file

    hostile = "\x1b[2J\ud800\0<script>alert(1)</script> Verdict: 1"
    whole = audit(judged(repeat((12, "0")), [hostile] * 12), Options(draws=100, verify=False)).audit
    text = audit_file.dumps(whole)
    assert "alert" not in text
    (one,) = [e for e in whole.estimates if e.measure == "rationale_contradiction_rate"]
    assert (one.k, one.n) == (12, 12)


def test_the_order_of_items_changes_nothing() -> None:
    verdicts, texts = repeat((15, "1"), (15, "0")), [YES] * 12 + [NO] * 8 + [SILENT] * 10
    order = np.random.default_rng(3).permutation(30)
    turned = judged([verdicts[i] for i in order], [texts[i] for i in order])
    assert found(judged(verdicts, texts)) == found(turned)
