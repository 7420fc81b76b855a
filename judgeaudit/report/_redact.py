"""Texts replaced by placeholders that tell equal texts from different ones, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from judgeaudit.text import text_hash

Item = Mapping[str, Any]


def redact(items: Iterable[Item]) -> list[dict[str, Any]]:
    """The items with every prompt, response and rationale replaced; equal texts get the same number.

    Examples
    --------
    >>> [i["prompt"] for i in redact([{"prompt": "one"}, {"prompt": "two"}, {"prompt": "one"}])][::2]
    ['[text 1, 3 characters, sha256 7692c3ad3540]', '[text 1, 3 characters, sha256 7692c3ad3540]']
    """
    numbers: dict[str, int] = {}

    def placeholder(text: object) -> str | None:
        if text is None or text == "":
            return None if text is None else ""
        plain = str(text)
        number = numbers.setdefault(plain, len(numbers) + 1)
        return f"[text {number}, {len(plain):,} characters, sha256 {text_hash(plain)[:12]}]"

    return [
        {
            **item,
            **{name: placeholder(item[name]) for name in ("prompt", "response") if name in item},
            "verdicts": {
                judge: {**told, "rationale": placeholder(told.get("rationale"))}
                for judge, told in (item.get("verdicts") or {}).items()
            },
        }
        for item in items
    ]
