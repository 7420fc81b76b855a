"""The disagreement browser's data: worst first, safe to stand inside a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgeaudit.report._words import slice_name, status
from judgeaudit.text import head_and_tail, visible

MAX_ITEMS = 10_000
MAX_TEXT = 20_000
MAX_CHARACTERS = 24_000_000
STATIC = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """What the page holds: `shown` of `total` items, as JSON for the script and the first few for readers without it."""

    total: int
    shown: int
    data: str
    first: tuple[Mapping[str, Any], ...]
    judges: tuple[str, ...]
    modes: tuple[str, ...]
    slices: tuple[str, ...]
    rubrics: tuple[str, ...]


def browser(items: Iterable[Mapping[str, Any]], positive: Mapping[str, Sequence[str]]) -> Browser:
    """Prepare the items; `positive` gives each rubric's positive values.

    At most `MAX_ITEMS` items and `MAX_CHARACTERS` of text go into a page, the worst first; the page says how many there are.
    """
    ranked = sorted(
        items, key=lambda i: (-float(i.get("worst") or 0), str(i.get("rubric", "")), str(i.get("item_id", "")))
    )
    kept: list[dict[str, Any]] = []
    size = 0
    for item in ranked[:MAX_ITEMS]:
        one = _item(item, positive.get(str(item.get("rubric", "")), ()))
        size += len(one["prompt"]) + len(one["response"]) + sum(len(v["rationale"]) for v in one["verdicts"])
        if kept and size > MAX_CHARACTERS:
            break
        kept.append(one)
    return Browser(
        total=len(ranked),
        shown=len(kept),
        data=embedded(kept),
        first=tuple(kept[:STATIC]),
        judges=_known(v["judge"] for i in kept for v in i["verdicts"]),
        modes=_known(m for i in kept for m in i["modes"]),
        slices=_known(s for i in kept for s in i["slices"]),
        rubrics=_known(i["rubric"] for i in kept),
    )


def embedded(content: object) -> str:
    """JSON that may stand inside a script element: ASCII only, and none of the characters that HTML knows.

    Examples
    --------
    >>> embedded("</script>é")
    '"\\\\u003c/script\\\\u003e\\\\u00e9"'
    """
    plain = json.dumps(content, ensure_ascii=True, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _item(item: Mapping[str, Any], positive: Sequence[str]) -> dict[str, Any]:
    wrong = {str(j) for j in item.get("wrong") or ()}
    return {
        "rubric": visible(str(item.get("rubric", ""))),
        "id": visible(str(item.get("item_id", ""))),
        "prompt": _text(item.get("prompt")),
        "response": _text(item.get("response")),
        "length": len(str(item.get("response") or "")),
        "model": visible(str(item.get("model") or "")),
        "coherence": visible(str(item.get("coherence") or "")),
        "modes": [visible(str(m)).replace("_", " ") for m in item.get("modes") or ()],
        "slices": [visible(slice_name(f"{k}={v}")) for k, v in (item.get("slices") or {}).items()],
        "reference": [
            [visible(str(k)), visible(str(v))] for k, v in (item.get("reference") or {}).items() if v is not None
        ],
        "labels": [
            [visible(str(kind)), visible(str(who)), visible(str(value))]
            for kind, given in (item.get("labels") or {}).items()
            for who, value in (given or {}).items()
        ],
        "verdicts": [
            _verdict(str(j), told, str(j) in wrong, positive) for j, told in (item.get("verdicts") or {}).items()
        ],
    }


def _verdict(judge: str, told: Mapping[str, Any], wrong: bool, positive: Sequence[str]) -> dict[str, Any]:
    verdict = told.get("verdict")
    direction = ""
    if wrong and positive:
        direction = "over" if str(verdict) in positive else "under"
    score = told.get("score")
    return {
        "judge": visible(judge),
        "verdict": "" if verdict is None else visible(str(verdict)),
        "status": status(str(told.get("status") or ("missing" if verdict is None else "ok"))),
        "score": "" if score is None else f"{float(score):.2f}",
        "rationale": _text(told.get("rationale")),
        "wrong": wrong,
        "direction": direction,
    }


def _text(raw: object) -> str:
    return visible(head_and_tail("" if raw is None else str(raw), MAX_TEXT)[0])


def _known(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({n for n in names if n}))
