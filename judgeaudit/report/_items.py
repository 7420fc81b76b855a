"""The browser of single outputs: worst first, safe to stand inside a page, and which of them show what a judge did."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgeaudit.model import LABEL_KINDS, Status
from judgeaudit.report._words import slice_name, status
from judgeaudit.text import head_and_tail, visible

MAX_ITEMS = 10_000
MAX_TEXT = 20_000
MAX_CHARACTERS = 24_000_000
STATIC = 10
WRONG = ("over", "under", "wrong")
OUTCOMES = (*WRONG, "true_positive", "true_negative", "right", "positive", "negative", "unscored")
"""What a judge did with an output: called it positive wrongly, missed it, was wrong on a scale without sides; called it
positive rightly, rightly not, was right; called it positive or not, whatever the labels say; gave no verdict."""

Shown = tuple[str, str, str, str, str]
"""Rubric, judge, kind of output, whose labels (`""`: the main ones), and what the judge did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What is known of a rubric: its judges in the report's order, and the kind of labels that speaks first (None: none)."""

    positive: frozenset[str] = frozenset()
    cannot_judge: str | None = None
    default: str | None = None
    judges: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """What the page holds: `shown` of `total` items, as JSON for the script and the first few for readers without it.

    Parameters
    ----------
    others
        Kinds of labels beside the main ones.
    examples
        Of what there is an example among the shown items.
    """

    total: int
    shown: int
    data: str
    first: tuple[Mapping[str, Any], ...]
    judges: tuple[str, ...]
    modes: tuple[str, ...]
    slices: tuple[str, ...]
    rubrics: tuple[str, ...]
    others: tuple[str, ...]
    outcomes: tuple[str, ...]
    coherence: tuple[str, ...]
    examples: frozenset[Shown]


def browser(items: Iterable[Mapping[str, Any]], scales: Mapping[str, Scale]) -> Browser:
    """Prepare the items; `scales` tells of each rubric.

    At most `MAX_ITEMS` items and `MAX_CHARACTERS` of text go into a page, the worst first; the page says how many there are.
    """
    ranked = sorted(
        items, key=lambda i: (-float(i.get("worst") or 0), str(i.get("rubric", "")), str(i.get("item_id", "")))
    )
    kept: list[dict[str, Any]] = []
    size = 0
    for item in ranked[:MAX_ITEMS]:
        one = _item(item, scales.get(str(item.get("rubric", "")), Scale()))
        size += len(one["prompt"]) + len(one["response"]) + sum(len(v["rationale"]) for v in one["verdicts"])
        if kept and size > MAX_CHARACTERS:
            break
        kept.append(one)
    examples = frozenset(shown for one in kept for shown in _shown(one))
    done = {shown[-1] for shown in examples}
    return Browser(
        total=len(ranked),
        shown=len(kept),
        data=embedded(kept),
        first=tuple(kept[:STATIC]),
        judges=_known(v["judge"] for i in kept for v in i["verdicts"]),
        modes=_known(m for i in kept for m in i["modes"]),
        slices=_known(s for i in kept for s in i["slices"]),
        rubrics=_known(i["rubric"] for i in kept),
        others=tuple(k for k in LABEL_KINDS if any(shown[3] == k for shown in examples)),
        outcomes=tuple(o for o in OUTCOMES if o in done),
        coherence=_known(i["coherence"] for i in kept),
        examples=examples,
    )


def place_of(key: str) -> str:
    """A slice's key as the browser's kind of output: `=PART` of coherence, a mode in words, `""` for all outputs.

    Examples
    --------
    >>> place_of("coherence=degenerate"), place_of("mode=word_loop"), place_of("all")
    ('=degenerate', 'word loop', '')
    """
    column, _, name = key.partition("=")
    return f"={visible(name)}" if column == "coherence" else _spoken(name)


def _shown(one: Mapping[str, Any]) -> Iterator[Shown]:
    places = ["", *([f"={one['coherence']}"] if one["coherence"] else []), *one["modes"]]
    for v in one["verdicts"]:
        always = [o for o in ("positive", "negative", "unscored") if v[o]]
        for by in v["by"].keys() | {""}:
            for did in [*always, *([v["by"][by]] if by in v["by"] else [])]:
                for place in places:
                    yield one["rubric"], v["judge"], place, by, did


def embedded(content: object) -> str:
    """JSON that may stand inside a script element: ASCII only, and none of the characters that HTML knows.

    Examples
    --------
    >>> embedded("</script>é")
    '"\\\\u003c/script\\\\u003e\\\\u00e9"'
    """
    plain = json.dumps(content, ensure_ascii=True, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _item(item: Mapping[str, Any], scale: Scale) -> dict[str, Any]:
    reference = {str(k): str(v) for k, v in (item.get("reference") or {}).items() if v is not None}
    kinds = sorted(reference, key=lambda k: (LABEL_KINDS.index(k) if k in LABEL_KINDS else len(LABEL_KINDS), k))
    verdicts = {str(j): told for j, told in (item.get("verdicts") or {}).items()}
    wrong = {str(j) for j in item.get("wrong") or ()}
    order = {judge: i for i, judge in enumerate(scale.judges)}
    return {
        "rubric": visible(str(item.get("rubric", ""))),
        "id": visible(str(item.get("item_id", ""))),
        "prompt": _text(item.get("prompt")),
        "response": _text(item.get("response")),
        "length": len(str(item.get("response") or "")),
        "model": visible(str(item.get("model") or "")),
        "coherence": visible(str(item.get("coherence") or "")),
        "modes": [_spoken(str(m)) for m in item.get("modes") or ()],
        "slices": [visible(slice_name(f"{k}={v}")) for k, v in (item.get("slices") or {}).items()],
        "reference": [[visible(k), visible(reference[k])] for k in kinds],
        "labels": [
            [visible(str(kind)), visible(str(who)), visible(str(value))]
            for kind, given in (item.get("labels") or {}).items()
            for who, value in (given or {}).items()
        ],
        "verdicts": [
            _verdict(judge, verdicts[judge], judge in wrong, reference, scale)
            for judge in sorted(verdicts, key=lambda j: (order.get(j, len(order)), j))
        ],
    }


def _verdict(
    judge: str, told: Mapping[str, Any], wrong: bool, reference: Mapping[str, str], scale: Scale
) -> dict[str, Any]:
    verdict = None if told.get("verdict") is None else str(told["verdict"])
    state = str(told.get("status") or ("missing" if verdict is None else "ok"))
    score = told.get("score")
    by = {visible(k): did for k, v in reference.items() if k != scale.default and (did := _outcome(verdict, v, scale))}
    main = _wrongly(verdict, scale) if wrong else _rightly(verdict, reference.get(scale.default or ""), scale)
    return {
        "judge": visible(judge),
        "verdict": visible(verdict or ""),
        "status": status(state),
        "score": "" if score is None else f"{float(score):.2f}",
        "rationale": _text(told.get("rationale")),
        "wrong": wrong,
        "by": by | ({"": main} if main else {}),
        "positive": verdict in scale.positive,
        "negative": bool(scale.positive)
        and verdict is not None
        and verdict not in {*scale.positive, scale.cannot_judge},
        "unscored": verdict is None and state != Status.SKIPPED,
    }


def _wrongly(verdict: str | None, scale: Scale) -> str:
    if not scale.positive:
        return "wrong"
    return "over" if verdict in scale.positive else "under"


def _rightly(verdict: str | None, reference: str | None, scale: Scale) -> str:
    did = "" if reference is None else _outcome(verdict, reference, scale)
    return "" if did in WRONG else did


def _outcome(verdict: str | None, reference: str, scale: Scale) -> str:
    """What the judge did by this reference; nothing where either stands outside the measures."""
    if verdict is None or scale.cannot_judge in (verdict, reference):
        return ""
    if not scale.positive:
        return "right" if verdict == reference else "wrong"
    if (verdict in scale.positive) != (reference in scale.positive):
        return _wrongly(verdict, scale)
    return "true_positive" if verdict in scale.positive else "true_negative"


def _spoken(mode: str) -> str:
    return visible(mode).replace("_", " ")


def _text(raw: object) -> str:
    return visible(head_and_tail("" if raw is None else str(raw), MAX_TEXT)[0])


def _known(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({n for n in names if n}))
