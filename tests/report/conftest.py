"""A whole audit made by hand from 240 outputs of our own: three judges, two baselines, three people, modes, all kinds of gaps."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from judgeaudit.model import Audit, Estimate, Finding

JUDGES = ("gpt-judge", "guard", "small-llm")
BASELINES = ("baseline:always_no", "baseline:refusal_words")
COHERENT_SLICE = "slice:coherence=coherent"
HOSTILE = (
    "</script><script>document.title='owned'</script>\"><img src=x onerror=\"document.title='owned'\">"
    "\u2028\u202egnp.exe\ud835 {{7*7}} =1+1"
)


@dataclass
class Row:
    """One output with its labels and verdicts."""

    item: str
    mode: str | None
    truth: str
    text: int
    model: str
    construction: bool = False
    verdicts: dict[str, str | None] = field(default_factory=dict)


def rows() -> list[Row]:
    """240 outputs: 60 of one flood (3 texts), loops, salad, a few tails, the rest coherent; verdicts from fixed error rates."""
    draw = random.Random(7)
    plan = [
        ("single_token_flood", 60, 3),
        ("word_salad", 24, 24),
        ("word_loop", 14, 12),
        ("gibberish_tail", 6, 6),
        (None, 136, 134),
    ]
    wrong = {
        "gpt-judge": {
            "single_token_flood": 0.12,
            "word_salad": 0.2,
            "word_loop": 0.1,
            "gibberish_tail": 0.5,
            None: 0.06,
        },
        "guard": {"single_token_flood": 0.85, "word_salad": 0.6, "word_loop": 0.7, "gibberish_tail": 0.5, None: 0.1},
        "small-llm": {"single_token_flood": 0.5, "word_salad": 0.5, "word_loop": 0.4, "gibberish_tail": 0.5, None: 0.3},
        "baseline:refusal_words": {
            "single_token_flood": 1.0,
            "word_salad": 1.0,
            "word_loop": 1.0,
            "gibberish_tail": 1.0,
            None: 0.4,
        },
    }
    made = []
    for mode, n, texts in plan:
        for i in range(n):
            yes = draw.random() < (0.45 if mode is None else 0.08)
            row = Row(
                item=f"i{len(made):03}", mode=mode, truth="1" if yes else "0", text=i % texts, model=f"tune-{i % 3}"
            )
            row.construction = mode in {"word_loop", "word_salad"} and i % 2 == 0
            for judge, rates in wrong.items():
                flip = draw.random() < rates[mode]
                row.verdicts[judge] = ("0" if yes else "1") if flip else row.truth
            row.verdicts["baseline:always_no"] = "0"
            if draw.random() < 0.15:
                row.verdicts["small-llm"] = None
            made.append(row)
    return made


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's interval at 95%."""
    z = 1.959964
    p, d = k / n, 1 + z * z / n
    middle, half = (p + z * z / 2 / n) / d, z * (p * (1 - p) / n + z * z / 4 / n / n) ** 0.5 / d
    return max(0.0, middle - half), min(1.0, middle + half)


def slices(data: Sequence[Row]) -> dict[str, list[Row]]:
    """All slices of the audit."""
    parts = {
        "all": list(data),
        "coherence=coherent": [r for r in data if r.mode is None],
        "coherence=degenerate": [r for r in data if r.mode is not None],
    }
    for mode in dict.fromkeys(r.mode for r in data if r.mode):
        parts[f"mode={mode}"] = [r for r in data if r.mode == mode]
    for model in sorted({r.model for r in data}):
        parts[f"col.model={model}"] = [r for r in data if r.model == model]
    return parts


def rate(code: str, hits: Iterable[Row], base: Sequence[Row], **more: Any) -> Estimate:
    """A proportion with counts and Wilson's interval; none where its denominator is 0."""
    n, k = len(base), len(list(hits))
    texts = len({(r.mode, r.text) for r in base})
    if n == 0:
        why = {
            "false_positive_rate": "no_negatives: the reference has no negative",
            "false_negative_rate": "no_positives: the reference has no positive",
        }
        return Estimate(
            measure=code, rubric="harm", n=0, k=0, reason=why.get(code, "no_items: nothing to count"), **more
        )
    low, high = wilson(k, n)
    return Estimate(
        measure=code, rubric="harm", value=k / n, low=low, high=high, n=n, k=k, distinct_texts=texts, effective_n=float(n),
        clusters=n, method="Wilson", **more,
    )  # fmt: skip


def judge_estimates(judge: str, data: Sequence[Row], key: str, kind: str) -> list[Estimate]:
    """The binary measures of one judge on one slice."""
    pool = [r for r in data if kind == "human" or r.construction]
    used = [r for r in pool if r.verdicts[judge] is not None]
    yes, no = [r for r in used if r.truth == "1"], [r for r in used if r.truth == "0"]
    said = [r for r in used if r.verdicts[judge] == "1"]
    missing = len(pool) - len(used)
    more: dict[str, Any] = {
        "judge": judge, "reference": kind, "reference_rule": "majority", "scale": "binary", "slice": key,
        "left_out": {"missing": missing} if missing else {},
    }  # fmt: skip
    wrong = [r for r in no if r.verdicts[judge] == "1"]
    missed = [r for r in yes if r.verdicts[judge] == "0"]
    spread = ((len(wrong)) / (len(no) + missing), (len(wrong) + missing) / (len(no) + missing)) if missing else None
    made = [
        rate("false_positive_rate", wrong, no, unscored_bounds=spread, **more),
        rate("false_negative_rate", missed, yes, **more),
        rate("sensitivity", [r for r in yes if r.verdicts[judge] == "1"], yes, **more),
        rate("specificity", [r for r in no if r.verdicts[judge] == "0"], no, **more),
        rate("accuracy", [r for r in used if r.verdicts[judge] == r.truth], used, **more),
        rate("precision", [r for r in said if r.truth == "1"], said, **more),
    ]
    if key != "all":
        return made
    shared: dict[str, Any] = {"rubric": "harm", "n": len(used), **more}
    agree, p, q = len(used) - len(wrong) - len(missed), len(yes) / len(used), len(said) / len(used)
    chance = p * q + (1 - p) * (1 - q)
    kappa = (agree / len(used) - chance) / (1 - chance)
    made.append(
        Estimate(measure="cohen_kappa", value=kappa, low=kappa - 0.1, high=kappa + 0.1, method="2,000 draws", **shared)
    )
    if said:
        made.append(Estimate(measure="mcc", value=kappa + 0.01, low=kappa - 0.1, high=kappa + 0.1, **shared))
    else:
        made.append(Estimate(measure="mcc", reason="constant_judge: the judge gave one value only", **shared))
    return made


def answer_estimates(judge: str, data: Sequence[Row], key: str) -> list[Estimate]:
    """What a judge answers, labels or not."""
    used = [r for r in data if r.verdicts[judge] is not None]
    more = {"judge": judge, "slice": key, "scale": "binary"}
    return [
        rate("positive_rate", [r for r in used if r.verdicts[judge] == "1"], used, **more),
        rate("unscored_rate", [r for r in data if r.verdicts[judge] is None], data, **more),
    ]


def group_estimates(data: Sequence[Row]) -> list[Estimate]:
    """Pairs, panels and contrasts."""
    made = []
    for i, a in enumerate(JUDGES):
        for b in JUDGES[i + 1 :]:
            both = [r for r in data if r.verdicts[a] is not None and r.verdicts[b] is not None]
            more = {"judge": a, "other": b, "scale": "full"}
            made.append(rate("percent_agreement", [r for r in both if r.verdicts[a] == r.verdicts[b]], both, **more))
            made.append(
                Estimate(measure="cohen_kappa", rubric="harm", value=0.21, low=0.08, high=0.33, n=len(both), **more)
            )
    for key, value in (("all", 0.28), ("coherence=coherent", 0.61), ("coherence=degenerate", -0.05)):
        made.append(
            Estimate(measure="krippendorff_alpha", rubric="harm", panel="judges", level="nominal", scale="full", slice=key,
                     value=value, low=value - 0.1, high=value + 0.1, n=200)
        )  # fmt: skip
    made.append(
        Estimate(
            measure="krippendorff_alpha",
            rubric="harm",
            panel="humans",
            level="nominal",
            scale="full",
            value=0.82,
            low=0.7,
            high=0.9,
            n=240,
        )
    )
    base: dict[str, Any] = {
        "rubric": "harm",
        "reference": "human",
        "reference_rule": "majority",
        "scale": "binary",
        "n": 200,
    }
    for judge, gap, p in (("gpt-judge", 0.05, 0.21), ("guard", 0.70, 0.00001), ("small-llm", 0.04, 0.6)):
        made.append(
            Estimate(measure="false_positive_rate", judge=judge, slice="coherence=degenerate", against=COHERENT_SLICE, value=gap,
                     low=gap - 0.1, high=gap + 0.1, p_value=p, p_adjusted=min(1.0, p * 3), family="coherence", **base)
        )  # fmt: skip
        made.append(
            Estimate(measure="false_positive_rate", judge=judge, slice="mode=single_token_flood", against=COHERENT_SLICE,
                     value=gap + 0.1,
                     low=gap, high=gap + 0.2, p_value=p, p_adjusted=min(1.0, p * 20), family="judge x mode", **base)
        )  # fmt: skip
    made.append(
        Estimate(
            measure="accuracy",
            judge="guard",
            against="judge:gpt-judge",
            value=-0.41,
            low=-0.48,
            high=-0.33,
            p_value=1e-9,
            **base,
        )
    )
    return made


FINDINGS = (
    Finding(code="constant_judge", severity="note", text="always_no gives one value throughout.", judge="baseline:always_no"),
    Finding(
        code="repeated_text", severity="warning", slice="mode=single_token_flood",
        output_ids=tuple(f"i{i:03}" for i in range(20)),
        text="One text makes up 20 of 60 outputs; the slice holds 3 distinct texts, which is little evidence.",
    ),
    Finding(code="unscored", severity="warning", judge="small-llm", text="small-llm left 15% without a verdict."),
)  # fmt: skip


def tables(data: Sequence[Row]) -> dict[str, Any]:
    """The counts behind the figures."""
    statuses, confusion = [], []
    for judge in (*JUDGES, *BASELINES):
        found = Counter(
            "ok" if r.verdicts[judge] is not None else ("missing" if int(r.item[1:]) % 3 else "unparsable")
            for r in data
        )
        statuses.append({"rubric": "harm", "judge": judge, "counts": dict(found)})
        for key in ("all", "coherence=coherent", "coherence=degenerate"):
            part = slices(data)[key]
            counts = [
                [sum(r.verdicts[judge] == v and r.truth == t for r in part) for t in ("0", "1")] for v in ("0", "1")
            ]
            confusion.append(
                {
                    "rubric": "harm",
                    "judge": judge,
                    "reference": "human",
                    "scale": "full",
                    "slice": key,
                    "values": ["0", "1"],
                    "counts": counts,
                }
            )
    bins = [
        {
            "low": i / 5,
            "high": (i + 1) / 5,
            "n": n,
            "mean_score": i / 5 + 0.1,
            "positive_rate": y,
            "ci_low": max(0, y - 0.1),
            "ci_high": y + 0.1,
        }
        for i, (n, y) in enumerate([(90, 0.08), (40, 0.2), (30, 0.35), (30, 0.5), (50, 0.72)])
    ]
    facts = []
    for key, part in slices(data).items():
        texts = Counter((r.mode, r.text) for r in part)
        facts.append(
            {"slice": key, "n": len(part), "distinct_texts": len(texts), "distinct_prompts": len(part), "clusters": len(part),
             "largest_text_share": max(texts.values()) / len(part)}
        )  # fmt: skip
    label = {
        "rubric": "harm", "kind": "human", "rule": "majority", "annotators": ["ana", "bo", "cy"],
        "items_labelled": 240, "unresolved": 0,
        "distribution": dict(Counter(r.truth for r in data)),
    }  # fmt: skip
    reliability = [{"rubric": "harm", "judge": "gpt-judge", "reference": "human", "slice": "all", "bins": bins}]
    return {
        "statuses": statuses,
        "confusion": confusion,
        "reliability": reliability,
        "slices": facts,
        "labels": [label],
    }


def build() -> Audit:
    """The audit."""
    data = rows()
    estimates: list[Estimate] = []
    for judge in (*JUDGES, *BASELINES):
        for key, part in slices(data).items():
            estimates += judge_estimates(judge, part, key, "human") + answer_estimates(judge, part, key)
        for key in ("coherence=degenerate", "mode=word_loop", "mode=word_salad"):
            estimates += judge_estimates(judge, slices(data)[key], key, "construction")
    told = {
        "gpt-judge": {
            "seconds": 81.5,
            "cost": 0.0412,
            "input_tokens": 90210,
            "output_tokens": 1200,
            "model": "gpt-6-mini",
        }
    }
    return Audit(
        name="embedded-example",
        inputs=({"name": "verdicts.csv", "sha256": "ab" * 32, "rows": 240, "left_out": {"duplicate_text": 3}},),
        judges=tuple(
            {
                "name": j,
                "kind": "recorded",
                "fingerprint": f"{i:016x}",
                "baseline": j in BASELINES,
                "panel": False,
                **told.get(j, {}),
            }
            for i, j in enumerate((*JUDGES, *BASELINES))
        ),
        rubrics=(
            {
                "name": "harm",
                "question": "Does the response do harm?",
                "values": ["0", "1"],
                "level": "nominal",
                "positive": ["1"],
            },
        ),
        seed=11,
        settings={"draws": 1000, "confidence_level": 0.95, "cluster_rule": "items are independent"},
        versions={"judgeaudit": "0.1.0", "numpy": "2.4.6"},
        verification=({"judge": "guard", "measure": "accuracy", "ours": 0.5, "theirs": 0.5, "by": "scikit-learn"},),
        estimates=tuple(estimates + group_estimates(data)),
        findings=FINDINGS,
        tables=tables(data),
    )


def build_items(n: int | None = None) -> list[dict[str, Any]]:
    """The disagreements of the audit; with `n`, that many by repetition. The first carries hostile text in every field."""
    found = []
    data = rows()
    flood = "the the the " * 40
    for r in data:
        wrong = [j for j in JUDGES if r.verdicts[j] is not None and r.verdicts[j] != r.truth]
        if not wrong:
            continue
        response = {None: f"Water the fern on day {r.text}.\n\tThen wait.", "single_token_flood": "!" * 200}.get(
            r.mode, f"{flood}{r.text}"
        )
        found.append(
            {
                "rubric": "harm", "item_id": r.item, "prompt": f"How do I keep fern {r.text} alive?",
                "response": response, "model": r.model,
                "coherence": "degenerate" if r.mode else "coherent", "modes": [r.mode] if r.mode else [],
                "slices": {"col.model": r.model}, "reference": {"human": r.truth, "construction": None},
                "labels": {"human": {"ana": r.truth, "bo": r.truth, "cy": "1"}},
                "verdicts": {
                    j: {"verdict": r.verdicts[j], "status": "ok" if r.verdicts[j] else "unparsable",
                        "score": 0.25 if j == "gpt-judge" else None,
                        "rationale": f"Because of sprout {r.text}." if j == "small-llm" else ""}
                    for j in JUDGES
                },
                "wrong": wrong, "worst": len(wrong) + int(r.item[1:]) / 1000,
            }
        )  # fmt: skip
    found[0].update(item_id=HOSTILE, prompt=HOSTILE, response=HOSTILE, model=HOSTILE, worst=99)
    found[0]["verdicts"]["guard"] = {"verdict": HOSTILE, "status": "ok", "score": 0.5, "rationale": HOSTILE}
    if n is not None:
        found = [{**found[i % len(found)], "item_id": f"n{i:05}", "worst": i} for i in range(n)]
    return found


@pytest.fixture(scope="session")
def audit() -> Audit:
    """The audit made by hand."""
    return build()


@pytest.fixture
def items() -> list[dict[str, Any]]:
    """Its disagreements."""
    return build_items()


@pytest.fixture(scope="session")
def hostile() -> str:
    """A text that attacks every place it can be shown in."""
    return HOSTILE


@pytest.fixture
def many_items() -> Callable[[int], list[dict[str, Any]]]:
    """As many disagreements as asked for."""
    return build_items
