"""Whatever comes in, the audit comes out whole: written without NaN, valid by its schema, with unique keys and full accounts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from judgeaudit import audit_file
from judgeaudit.audit import Options, audit
from judgeaudit.model import Audit, Estimate, LabelKind, Level, Rubric
from judgeaudit.slices import codes_of
from judgeaudit.table import AuditInput, Codes, Grouping, JudgeInfo, LabelSet, ModeColumns, Ratings

QUICK = Options(draws=100, verify=False)
NAMES = ("j", "k|h", "x#1", "baseline:always_positive", "a&b=c", "annotator", "\ud800")
RATES = {
    "accuracy", "sensitivity", "specificity", "false_positive_rate", "false_negative_rate", "precision", "positive_rate",
    "abstention_rate", "unscored_rate", "percent_agreement", "flip_rate", "test_retest_agreement",
}  # fmt: skip
WHOLE = {
    "accuracy",
    "rationale_contradiction_rate",
    "gwet_ac1",
    "percent_agreement",
    "krippendorff_alpha",
    "brier",
    "auroc",
    "unscored_rate",
    "flip_rate",
}
"""Measures whose n and left out together are all items of the slice."""


@cache
def schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads(files("judgeaudit").joinpath("audit.schema.json").read_text("utf-8")))


def pick(rng: np.random.Generator, chances: Sequence[float], n: int) -> Codes:
    """n codes; the chances are of codes -8 to -1 together, then of 0, 1, 2, ..."""
    shares = np.array(chances) / sum(chances)
    codes = rng.choice(len(shares), size=n, p=shares) - 1
    return np.where(codes < 0, rng.integers(-8, 0, n), codes).astype(np.int32)


@st.composite
def inputs(draw: st.DrawFn) -> AuditInput:
    """Any number of items, judges, trials, kinds of labels, scales, clusters, weights, scores, texts, modes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.sampled_from([1, 2, 3, 9, 12, 40, 120]))
    size = draw(st.sampled_from([1, 2, 2, 2, 3, 5]))
    level: Level = draw(st.sampled_from(["nominal", "nominal", "ordinal", "interval", "ratio"]))
    values = tuple(str(i) for i in range(size))
    cannot_judge = draw(st.sampled_from([None, None, "cannot", values[0]]))
    rubric = Rubric(
        name="r", values=values, level=level, cannot_judge=cannot_judge,
        positive=draw(st.sampled_from([(), values[-1:], values[-1:], values])),
    )  # fmt: skip
    offered, offered_values = len(rubric.offered), rubric.offered

    def ratings(name: str, *, scores: bool = False) -> Ratings:
        style = rng.integers(0, 4)
        chances = [[0.2] + [1.0] * offered, [1e-9] + [1.0] * offered, [0.0, 1.0], [1.0]][style]
        given = None
        if scores:
            given = rng.choice([0.0, 0.25, 0.999999, 1.0, np.nan, float(rng.uniform())], size=n)
        said = [f"Verdict: {v}" for v in offered_values] + ["", "It is so."]
        why = [str(text) for text in rng.choice(said, n)] if scores and rng.random() < 0.5 else None
        return Ratings(name=name, codes=pick(rng, chances, n), scores=given, rationales=why)

    def labels(kind: LabelKind) -> LabelSet:
        people = {f"{kind}{i}|": ratings(f"{kind}{i}|") for i in range(int(rng.integers(0, 5)))}
        votes = rng.integers(0, 3, size=(n, offered)).astype(np.int32) if rng.random() < 0.3 or not people else None
        settled = ratings("gold") if rng.random() < 0.2 else None
        return LabelSet(
            kind=kind, annotators=people, votes=votes, adjudicated=settled, adjudicated_name="gold" if settled else ""
        )

    chosen: list[LabelKind] = draw(
        st.sampled_from([[], ["human"], ["human"], ["model"], ["human", "construction", "model"], ["construction"]])
    )
    judges = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    modes = None
    if draw(st.booleans()):
        modes = ModeColumns(
            modes={m: rng.random(n) < 0.4 for m in ("word_loop", "empty")},
            coherence=rng.integers(0, 3, n).astype(np.int8),
        )
    texts = draw(st.sampled_from([None, 1, 3, 10_000]))
    groups = draw(st.sampled_from([None, None, 1, 4, 20]))
    return AuditInput(
        rubric=rubric,
        item_ids=[f"i{i}" for i in range(n)],
        prompts=None if rng.random() < 0.5 else [f"p{i}" for i in rng.integers(0, 5, n)],
        responses=None if texts is None else [f"t{i}" for i in rng.integers(0, texts, n)],
        models=None if rng.random() < 0.5 else Grouping(codes=rng.integers(-1, 3, n).astype(np.int32), names=["a", "b", "c"]),
        judges={j: tuple(ratings(j, scores=rng.random() < 0.5) for _ in range(int(rng.integers(1, 4)))) for j in judges},
        judge_info={j: JudgeInfo(kind=str(rng.choice(["modes", "recorded"])), panel=bool(rng.random() < 0.2)) for j in judges},
        labels={kind: labels(kind) for kind in chosen},
        modes=modes,
        clusters=None if groups is None else codes_of([str(c) for c in rng.integers(0, groups, n)]),
        weights=None if rng.random() < 0.7 else rng.uniform(0.01, 5, n) * float(rng.choice([1e-6, 1, 1e6])),
        weights_of=str(rng.choice(["outputs", "labels"])),  # type: ignore[arg-type]
        selected_by=None if rng.random() < 0.5 else Grouping(
            codes=rng.integers(-1, 3, n).astype(np.int32), names=[f"judge:{NAMES[0]}", "random", "other words"]
        ),
        slices={"c.dataset": Grouping(codes=rng.integers(-1, 2, n).astype(np.int32), names=["=", "&"])},
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(data=inputs())
def test_any_input_gives_a_valid_audit(data: AuditInput) -> None:
    result, items = audit(data, QUICK)
    text = audit_file.dumps(result)
    schema().validate(json.loads(text))
    json.dumps(items, allow_nan=False)
    assert audit_file.dumps(audit(data, QUICK).audit) == text
    sizes = {row["slice"]: (row["n"], row["distinct_texts"]) for row in result.tables["slices"]}
    for e in result.estimates:
        check(e, *sizes[e.slice], weighted=data.weights is not None)


def check(e: Estimate, n: int, distinct: int | None, *, weighted: bool) -> None:
    """One estimate's invariants on a slice of n items."""
    numbers: list[Any] = [
        e.value,
        e.low,
        e.high,
        e.n,
        e.k,
        e.effective_n,
        e.p_value,
        e.p_adjusted,
        *e.left_out.values(),
    ]
    assert all(x is None or np.isfinite(x) for x in numbers), e
    assert (e.value is None) <= bool(e.reason), e
    assert (e.low is None) == (e.high is None), e
    assert not (e.value is not None and e.low is None and not e.reason), e
    assert all(count > 0 for count in e.left_out.values()), e
    if distinct is not None and e.distinct_texts is not None:
        assert e.distinct_texts <= distinct, e
        assert weighted or e.measure == "test_retest_agreement" or e.distinct_texts <= max(e.n, n), e
    if e.low is not None and e.high is not None:
        assert e.value is not None
        assert e.low <= e.high, e
        assert e.low - 1e-9 <= e.value <= e.high + 1e-9, e
        assert e.measure == "krippendorff_alpha" or e.low < e.high, e
    if e.measure in RATES and e.against is None:
        assert e.value is None or 0 <= e.value <= 1, e
        if e.value is not None and e.k is not None:
            assert e.value == pytest.approx(e.k / e.n), e
        if e.effective_n is not None:
            assert 0 <= e.effective_n <= e.n + 1e-9, e
        # All unscored counted one way can be better or worse than an accuracy, but never than a rate of one class.
        if e.unscored_bounds is not None and e.value is not None and e.measure != "accuracy":
            assert e.unscored_bounds[0] <= e.value <= e.unscored_bounds[1], e
    if e.measure in WHOLE and e.against is None and not (weighted and e.slice != "all"):
        unscored = {"unscored_rate": 0.0}.get(e.measure)
        left = sum(e.left_out.values()) if unscored is None else e.left_out.get("skipped", 0.0)
        if not (e.reason or "").startswith("circular"):
            assert e.n + left == pytest.approx(n, abs=1e-5), e


@settings(max_examples=15, deadline=None)
@given(data=inputs())
def test_another_judge_moves_no_interval(data: AuditInput) -> None:
    extra = Ratings(name="new", codes=np.full(data.n, 0, dtype=np.int32))
    more = audit(replace_judges(data, {**data.judges, "new": (extra,)}), QUICK).audit
    before = {e.key: e for e in audit(data, QUICK).audit.estimates if e.panel is None}
    after = {e.key: e for e in more.estimates}
    for key, e in before.items():
        assert figures(after[key]) == figures(e)


@settings(max_examples=15, deadline=None)
@given(data=inputs())
def test_the_order_of_judges_changes_no_figure_of_a_judge(data: AuditInput) -> None:
    turned = audit(replace_judges(data, dict(reversed(data.judges.items()))), QUICK).audit
    after = {e.key: e for e in turned.estimates}
    for e in audit(data, QUICK).audit.estimates:
        if e.other is None and not (e.against or "").startswith("judge:"):
            assert figures(after[e.key]) == figures(e)


def figures(e: Estimate) -> tuple[Any, ...]:
    return (e.value, e.low, e.high, e.n, e.k, dict(e.left_out), e.reason)


def replace_judges(data: AuditInput, judges: dict[str, tuple[Ratings, ...]]) -> AuditInput:
    from dataclasses import replace

    return replace(data, judges=judges)


def of(result: Audit, measure: str, **fields: str | None) -> Estimate:
    wanted = {"slice": "all", "against": None, "other": None, **fields}
    found = [e for e in result.estimates if e.measure == measure and all(getattr(e, k) == v for k, v in wanted.items())]
    assert len(found) == 1, found
    return found[0]
