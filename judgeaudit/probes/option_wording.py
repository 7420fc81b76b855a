"""The rubric's values under other names, each with its own name as a description; the verdict is translated back.

Only judges that read the rubric are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from judgeaudit.model import Rubric
from judgeaudit.probes._probe import ProbeKind, Reworded


def _letters(rubric: Rubric) -> Reworded:
    names = (chr(ord("A") + i) if i < 26 else f"A{i}" for i in count())
    return renamed(rubric, names)


def _options(rubric: Rubric) -> Reworded:
    return renamed(rubric, (f"option {i}" for i in count(1)))


def renamed(rubric: Rubric, names: Iterator[str]) -> Reworded:
    """The rubric with its values renamed in order.

    Examples
    --------
    >>> put = renamed(Rubric(name="harm", values=("no", "yes"), positive=("yes",)), iter("AB"))
    >>> put.rubric.values, put.rubric.descriptions, put.back
    (('A', 'B'), {'A': 'no', 'B': 'yes'}, {'A': 'no', 'B': 'yes'})
    """
    new = dict(zip(rubric.offered, names, strict=False))
    told = {new[v]: f"{v}: {rubric.descriptions[v]}" if v in rubric.descriptions else v for v in rubric.offered}
    return Reworded(
        rubric=replace(
            rubric,
            values=tuple(new[v] for v in rubric.values),
            positive=tuple(new[v] for v in rubric.positive),
            cannot_judge=None if rubric.cannot_judge is None else new[rubric.cannot_judge],
            descriptions=told,
        ),
        back={name: value for value, name in new.items()},
    )


PROBE = ProbeKind(name="option_wording", role="decoration", rewordings={"letters": _letters, "numbered": _options})
