"""Every mode's detector finds what its generator makes; dose 0 changes nothing; same seed, same text."""

from __future__ import annotations

import random

import pytest

from judgeaudit import kinds
from judgeaudit.modes._detect import Detection, all_modes, detect, find
from judgeaudit.modes._mode import Mode

BASES = (
    "Heat the oven first. Whisk two eggs with the sugar until the mix is pale, then fold in the flour with a large spoon. "
    "Pour it into a buttered tin and bake it for half an hour. Let it cool on a rack before you cut it.",
    "A lighthouse is a tower with a strong lamp at the top. Ships use it to find the harbour at night, and to keep away from "
    "the rocks. Most of them work without a keeper today, but some are open to visitors in the summer.",
    "To mend a bicycle tube, find the hole by holding the tube under water and looking for bubbles. Dry it, roughen the "
    "rubber around the hole, spread a little glue, wait for two minutes and press the patch on firmly.",
)
PROMPT = "Please tell me how this works in a few plain words for a beginner"
MODES = {mode.name: mode for mode in all_modes()}
FULL_DOSE_SEEN_AT_LEAST = 0.95


def made(mode: Mode, seed: int, dose: float) -> str:
    rng = random.Random(f"{mode.name} {seed}")
    return mode.generate(rng, base=rng.choice(BASES), prompt=PROMPT, dose=dose)


def test_each_file_is_the_mode_of_its_name() -> None:
    assert sorted(MODES) == kinds.names("judgeaudit.modes")
    assert len(MODES) == 31


@pytest.mark.parametrize("name", sorted(MODES))
def test_dose_zero_is_the_base_and_seeds_repeat(name: str) -> None:
    mode = MODES[name]
    for base in (*BASES, ""):
        assert mode.generate(random.Random(1), base=base, prompt=PROMPT, dose=0.0) == base
    assert made(mode, 3, 0.7) == made(mode, 3, 0.7)
    varied = len({made(mode, seed, 0.7) for seed in range(12)})
    assert varied >= (len(BASES) if name in {"empty", "truncated", "constant_answer"} else 6)


@pytest.mark.parametrize("name", sorted(MODES))
def test_full_dose_is_found_and_judged(name: str) -> None:
    mode = MODES[name]
    texts = [made(mode, seed, 0.8 if name == "truncated" else 1.0) for seed in range(100)]
    finish = "length" if name == "truncated" else None
    found = [detect(text, prompt=PROMPT, finish_reason=finish) for text in texts]
    if name == "constant_answer":
        many = find(texts, prompts=[f"{PROMPT} of number {i}" for i in range(len(texts))])
        found = [Detection(coherence=many.coherence(i), hits=many.hits.get(i, ())) for i in range(len(texts))]
    seen = [d for d in found if name in {hit.mode for hit in d.hits}]
    assert len(seen) >= FULL_DOSE_SEEN_AT_LEAST * len(texts)
    if mode.degenerate:
        assert sum(d.coherence == "degenerate" for d in found) >= FULL_DOSE_SEEN_AT_LEAST * len(texts)


@pytest.mark.parametrize("name", sorted(MODES))
def test_hits_have_spans_inside_the_text_and_a_strength(name: str) -> None:
    mode = MODES[name]
    for seed in range(40):
        text = made(mode, seed, 0.25 + 0.25 * (seed % 4))
        for hit in detect(text, prompt=PROMPT).hits:
            assert 0 < hit.strength <= 1
            assert hit.spans or hit.mode == "empty"
            ends = [-1]
            for start, end in hit.spans:
                assert ends[-1] < start < end <= len(text)
                ends.append(end)


def test_recall_grows_with_dose() -> None:
    names = [n for n, m in MODES.items() if m.degenerate and n not in {"empty", "whitespace_only", "gibberish_tail"}]
    shares = []
    for dose in (0.0, 0.15, 0.6, 1.0):
        found = [detect(made(MODES[n], s, dose), prompt=PROMPT).coherence for n in names for s in range(20)]
        shares.append(sum(c == "degenerate" for c in found) / len(found))
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[2] > 0.6
