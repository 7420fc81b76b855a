"""Word order: what the model of word pairs calls disorder, what it leaves alone, and how much of it is found."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest

from judgeaudit.modes import _order, _salad
from judgeaudit.modes._detect import all_modes, detect
from judgeaudit.modes._make import WORDS
from tests.modes.hard_negatives import PROSE, SOUND
from tests.modes.test_generators import BASES, PROMPT

SALADS = ("function_word_salad", "shuffled_words", "word_salad")
MODES = {mode.name: mode for mode in all_modes()}


def mean_score(text: str) -> float:
    joined = _order.framed(text.encode())
    scores, _ = _order.pair_scores(joined, *_order.word_hashes(joined, joined > 0x20))
    return float(scores.mean()) / _order.UNIT


@pytest.mark.parametrize("text", [PROSE, *BASES])
def test_prose_scores_far_higher_than_its_words_in_other_orders(text: str) -> None:
    rng = random.Random(1)
    words = text.split()
    shuffled = [" ".join(rng.sample(words, len(words))) for _ in range(20)]
    disorder = float(np.mean([mean_score(t) for t in shuffled]))
    assert disorder < -0.35
    assert mean_score(text) > disorder + 0.2


@pytest.mark.parametrize("name", SALADS)
def test_most_generated_salads_of_full_dose_are_found_on_seeds_not_tuned_on(name: str) -> None:
    found = []
    for seed in range(9000, 9150):
        rng = random.Random(seed)
        text = MODES[name].generate(rng, base=rng.choice(BASES), prompt=PROMPT, dose=1.0)
        found.append(detect(text, prompt=PROMPT))
    assert sum(d.coherence == "degenerate" for d in found) >= 0.9 * len(found)
    assert sum(name in {h.mode for h in d.hits} for d in found) >= 0.9 * len(found)


def test_salad_of_the_second_half_is_where_it_is() -> None:
    rng = random.Random(3)
    words = (BASES[0] + " " + BASES[1]).lower().replace(".", "").replace(",", "").split()
    text = f"{PROSE}{' '.join(rng.sample(words, len(words)))}"
    (hit,) = (h for h in detect(text).hits if h.mode == "shuffled_words")
    assert abs(hit.spans[0][0] - len(PROSE)) < 0.35 * (len(text) - len(PROSE))
    assert hit.spans[-1][1] > len(text) - 60
    assert "gibberish_tail" in {h.mode for h in detect(text).hits}


def test_no_sound_text_has_a_stretch_of_disorder() -> None:
    assert {name: _salad.find(text, ()).kind for name, _, text in SOUND if _salad.find(text, ()).kind} == {}


# Of 200 each; a quarter less than the share found when the limits were set, on other seeds.
@pytest.mark.parametrize(
    ("name", "words", "least"),
    [("word_salad", 12, 36), ("word_salad", 15, 58), ("function_word_salad", 9, 22), ("function_word_salad", 15, 105)],
)
def test_short_salads_are_found_where_they_are_the_whole_answer(name: str, words: int, least: int) -> None:
    found = 0
    for seed in range(200):
        rng = random.Random(f"short {seed}")
        text = " ".join(MODES[name].generate(rng, base="", prompt="", dose=1.0).split()[:words])
        here = detect(text)
        found += here.coherence == "degenerate"
        for hit in here.hits:
            assert hit.spans == ((0, len(text)),)
    assert found >= least


def test_short_sound_answers_are_no_salad() -> None:
    texts = [*BASES, PROSE, *(text for _, _, text in SOUND)]
    short = [s for text in texts for s in re.split(r"(?<=[.!?])\s+|\n+", text) if 8 <= len(s.split()) <= 16]
    assert len(short) > 100
    assert [s for s in short if _salad.find(s, ()).kind] == []


def test_a_few_words_of_salad_in_a_sound_answer_are_left_alone() -> None:
    """Within a longer answer one odd stretch of a dozen words is a title or a list more often than a failure."""
    salad = "of to the and in by with from at on for as"
    assert detect(salad).coherence == "degenerate"
    assert _salad.find(f"{PROSE}{salad}", ()).kind is None


@pytest.mark.parametrize(
    "text",
    [
        " ".join(random.Random(1).sample(WORDS, 30)),
        "data table list set array string number object type",
        "name place date time value result number group list size",
        "rice beans milk bread salt sugar flour eggs butter tea coffee",
        "one two three four five six seven eight nine ten eleven twelve",
        "yes no yes yes no no yes no yes",
        "who what when where why how which whose",
        "\n".join(["rice", "beans", "milk", "bread", "salt", "sugar", "flour", "eggs", "butter", "tea", "coffee"] * 3),
        "nicht aber der Hund und die Katze in so war es das alte Haus mit den roten Fenstern am See wo wir als Kinder oft im "
        "Sommer die Tage mit Baden und Lesen verbrachten bis die Schule im Herbst wieder begann und alle nach Hause mussten",
        "keywords: kite wind line tail sail bridle knot breeze gust frame spar paper glue string reel winder field hill sky",
        "of, which, to, and, but, the, in, so, were, by, from, with, at, on, for, as, or, if, than, then, when, while, where",
    ],
    ids=[
        "rare nouns",
        "technical nouns",
        "columns",
        "shopping in a row",
        "counting",
        "votes",
        "question words",
        "shopping list",
        "german",
        "keywords",
        "list of function words",
    ],
)
def test_lists_and_other_languages_are_not_called_salad(text: str) -> None:
    assert detect(text).coherence != "degenerate"


def test_nonsense_that_was_asked_for_is_no_salad() -> None:
    text = MODES["function_word_salad"].generate(random.Random(1), base="", prompt="", dose=1.0)
    assert detect(text).coherence == "degenerate"
    assert detect(text, prompt="Write 60 random words in a row.").coherence != "degenerate"


def test_the_model_is_small_and_its_sources_are_recorded() -> None:
    import json
    from pathlib import Path

    assert _order.MODEL.stat().st_size < 1_000_000
    record = Path(__file__).parents[2] / "data" / "words" / "record.json"
    said = json.loads(record.read_text(encoding="utf-8"))
    assert said["bytes"] == _order.MODEL.stat().st_size
    assert {source["licence"] for source in said["sources"]} == {"PSF-2.0", "BSD-3-Clause"}
