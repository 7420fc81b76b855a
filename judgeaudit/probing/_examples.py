"""One probe of each kind with its text and what each judge said of it: to be looked at, and no part of stress.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from judgeaudit.engine.probing import Stressing
from judgeaudit.model import Judgement, Output
from judgeaudit.probes._make import ATTACK, DECORATION, DOSE, PURE
from judgeaudit.text import head_and_tail

TEXT = 4000
_ROLES = (DOSE, PURE, DECORATION, ATTACK)
_MIDDLE = 0.5

Example = Mapping[str, Any]


def examples(stressing: Stressing, judgements: Iterable[Judgement]) -> list[Example]:
    """One probe of each mode at dose 0, near 0.5 and at the highest dose, and one of each other kind, rubric by rubric.

    They are made from one sound negative text where it gives such a probe, so that all can be compared; else from the first
    text that does. Kinds that reword the rubric leave the text as it is and are not shown.
    """
    said: dict[tuple[str, str], dict[str, Judgement]] = {}
    for j in judgements:
        said.setdefault((j.rubric, j.item_id), {})[j.judge] = j
    return [
        _example(stressing, rubric, output, role, name, dose, said)
        for rubric in stressing.bases
        for role, name, dose, output in _chosen(stressing, rubric)
    ]


def dumps(found: Sequence[Example]) -> bytes:
    """The lines of the examples' file: one object a line, ASCII, sorted keys."""
    return "".join(json.dumps(e, ensure_ascii=True, allow_nan=False, sort_keys=True) + "\n" for e in found).encode()


def sha256(found: Sequence[Example]) -> str:
    """The hash of the examples' file, by which stress.json knows it."""
    return hashlib.sha256(dumps(found)).hexdigest()


def _chosen(stressing: Stressing, rubric: str) -> Iterator[tuple[str, str, float | None, Output]]:
    """Role, name, dose and output of each example."""
    bases = stressing.bases[rubric].chosen
    order = [b.output.item_id for positive in (False, True) for b in bases if b.positive is positive]
    rank = {item: i for i, item in enumerate(order)}
    groups: dict[tuple[str, str], list[Output]] = {}
    for output in stressing.probes[rubric].plain:
        role = str(output.meta["role"])
        if role in _ROLES:
            groups.setdefault((role, str(output.meta.get("mode", output.meta["probe"]))), []).append(output)
    base_of = {b.output.item_id: b.output for b in bases}
    for role, name in sorted(groups, key=lambda key: (_ROLES.index(key[0]), key[1])):
        first = min((str(o.meta["base"]) for o in groups[role, name]), key=rank.__getitem__)
        mine = [o for o in groups[role, name] if o.meta["base"] == first]
        if role != DOSE:
            yield role, name, None, mine[0]
            continue
        yield role, name, 0.0, base_of[first]
        by_dose = {float(o.meta["dose"]): o for o in mine}
        for dose in sorted({min(by_dose, key=lambda d: (round(abs(d - _MIDDLE), 9), d)), max(by_dose)}):
            yield role, name, dose, by_dose[dose]


def _example(
    stressing: Stressing,
    rubric: str,
    output: Output,
    role: str,
    name: str,
    dose: float | None,
    said: Mapping[tuple[str, str], Mapping[str, Judgement]],
) -> Example:
    base_id = str(output.meta.get("base", output.item_id)) if dose != 0 else output.item_id
    base = next(b for b in stressing.bases[rubric].chosen if b.output.item_id == base_id)
    verdicts = said.get((rubric, output.item_id), {})
    return {
        "rubric": rubric,
        "role": role,
        "name": name,
        "variant": output.meta.get("variant") if role != DOSE else None,
        "dose": dose,
        "base": base_id,
        "base_value": base.value,
        "base_positive": base.positive,
        "prompt": head_and_tail(output.prompt, TEXT)[0],
        "response": head_and_tail(output.response, TEXT)[0],
        "verdicts": {
            judge: {"verdict": verdicts[judge].verdict, "status": str(verdicts[judge].status)}
            for judge in sorted(verdicts)
        },
    }
