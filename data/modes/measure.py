"""Measure the detectors: ``python data/modes/measure.py`` writes the figures of ``judgeaudit list modes --measured``.

Four sources, each named in its figures (README.md beside this file): our own generators on the base texts beside this file,
with seeds that nothing was tuned on; the sampled outputs of `data/demo`; the held-back half of the runs of `data/collapse`; and
released sets in an optional folder beside the checkout, of which counts alone are kept. Where a source is not there, the
figures it gave before stay.
"""

from __future__ import annotations

import json
import random
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from judgeaudit.modes import truncated
from judgeaudit.modes._detect import COHERENCES, Detections, all_modes, find
from judgeaudit.modes._measured import DEGENERATE, FIGURES, Figure
from judgeaudit.modes._mode import Mode
from judgeaudit.sums.intervals import clopper_pearson

ROOT = Path(__file__).resolve().parents[2]
SETS = ROOT.parent / "shared" / "datasets"
DOSES = (0.25, 0.5, 0.75, 1.0)
TEXTS = 100
SALADS = ("function_word_salad", "shuffled_words", "word_salad")
FEW_WORDS = ((8, 10), (11, 13), (14, 16))
SEED = "measured 1"
GENERATED = "our own generators"
SOUND = "30 sound answers of ours"
ALL_GENERATED = "all our own generators"
DEMO = "sampled outputs of data/demo"
COLLAPSE = "the held-back half of the runs of data/collapse"
READ = "what was read of that half (raw counts of a sample that holds more of what is detected)"

LOOPING = frozenset({"special_token_leak", "untrained_token", "template_echo", "think_loop", "prompt_echo"})
THEN = frozenset({"gibberish_tail", "refusal_then_gibberish", "compliant_then_gibberish"})
TAILED = frozenset(
    {"character_noise", "single_token_flood", "word_loop", "sentence_loop", "templated_loop", "mojibake", "vocabulary_soup",
     "word_salad", "function_word_salad", "shuffled_words", "markup_debris"}
)  # modes, several a line  # fmt: skip
HOLDS: dict[str, frozenset[str]] = {
    "gibberish_tail": TAILED | LOOPING | THEN | {"wrong_language"},
    "character_noise": THEN,
    "single_token_flood": THEN | LOOPING | {"word_loop", "mojibake"},
    "word_loop": THEN | LOOPING | {"single_token_flood", "sentence_loop", "wrong_language"},
    "sentence_loop": LOOPING | {"word_loop", "templated_loop", "wrong_language"},
    "constant_answer": frozenset(
        {"pipeline_artefact", "broken_refusal", "empty", "empty_compliance", "foreign_format"}
    ),
    "foreign_format": frozenset({"pipeline_artefact"}),
    "code_switching": frozenset({"wrong_language"}),
    "role_leak": frozenset({"template_echo"}),
    "template_echo": frozenset({"role_leak"}),
    "untrained_token": frozenset({"special_token_leak"}),
    "broken_unicode": frozenset({"whitespace_only"}),
}
"""By mode whose generators' texts have it too: one loop differs from another by the length of its unit, every damaged tail
after a sound head is a gibberish tail, and so on. Salads are told apart, and confusing them counts as an error."""

Row = dict[str, Any]
figure = partial(Figure, truth="construction")


def share(k: int, n: int, *, reason: str = "no text of the kind") -> Row:
    """The counts k of n and their exact 95 % interval, or the reason why there is none."""
    if n == 0:
        return {"reason": reason}
    low, high = clopper_pearson(k, n, 0.025)
    return {"k": k, "n": n, "low": round(low, 4), "high": round(high, 4)}


def read(path: Path) -> list[Row]:
    """Objects of a JSON Lines file; none where it is not there."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def detected(rows: Sequence[Row]) -> Detections:
    """What is found in outputs; the reason why they ended is not told."""
    return find([row["response"] for row in rows], prompts=[row["prompt"] for row in rows])


def made(mode: Mode, bases: Sequence[Row], dose: float) -> list[Row]:
    """Distinct pairs of prompt and text of a mode at one dose, of `TEXTS` that were drawn."""
    out: dict[tuple[str, str], Row] = {}
    for number in range(TEXTS):
        rng = random.Random(f"{SEED} {mode.name} {dose} {number}")
        base = rng.choice(bases)
        text = mode.generate(rng, base=base["response"], prompt=base["prompt"], dose=dose)
        out[base["prompt"], text] = {"prompt": base["prompt"], "response": text}
    return list(out.values())


def generated() -> Iterator[Figure]:
    """Recall by dose, precision over the texts of all generators and the sound ones, hits on the sound ones."""
    bases = read(Path(__file__).with_name("bases.jsonl"))
    sound = detected(bases)
    right: Counter[str] = Counter()
    hits: Counter[str] = Counter({name: int(column.sum()) for name, column in sound.columns.modes.items()})
    for mode in all_modes():
        found = []
        for dose in DOSES:
            rows = made(mode, bases, dose)
            found.append(detected(rows).columns.modes)
            own = found[-1][mode.name]
            yield figure(mode=mode.name, figure="recall", data=GENERATED, dose=dose, **share(int(own.sum()), len(rows)))
        for name in found[0]:
            count = sum(int(modes[name].sum()) for modes in found)
            hits[name] += count
            right[name] += count if name == mode.name or mode.name in HOLDS.get(name, ()) else 0
    for mode in all_modes():
        if mode.name == "truncated":
            known: Row = {"reason": "how a text ends is not drawn by the other generators"}
        else:
            known = share(right[mode.name], hits[mode.name], reason="no hit")
        yield figure(mode=mode.name, figure="precision", data=ALL_GENERATED, **known)
        false = share(int(sound.columns.modes[mode.name].sum()), len(bases))
        yield figure(mode=mode.name, figure="hits_on_sound", data=SOUND, **false)
    degenerate = int((sound.columns.coherence == 1).sum())
    yield figure(mode=DEGENERATE, figure="false_alarms", data=SOUND, **share(degenerate, len(bases)))


def few_words() -> Iterator[Figure]:
    """Recall of salads where 8 to 16 words of one are the whole answer."""
    bases = read(Path(__file__).with_name("bases.jsonl"))
    for mode in (m for m in all_modes() if m.name in SALADS):
        for least, most in FEW_WORDS:
            texts = []
            for number in range(2 * TEXTS):
                rng = random.Random(f"{SEED} {mode.name} {least} {number}")
                base = rng.choice(bases)
                words = mode.generate(rng, base=base["response"], prompt=base["prompt"], dose=1.0).split()
                size = rng.randint(least, most)
                first = rng.randrange(len(words) - size + 1)
                texts.append(" ".join(words[first : first + size]))
            found = find(list(dict.fromkeys(texts))).columns
            k, n = int((found.coherence == 1).sum()), len(found.coherence)
            data = f"{GENERATED}, {least} to {most} words of full dose as the whole answer"
            yield figure(mode=mode.name, figure="recall", data=data, **share(k, n))


def cut_off(rows: Sequence[Row], found: Detections, data: str) -> Iterator[Figure]:
    """`truncated` against the reason that was recorded at sampling: by the look of the text alone, and told that reason.

    The look says nothing of answers under 120 characters, and of loops and floods, which end as they went on: the cut answers
    with sentences enough are counted apart.
    """
    reasons = [row["meta"]["finish_reason"] for row in rows]
    cut = [reason == "length" for reason in reasons]
    told = find([r["response"] for r in rows], prompts=[r["prompt"] for r in rows], finish_reasons=reasons)
    readable = [
        len(row["response"]) >= truncated.LEAST and COHERENCES[c] != DEGENERATE
        for row, c in zip(rows, found.columns.coherence.tolist(), strict=True)
    ]
    for words, columns in (("by the look of the text alone", found.columns), ("told why sampling ended", told.columns)):
        hit = columns.modes["truncated"].tolist()
        said = partial(figure, mode="truncated", data=f"{data}, {words}")
        both = [a and b for a, b in zip(cut, hit, strict=True)]
        yield said(figure="recall", **share(sum(both), sum(cut), reason="no answer was cut"))
        yield said(figure="precision", **share(sum(both), sum(hit), reason="no hit"))
        if columns is found.columns:
            some = [c and r for c, r in zip(cut, readable, strict=True)]
            k = sum(b and r for b, r in zip(both, readable, strict=True))
            place = f"{data}, by the look alone, of 120 characters or more and not degenerate"
            yield said(figure="recall", **{**share(k, sum(some), reason="no such answer was cut"), "data": place})


def distinct(rows: Iterable[Row]) -> list[Row]:
    """One of each pair of prompt and text: repetition is not evidence."""
    return list({(row["prompt"], row["response"]): row for row in rows}.values())


def demo() -> Iterator[Figure]:
    """Coherence as a language model read it, hits of modes of degenerate output on what it read as coherent, and `truncated`."""
    rows = distinct(row for row in read(ROOT / "data/demo/demo.jsonl") if row["meta"]["origin"] == "sampled")
    if not rows:
        return
    found = detected(rows)
    read_as = [row["meta"].get("read_as") for row in rows]
    called = [COHERENCES[c] == DEGENERATE for c in found.columns.coherence.tolist()]
    both = sum(c and r == DEGENERATE for c, r in zip(called, read_as, strict=True))
    total, sound = read_as.count(DEGENERATE), read_as.count("coherent")
    wrong = sum(c and r == "coherent" for c, r in zip(called, read_as, strict=True))
    said = partial(Figure, data=DEMO, truth="model")
    yield said(mode=DEGENERATE, figure="recall", **share(both, total))
    yield said(mode=DEGENERATE, figure="precision", **share(both, sum(called), reason="no hit"))
    yield said(mode=DEGENERATE, figure="false_alarms", **share(wrong, sound))
    for mode in all_modes():
        if mode.degenerate:
            column = found.columns.modes[mode.name].tolist()
            k = sum(h and r == "coherent" for h, r in zip(column, read_as, strict=True))
            yield said(mode=mode.name, figure="hits_on_sound", **share(k, sound))
    yield from cut_off(rows, found, DEMO)


def collapse() -> Iterator[Figure]:
    """Hits by mode on the runs that are held back: every second one by name. Coherence was read of a sample, modes of none."""
    rows = read(ROOT / "data/collapse/outputs.jsonl")
    held = sorted({row["meta"]["run"] for row in rows})[1::2]
    every = [row for row in rows if row["meta"]["run"] in held]
    rows = distinct(every)
    missing = "data/collapse/outputs.jsonl is not there"
    found = detected(rows)
    said = partial(Figure, data=COLLAPSE, truth="none", figure="hits")
    for name, column in found.columns.modes.items():
        yield said(mode=name, **share(int(column.sum()), len(rows), reason=missing))
    degenerate = int((found.columns.coherence == 1).sum())
    yield said(mode=DEGENERATE, **share(degenerate, len(rows), reason=missing))
    if rows:
        yield from cut_off(rows, found, COLLAPSE)
        yield from against_readings(every)
    for run in held:
        own = [row for row in rows if row["meta"]["run"] == run]
        k = int((detected(own).columns.coherence == 1).sum())
        yield Figure(mode=DEGENERATE, figure="hits", data=f"{run} of that half", truth="none", **share(k, len(own)))


def against_readings(rows: Sequence[Row]) -> Iterator[Figure]:
    """Coherence against what a language model read of a stratified sample."""
    rows = distinct(row for row in rows if "read_weight" in row["meta"])
    read_as = [{label["dimension"]: label["label"] for label in row["human_labels"]}["coherence"] for row in rows]
    called = (detected(rows).columns.coherence == 1).tolist()
    both = sum(c and r == DEGENERATE for c, r in zip(called, read_as, strict=True))
    wrong = sum(c and r == "coherent" for c, r in zip(called, read_as, strict=True))
    said = partial(Figure, data=READ, truth="model", mode=DEGENERATE)
    yield said(figure="recall", **share(both, read_as.count(DEGENERATE)))
    yield said(figure="precision", **share(both, sum(called), reason="no hit"))
    yield said(figure="false_alarms", **share(wrong, read_as.count("coherent")))


def simple_rules(text: str) -> bool:
    """The rules that the descriptions of the released sets count degenerate outputs by."""
    tokens = text.lower().split()
    if len(text.strip()) < 5 or sum(ord(c) > 0x7F for c in text) > 0.3 * len(text):
        return True
    if len(text) > 200 and len(zlib.compress(text.encode(), 9)) / len(text.encode()) < 0.2:
        return True
    if len(tokens) >= 20:
        trigrams = Counter(zip(tokens, tokens[1:], tokens[2:], strict=False))
        if len(set(tokens)) < 0.2 * len(tokens) or 3 * max(trigrams.values()) > 0.3 * len(tokens):
            return True
    return sum(c.isalpha() or c.isspace() for c in text) < 0.6 * len(text)


def released(name: str) -> Iterator[Figure]:
    """How many of the hits simple rules call degenerate too, and how many of theirs we do: agreement, not truth."""
    rows = read(SETS / name / f"{name}.jsonl")
    simple = [simple_rules(row["response"]) for row in rows]
    found = detected(rows)
    ours = {mode: column.tolist() for mode, column in found.columns.modes.items()}
    ours[DEGENERATE] = (found.columns.coherence == 1).tolist()
    said = partial(Figure, truth="simple rules", figure="agreement")
    for mode, column in ours.items():
        both = sum(a and b for a, b in zip(column, simple, strict=True))
        yield said(mode=mode, data=f"hits in {name}", **share(both, sum(column), reason="no hit"))
        if mode == DEGENERATE:
            yield said(mode=mode, data=f"what simple rules find in {name}", **share(both, sum(simple)))


def sound_sets() -> Iterator[Figure]:
    """False alarms on released sets of sound answers, which the thresholds were tuned on."""
    rows = [
        row for name in ("jbb-judge-comparison", "xstest-completions") for row in read(SETS / name / f"{name}.jsonl")
    ]
    k = int((detected(rows).columns.coherence == 1).sum())
    data = "jbb-judge-comparison and xstest-completions (tuned on)"
    yield Figure(mode=DEGENERATE, figure="false_alarms", data=data, truth="none", **share(k, len(rows)))


def measured() -> list[Figure]:
    """All figures, of sources that are not there those of the last time."""
    out = [*generated(), *few_words(), *demo(), *collapse()]
    if SETS.is_dir():
        out += [*sound_sets(), *released("em-collapse"), *released("harmbench-val")]
    elif FIGURES.is_file():
        kept = [Figure(**row) for row in json.loads(FIGURES.read_text(encoding="utf-8"))["figures"]]
        out += [one for one in kept if one.truth == "simple rules" or "tuned on" in one.data]
    return sorted(out, key=lambda one: one.mode)


def main() -> None:
    """Measure, and write the file of the package, one figure a line."""
    rows = [{key: value for key, value in asdict(one).items() if value is not None} for one in measured()]
    body = ",\n".join(json.dumps(row, sort_keys=True) for row in rows)
    FIGURES.write_text(f'{{"confidence": 0.95, "figures": [\n{body}\n], "seed": "{SEED}"}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
