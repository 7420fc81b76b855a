"""Published figures found again from the rows of released sets, by the commands that a user would type."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from judgeaudit.api import check
from tests.bench._proof import Point
from tests.bench._proof_published import JAILBREAKBENCH

XSTEST = {"gpt4": ("98.4", "0.97"), "mistralguard": ("93.8", "0.89"), "mistralinstruct": ("97.6", "0.92")}
"""Agreement of the two annotators in per cent and Fleiss' kappa, as the release's notebook prints them."""
AUDIT = """\
name: newsroom
rubrics:
  Coherence: {question: 'How coherent is the summary?', values: [1, 2, 3, 4, 5], level: ordinal}
outputs: {files: [newsroom-ratings.jsonl]}
judges:
  - {name: always 3, kind: constant, value: 3}
  - {name: always 4, kind: constant, value: 4}
  - {name: always 1, kind: constant, value: 1}
audit: {annotators: crowd}
"""
NEWSROOM = """
### Three ratings by place

`newsroom-ratings` holds 420 summaries, each rated from 1 to 5 by three crowd workers (Grusky et al. 2018, arXiv:1804.11283, by
way of <https://github.com/dmg-illc/JUDGE-BENCH>). The release does not say who rated what: `rater_1` to `rater_3` are places in
a list, other people from item to item, so **no figure here says anything of a person**; the test is run as code that meets
real, noisy labels. No judge came with them, so three that read nothing stand in, by `judgeaudit run audit.yaml` with

```yaml
{audit}```

{table}

{words}
"""
WORDS = """\
Judges that read nothing and pass at the stated epsilon (half of the places or more): {won}. Interval alpha among the
places is {alpha:.3f}: where people hardly agree, one value in the middle is nearer to the others than a person is, and the test
says so. It is to be read beside the people's agreement (finding `people_disagree`) and what the judge tells apart
(`constant_judge`)."""


def points(sets: Path) -> Iterator[Point]:
    """All whose set is there."""
    if (sets / "jbb-judge-comparison").is_dir():
        yield from _jailbreakbench(sets)
    if (sets / "xstest-completions").is_dir():
        yield from _xstest(sets)


def _jailbreakbench(sets: Path) -> Iterator[Point]:
    name = "jbb-judge-comparison"
    result = check(sets / name / f"{name}.jsonl", positive="1", draws=100, verify=False)
    for released, (published, _) in JAILBREAKBENCH.items():
        judge = released.removesuffix("_cf")
        fields = {"reference": "human", "scale": "binary"}
        wrong = [result.one(m, judge, **fields) for m in ("false_positive_rate", "false_negative_rate")]
        (fp, negatives), (fn, positives) = ((e.k or 0.0, e.n) for e in wrong)
        corrected = result.one("prevalence_corrected", judge, **fields).value
        yield Point(
            name=f"JailbreakBench, {released}: tp fp fn tn, and positives after correction",
            source="Chao et al. 2024, arXiv:2404.01318; <https://github.com/nguiaSoren/ROGUE>, 300 rows",
            published=[*(str(n) for n in published), 110.0],
            ours=[positives - fn, fp, fn, negatives - fp, 300 * (corrected or 0.0)],
        )


def _xstest(sets: Path) -> Iterator[Point]:
    folder = sets / "xstest-completions" / "original" / "automated_evaluation_labels"
    for model, published in XSTEST.items():
        result = check(
            folder / f"xstest_v2_completions_{model}_gpteval.csv", humans=["annotation_1", "annotation_2"],
            id="id", prompt="prompt", response="completion", draws=100, verify=False,
        )  # fmt: skip
        agreement = result.one("percent_agreement", "annotator:annotation_1", other="annotator:annotation_2").value
        kappa = result.one("fleiss_kappa", panel="humans").value
        yield Point(
            name=f"XSTest, the two annotators on {model}: agreement in per cent, Fleiss' kappa",
            source="Röttger et al. 2024, arXiv:2308.01263, <https://github.com/paul-rottger/xstest>",
            published=published,
            ours=[100 * (agreement or 0.0), kappa or 0.0],
        )


def newsroom(sets: Path) -> str:
    """The part of the page about the alternative annotator test on ratings by place."""
    source = sets / "newsroom-ratings" / "newsroom-ratings.jsonl"
    if not source.is_file():
        return ""
    estimates = newsroom_estimates(source)
    rows, won = [], []
    for judge in ("always 3", "always 4", "always 1"):
        rates = {e["against"]: e for e in estimates if e["judge"] == judge and e["measure"] == "alt_test_winning_rate"}
        (share,) = [
            e
            for e in estimates
            if e["judge"] == judge and e["measure"] == "alt_test_advantage_probability" and e["other"] is None
        ]
        shown = [f"{rates[a]['k']:.0f} of {rates[a]['n']:.0f}" for a in (None, "epsilon:0.15", "epsilon:0.2")]
        rows.append([judge, *shown, f"{share['value']:.3f} [{share['low']:.3f}, {share['high']:.3f}]"])
        if rates[None]["value"] >= 0.5:
            won.append(judge)
    (alpha,) = [
        e
        for e in estimates
        if (e["measure"], e["panel"], e["level"]) == ("krippendorff_alpha", "humans", "interval")
        and e["slice"] == "all"
    ]
    head = ["judge", "epsilon 0.1 (crowd, as stated)", "epsilon 0.15", "epsilon 0.2", "advantage probability"]
    table = "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])
    words = WORDS.format(won=", ".join(won) or "none", alpha=alpha["value"])
    return NEWSROOM.format(audit=AUDIT, table=table, words=words)


def newsroom_estimates(source: Path) -> list[dict[str, Any]]:
    """The estimates of the audit on ratings by place."""
    with TemporaryDirectory() as folder:
        shutil.copy(source, folder)
        Path(folder, "audit.yaml").write_text(AUDIT, encoding="utf-8")
        command = [sys.executable, "-m", "judgeaudit", "run", "audit.yaml", "--json"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return list(json.loads(done.stdout)["estimates"])
