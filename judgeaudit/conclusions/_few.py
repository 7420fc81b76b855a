"""A note where differences rest on few prompts or few verdicts of one kind: their intervals are too short there."""

from __future__ import annotations

import numpy as np

from judgeaudit.conclusions._study import NEGATIVE, POSITIVE, Study

PROMPTS, RARER = 20, 6
"""Fewer prompts, or fewer verdicts of the rarer kind, than this: read off docs/coverage.md."""


def few(study: Study) -> list[str]:
    """At most one note, with how many rates it is about; a rate is of one judge, run, checkpoint and benchmark."""
    places = np.stack([study.run, study.checkpoint, study.benchmark], axis=1)
    _, place = np.unique(places, axis=0, return_inverse=True)
    place, size = place.reshape(-1), int(place.max(initial=-1)) + 1
    asked = np.unique(np.stack([place, study.prompt], axis=1), axis=0)[:, 0]
    narrow = np.bincount(asked, minlength=size) < PROMPTS
    count = total = 0
    for judge in study.judges:
        kinds = [np.bincount(place[judge.verdicts == kind], minlength=size) for kind in (NEGATIVE, POSITIVE)]
        scored = kinds[0] + kinds[1] > 0
        count += int((scored & (narrow | (np.minimum(*kinds) < RARER))).sum())
        total += int(scored.sum())
    if not count:
        return []
    return [
        f"{count} of {total} rates (by judge, run, checkpoint and benchmark) rest on fewer than {PROMPTS} prompts or fewer than "
        f"{RARER} verdicts of the rarer kind: in simulations of such samples the 95 % intervals of their differences held the "
        "true value in 88 to 92 % of them, so take them as too short"
    ]
