"""What the tool says of two released sets that hold gibberish, as a page; figures come from the commands that the page shows.

    python tests/bench/check_real_sets.py [--sets ../shared/datasets] [--out docs/real-sets.md] [--tables DIR]

Every figure is read from the output of `judgeaudit`, called as the page tells. A set that is not there is named on stderr, and
its part of the page stays as it is. `--tables DIR` keeps the tables that the commands read; no text of a set is in them.
"""

from __future__ import annotations

import argparse
import csv
import json
import shlex
import shutil
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]
JUDGES = {"claude": "claude-3.5-haiku", "llama": "llama-3.3-70b", "mistral": "mistral-large-3", "nova": "nova-pro"}
DIMENSIONS = ("persona", "safety", "drift")
POLITICAL = "expanded_qwen25_political_2e4"
SLICES = {
    "degenerate": ("coherence", "degenerate"),
    "coherent": ("coherence", "coherent"),
    "degenerate, first output of each text": ("first_of_text", "degenerate"),
    "political_2e4, degenerate": ("political_2e4", "degenerate"),
    "political_2e4, coherent": ("political_2e4", "coherent"),
}
Row = dict[str, Any]

PAGE = """\
# The tool on two released sets

Made by `python tests/bench/check_real_sets.py`. Every figure is read from the output of the command that stands beside its
table (seed 0, 1,000 draws). The sets are not part of this project, and no text of theirs is shown: some of it is harmful.
"""
EM = """\
## Judges on collapsed fine-tunes: em-collapse

150 prompts answered by Qwen2.5-7B-Instruct and six fine-tunes of it, scored from 0 (normal) to 3 (severe) on three dimensions
by four language models; nobody labelled them. Source: the folder `results` of
<https://github.com/ascender1729/emergent-misalignment-political>, commit a7c73afda231fc3210c02cc1f5b21fbacc7adf8d, MIT licence.
`em-collapse.jsonl` holds its responses and scores in the interchange form, one line an output, keys `JUDGE/DIMENSION`; a score
of -1 there (no usable score) is null.

Which outputs are degenerate is what `judgeaudit modes` says of them; what it calls unknown is in neither slice.

```bash
{modes}
python tests/bench/check_real_sets.py --tables .
```

The last command writes `em-collapse.csv`: the scores, numbers for equal prompts and equal texts, and these columns: `coherence`
as found; `political_2e4`, the same for that fine-tune alone; `first_of_text`, the same for the first output of each text.

### Agreement of the four judges

Krippendorff's alpha, ordinal and interval (the release publishes interval alphas), with 95 % intervals from resampling whole
prompts, and from resampling whole texts. Where one text comes many times, the first takes its copies for independent evidence
and the second does not; an audit of the outputs themselves shows the wider of the two.

```bash
for d in {dimensions}; do for g in prompt text; do
{check}
done; done
```

{alpha}

The intervals that an audit of the outputs shows on its own slices, the wider by prompt and by text:

```bash
{whole}
```

{wider}

### Which outputs are degenerate: ours and simple rules

The simple rules: white space only; fewer than 5 characters; more than 200 characters that zlib (level 9) packs to less than 0.2
of their bytes; more than 0.3 of the characters beyond U+007F; of at least 20 tokens fewer than 0.2 distinct, or one trigram
of tokens over more than 0.3 of them; letters and white space less than 0.6 of the characters.

{overlap}

Modes found in what is degenerate by ours alone: {ours}. Coherence by ours of what is degenerate by the rules alone: {theirs}.
"""
HARM = """\
## Keyword judges and three people: harmbench-val

596 answers to harmful requests, each with the votes of three people on whether it shows the harmful behaviour, and the verdicts
of nine lists of refusal phrases, run over the answers. Source: `inputs/data/harmbench_binary/harmbench.csv` of
<https://github.com/RANDCorporation/judge-reliability-harness>, commit 2e1a733da763ec1f5e30cc93d2acfe90cd63346d, MIT licence,
from HarmBench (Mazeika et al. 2024, arXiv:2402.04249). `harmbench-val.jsonl` holds them in the interchange form. The lists are
those of the papers that they are named after.

```bash
{check}
```

k of n as that command prints them (`k` and `n` of `positive_rate`, `false_positive_rate` and `false_negative_rate` on
`coherence=degenerate` and `coherence=coherent`), with the exact 95 % interval of Clopper and Pearson, for example

```bash
{exact}
```

Exact intervals take outputs for independent; in the audit those of the coherent slice are on the effective sample, since prompts
repeat.

The people: {people}.

{table}

### Which outputs are degenerate, and what people say of them

{overlap}
"""


def simple_rules(text: str) -> bool:
    """Whether any of the simple rules calls a text degenerate."""
    stripped, tokens = text.strip(), text.split()
    if len(stripped) < 5:
        return True
    raw = text.encode("utf-8", "surrogatepass")
    if len(text) > 200 and len(zlib.compress(raw, 9)) / len(raw) < 0.2:
        return True
    if sum(ord(c) > 0x7F for c in text) / len(text) > 0.3:
        return True
    if len(tokens) >= 20:
        lowered = [t.lower() for t in tokens]
        trigrams = Counter(zip(lowered, lowered[1:], lowered[2:], strict=False))
        if len(set(lowered)) / len(lowered) < 0.2 or max(trigrams.values()) * 3 / len(lowered) > 0.3:
            return True
    return sum(c.isalpha() or c.isspace() for c in text) / len(text) < 0.6


def rows_of(path: Path) -> list[Row]:
    """The lines of a set; not by `splitlines`, which also splits at U+2028 inside texts."""
    with path.open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def called(folder: Path, command: str) -> str:
    """What a command line of `judgeaudit` prints on stdout."""
    words = [sys.executable, "-m", "judgeaudit", *shlex.split(command)[1:]]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{command}\n{done.stderr}")
    return done.stdout


def detected(folder: Path, name: str) -> tuple[str, dict[str, Row]]:
    """The command that finds modes, and what it finds by id."""
    command = f"judgeaudit modes {name}.jsonl --json"
    found = [json.loads(line) for line in called(folder, command).split("\n") if line]
    return command, {str(one["item_id"]): one for one in found}


def estimates(folder: Path, command: str) -> list[Row]:
    """The estimates of a `check --json`."""
    return list(json.loads(called(folder, command))["estimates"])


def one(found: Sequence[Row], measure: str, slice: str, **fields: str | None) -> Row:
    """The one estimate of a measure on a slice."""
    wanted = {"slice": slice, "against": None, "other": None, **fields}
    fitting = [e for e in found if e["measure"] == measure and all(e[k] == v for k, v in wanted.items())]
    if len(fitting) != 1:
        raise SystemExit(f"{len(fitting)} estimates of {measure} on {slice}")
    return fitting[0]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def numbered(values: Sequence[str]) -> list[str]:
    """A short name for each distinct value, in order of appearance."""
    seen: dict[str, int] = {}
    return [str(seen.setdefault(value, len(seen))) for value in values]


def em_table(folder: Path, rows: Sequence[Row], coherence: Mapping[str, str]) -> None:
    """em-collapse.csv: verdicts and marks without any text."""
    prompts, texts = numbered([r["prompt"] for r in rows]), numbered([r["response"] for r in rows])
    first: set[str] = set()
    with (folder / "em-collapse.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        verdicts = [(f"{short}_{d}", f"{judge}/{d}") for short, judge in JUDGES.items() for d in DIMENSIONS]
        out.writerow(["id", "prompt", "text", *(c for c, _ in verdicts), "coherence", "political_2e4", "first_of_text"])
        for row, prompt, text in zip(rows, prompts, texts, strict=True):
            kind = coherence[row["item_id"]]
            said = [row["judge_verdicts"].get(key) for _, key in verdicts]
            political = kind if row["meta"]["condition"] == POLITICAL else ""
            out.writerow([row["item_id"], prompt, text, *said, kind, political, "" if text in first else kind])
            first.add(text)


def em_collapse(path: Path, folder: Path) -> str:
    """The part of the page about em-collapse."""
    rows = rows_of(path)
    modes, found = detected(folder, "em-collapse")
    coherence = {key: str(one["coherence"]) for key, one in found.items()}
    em_table(folder, rows, coherence)
    judges = " ".join(f"--judge {short}={short}_$d" for short in JUDGES)
    slices = " ".join(f"--slice {c}" for c in dict.fromkeys(c for c, _ in SLICES.values()))
    check = f"judgeaudit check em-collapse.csv --id id {judges} --values 0,1,2,3 --level interval --group $g {slices} --json"
    audits = {
        (d, g): estimates(folder, check.replace("$d", d).replace("$g", g))
        for d in DIMENSIONS
        for g in ("prompt", "text")
    }
    whole = "judgeaudit check em-collapse.jsonl --rubric safety --level interval --json"
    return EM.format(
        modes=modes,
        dimensions=" ".join(DIMENSIONS),
        check=_folded(check),
        alpha=table(
            ["dimension", "outputs", "n", "prompts", "texts", *_by("ordinal"), *_by("interval")], list(_alphas(audits))
        ),
        whole=whole,
        wider=table(
            ["dimension", "outputs", "n", "texts", "ordinal", "interval"], list(_wider(estimates(folder, whole)))
        ),
        **_em_overlap(rows, found),
    )


def _by(level: str) -> list[str]:
    return [f"{level} alpha", "by prompt", "by text"]


def _folded(command: str) -> str:
    """A long command over several lines."""
    words, lines = command.split(" --"), [""]
    for word in words[1:]:
        if len(lines[-1]) + len(word) > 100:
            lines.append("")
        lines[-1] += f" --{word}"
    return f"  {words[0]} \\\n" + " \\\n".join(f"   {line}" for line in lines)


def _alphas(audits: Mapping[tuple[str, str], Sequence[Row]]) -> Iterator[list[str]]:
    for d in DIMENSIONS:
        for words, (column, value) in SLICES.items():
            by = {
                (g, level): one(
                    audits[d, g], "krippendorff_alpha", f"col.{column}={value}", panel="judges", level=level
                )
                for g in ("prompt", "text")
                for level in ("ordinal", "interval")
            }
            some = by["text", "ordinal"]
            cells = [d, words, f"{some['n']:.0f}", str(by["prompt", "ordinal"]["clusters"]), str(some["clusters"])]
            for level in ("ordinal", "interval"):
                cells += [_value(some if level == "ordinal" else by["text", level])]
                cells += [_interval(by[g, level], g) for g in ("prompt", "text")]
            yield cells


def _wider(found: Sequence[Row]) -> Iterator[list[str]]:
    for kind in ("degenerate", "coherent"):
        two = [
            one(found, "krippendorff_alpha", f"coherence={kind}", panel="judges", level=level)
            for level in ("ordinal", "interval")
        ]
        cells = [f"{_value(e)} {_interval(e)}" for e in two]
        yield ["safety", kind, f"{two[0]['n']:.0f}", str(two[0]["distinct_texts"]), *cells]


def _value(e: Row) -> str:
    return "none" if e["value"] is None else f"{e['value']:.3f}"


def _interval(e: Row, resampled: str = "cluster") -> str:
    if e["low"] is None or e["high"] is None:
        few = str(e["reason"]).startswith("few_clusters")
        return f"none: fewer than 10 {resampled}s" if few else f"none: {e['reason']}"
    return f"[{e['low']:.3f}, {e['high']:.3f}]"


def _em_overlap(rows: Sequence[Row], found: Mapping[str, Row]) -> dict[str, str]:
    places = {p: [r for r in rows if _place(r, found) == p] for p in ("both", "ours alone", "rules alone", "neither")}
    lines = [
        [
            place,
            str(len(inside)),
            str(len({r["response"] for r in inside})),
            str(sum(r["meta"]["condition"] == POLITICAL for r in inside)),
        ]
        for place, inside in places.items()
    ]
    modes = Counter(m["mode"] for r in places["ours alone"] for m in found[r["item_id"]]["modes"])
    kinds = Counter(str(found[r["item_id"]]["coherence"]) for r in places["rules alone"])
    return {
        "overlap": table(["degenerate by", "outputs", "texts", "of political_2e4"], lines),
        "ours": _counted(modes),
        "theirs": _counted(kinds),
    }


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"`{name}` {count}" for name, count in sorted(counts.items())) or "none"


def _place(row: Row, found: Mapping[str, Row]) -> str:
    ours = found[row["item_id"]]["coherence"] == "degenerate"
    theirs = simple_rules(row["response"])
    return "both" if ours and theirs else "ours alone" if ours else "rules alone" if theirs else "neither"


def harmbench(path: Path, folder: Path) -> str:
    """The part of the page about harmbench-val."""
    from judgeaudit.sums.intervals import clopper_pearson

    rows = rows_of(path)
    _, found = detected(folder, "harmbench-val")
    check = "judgeaudit check harmbench-val.jsonl --positive 1 --reference majority --json"
    audited = estimates(folder, check)
    judges = list(dict.fromkeys(j for r in rows for j in r["judge_verdicts"]))

    def exact(k: float, n: float) -> str:
        if n == 0:
            return "0 of 0"
        low, high = clopper_pearson(k, n, 0.025)
        return f"{k:.0f} of {n:.0f} [{low:.3f}, {high:.3f}]"

    def cell(measure: str, judge: str, kind: str) -> str:
        whose = None if measure == "positive_rate" else "human"
        e = one(audited, measure, f"coherence={kind}", judge=judge, reference=whose, scale="binary")
        return exact(e["k"], e["n"])

    def people(kind: str) -> str:
        n = {
            m: one(audited, m, f"coherence={kind}", judge=judges[0], reference="human", scale="binary")["n"]
            for m in ("false_positive_rate", "false_negative_rate")
        }
        return f"a majority calls {exact(n['false_negative_rate'], sum(n.values()))} {kind} outputs harmful"

    measures = ("positive_rate", "false_positive_rate", "false_negative_rate")
    kinds = ("degenerate", "coherent")
    first = one(
        audited, "false_positive_rate", "coherence=coherent", judge=judges[0], reference="human", scale="binary"
    )
    return HARM.format(
        check=check,
        exact=f"python -c 'from judgeaudit.sums.intervals import clopper_pearson; "
        f"print(clopper_pearson({first['k']:.0f}, {first['n']:.0f}, 0.025))'",
        people="; ".join(people(kind) for kind in kinds),
        table=table(
            [
                "judge",
                *(
                    f"{words}, {kind}"
                    for words in ("calls harmful", "false positives", "false negatives")
                    for kind in kinds
                ),
            ],
            [[judge, *(cell(m, judge, kind) for m in measures for kind in kinds)] for judge in judges],
        ),
        overlap=table(["degenerate by", "outputs", "harmful by the majority"], list(_harm_overlap(rows, found, exact))),
    )


def _harm_overlap(
    rows: Sequence[Row], found: Mapping[str, Row], exact: Callable[[float, float], str]
) -> Iterator[list[str]]:
    for place in ("both", "ours alone", "rules alone", "neither"):
        inside = [r for r in rows if _place(r, found) == place]
        harmful = sum(sum(int(v["label"]) for v in r["human_labels"]) >= 2 for r in inside)
        yield [place, str(len(inside)), exact(harmful, len(inside))]


PARTS: Mapping[str, Callable[[Path, Path], str]] = {"em-collapse": em_collapse, "harmbench-val": harmbench}


def kept(page: str, name: str) -> str:
    """The part of a page about a set as it stands, between its marks."""
    _, _, rest = page.partition(f"<!-- {name} -->\n")
    return rest.partition(f"<!-- end of {name} -->")[0]


def made(sets: Path, page: str, folder: Path) -> str:
    """The page, with the parts of `page` where a set is absent."""
    parts = [PAGE]
    for name, part in PARTS.items():
        source = sets / name / f"{name}.jsonl"
        if source.is_file():
            shutil.copy(source, folder / source.name)
            text = part(folder / source.name, folder)
            (folder / source.name).unlink()
        else:
            sys.stderr.write(f"{name} is not in {sets}: its part of the page stays as it is\n")
            text = kept(page, name)
        parts.append(f"<!-- {name} -->\n{text}<!-- end of {name} -->\n")
    return "\n".join(parts)


def main() -> None:
    """Write the page, or the tables that its commands read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=ROOT.parent / "shared" / "datasets")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "real-sets.md")
    parser.add_argument(
        "--tables", type=Path, help="write em-collapse.csv there, from em-collapse.jsonl there; no page"
    )
    given = parser.parse_args()
    if given.tables is not None:
        rows = rows_of(given.tables / "em-collapse.jsonl")
        _, found = detected(given.tables, "em-collapse")
        em_table(given.tables, rows, {key: str(one["coherence"]) for key, one in found.items()})
        return
    page = given.out.read_text(encoding="utf-8") if given.out.is_file() else ""
    with TemporaryDirectory() as folder:
        text = made(given.sets, page, Path(folder))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
