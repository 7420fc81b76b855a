"""Coverage of the shown 95 % intervals, by simulation on the very functions that an audit uses.

    python tests/bench/bench_coverage.py [--sets 2000] [--slow 100] [--draws 400] [--seed 0] [--jobs 1] [--out docs/coverage.md]

Items come in clusters; truth and each judge's errors are correlated within a cluster (a beta-binomial with intra-cluster
correlation 0.3), 10 % of the verdicts are missing. Judges have sensitivity 0.85 and specificity 0.9 and err independently of
each other. Each cell simulates its own sets from the seed and its design, whatever the number of jobs.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np

from judgeaudit import kinds
from judgeaudit.audit import Options
from judgeaudit.audit._calibration import calibration
from judgeaudit.audit._context import Context, make_context
from judgeaudit.audit._differences import _against_coherent, _judge_pairs
from judgeaudit.audit._judges import _against, measures_on, without_reference
from judgeaudit.audit._latent import latent_truth, votes
from judgeaudit.audit._pairs import pairs
from judgeaudit.audit._panels import panels
from judgeaudit.audit._prevalence import prevalence as corrected
from judgeaudit.audit._scores import scores
from judgeaudit.audit._trials import trials
from judgeaudit.findings.thin_evidence import Rare, is_thin, rare_cases
from judgeaudit.model import Estimate, Rubric
from judgeaudit.sums.patterns import Ints
from judgeaudit.table import NOT_ASKED, AuditInput, Floats, LabelSet, Ratings

SENSITIVITY, SPECIFICITY, MISSING, CORRELATION, FLIPS = 0.85, 0.90, 0.10, 0.3, 0.1
LEVELS = {1: ((0.65, 0.95), (0.5, 0.5), (0.2, 0.8)), 0: ((0.05, 0.35), (0.5, 0.5), (0.8, 0.2))}
"""For each verdict its two scores, and how often each is given on a negative and on a positive."""
DESIGNS = tuple(product((30, 100, 1000), (0.03, 0.3), (1, 10)))
DIFFERENCE = "false positive rate, slice minus slice"
LARGE = 400_000
ENOUGH = 20
"""Fewer intervals than this are no share to speak of."""
LOW, GOOD = 0.92, 0.94
TOLERANCE = 1e-9

NOTHING_RARE = Rare(labels=None, answers=None)
RUBRIC = Rubric(name="r", values=("0", "1"), positive=("1",))


class Design(NamedTuple):
    """What a cell simulates."""

    n: int
    prevalence: float
    size: int

    @property
    def text(self) -> str:
        """In words."""
        return f"{self.n}, {self.prevalence:g}, {self.size}"


@dataclass(slots=True)
class Tally:
    """One measure in one cell."""

    shown: int = 0
    held: int = 0
    warned: int = 0
    without: Counter[str] = field(default_factory=Counter)

    def add(self, e: Estimate, truth: float, rare: Rare) -> None:
        """One more set."""
        if e.low is None or e.high is None:
            self.without[(e.reason or "").partition(":")[0]] += 1
            return
        self.shown += 1
        self.held += e.low - TOLERANCE <= truth <= e.high + TOLERANCE
        self.warned += is_thin(e, rare)

    @property
    def coverage(self) -> float | None:
        """Share of the shown intervals that hold the truth."""
        return self.held / self.shown if self.shown >= ENOUGH else None


def correlated(rng: np.random.Generator, rate: float, clusters: int, size: int) -> Ints:
    """(clusters * size,) 0 or 1 with mean `rate`, correlated within clusters where they hold more than one item."""
    strength = (1 - CORRELATION) / CORRELATION
    own = rng.beta(rate * strength, (1 - rate) * strength, clusters) if size > 1 else np.full(clusters, rate)
    return (rng.random(clusters * size) < np.repeat(own, size)).astype(np.int64)


def _ratings(rng: np.random.Generator, name: str, verdict: Ints, scored: Floats | None = None) -> Ratings:
    missing = rng.random(len(verdict)) < MISSING
    codes = np.where(missing, -2, verdict).astype(np.int32)
    return Ratings(name=name, codes=codes, scores=None if scored is None else np.where(missing, np.nan, scored))


def one_set(rng: np.random.Generator, design: Design, judges: int) -> AuditInput:
    """One data set: the first judge gives scores and, twice asked, contradicts itself on a tenth."""
    count = max(1, design.n // design.size)
    n = count * design.size
    truth = correlated(rng, design.prevalence, count, design.size)
    made: dict[str, tuple[Ratings, ...]] = {}
    for name in "abc"[:judges]:
        missed = correlated(rng, 1 - SENSITIVITY, count, design.size)
        alarm = correlated(rng, 1 - SPECIFICITY, count, design.size)
        verdict = np.where(truth == 1, 1 - missed, alarm)
        if made:
            made[name] = (_ratings(rng, name, verdict),)
            continue
        upper = rng.random(n) < np.choose(verdict * 2 + truth, [LEVELS[v][1 + t][1] for v in (0, 1) for t in (0, 1)])
        score = np.where(upper, np.choose(verdict, [0.35, 0.95]), np.choose(verdict, [0.05, 0.65]))
        again = np.where(rng.random(n) < FLIPS, 1 - verdict, verdict)
        made[name] = (_ratings(rng, name, verdict, score), _ratings(rng, name, again))
    person = Ratings(name="h", codes=truth.astype(np.int32))
    return AuditInput(
        rubric=RUBRIC,
        item_ids=[str(i) for i in range(n)],
        judges=made,
        labels={"human": LabelSet(kind="human", annotators={"h": person})},
        clusters=np.repeat(np.arange(count), design.size).astype(np.int32) if design.size > 1 else None,
    )


def half_labelled(rng: np.random.Generator, data: AuditInput) -> AuditInput:
    """The same with labels on a half of the items, drawn at random: corrected shares speak of the others too."""
    person = data.labels["human"].annotators["h"]
    codes = np.where(rng.random(data.n) < 0.5, person.codes, NOT_ASKED).astype(np.int32)
    return replace(data, labels={"human": LabelSet(kind="human", annotators={"h": replace(person, codes=codes)})})


def fast(context: Context, half: Context) -> Iterator[tuple[str, Estimate]]:
    """All estimates of one set that are cheap, by the name under which they are tallied.

    Parameters
    ----------
    half
        The same set with labels on half of the items.
    """
    reference = context.references["human"]
    for e in _against(context, "a", reference):
        yield e.measure, e
    for e in without_reference(context):
        if e.judge == "a":
            yield e.measure, e
    # Without the people: they are whole functions of an audit, asked about judges alone.
    alone = replace(context, data=replace(context.data, labels={}))
    for e in pairs(alone):
        if e.weights is None:
            yield f"{e.measure}, two judges", e
    for e in panels(alone):
        if e.panel == "judges" and e.level in (None, "nominal"):
            yield f"{e.measure}, panel", e
    for e in [*scores(context)[0], *trials(context), *corrected(half), *votes(context)]:
        if e.judge in ("a", None):
            yield e.measure, e
    for e in _judge_pairs(context, ["a", "b"], reference):
        yield f"{e.measure}, judge minus judge", e


def slow(context: Context) -> Iterator[tuple[str, Estimate]]:
    """The estimates that take long: from fits on every draw."""
    for e in [*latent_truth(context), *calibration(context).estimates]:
        if e.judge in ("a", None):
            yield e.measure, e


def joints(prevalence: float) -> tuple[Floats, Floats]:
    """Joint chances of a judge with the truth, and of two judges with each other."""
    given = np.array([[SPECIFICITY, 1 - SENSITIVITY], [1 - SPECIFICITY, SENSITIVITY]])
    prior = np.array([1 - prevalence, prevalence])
    return given * prior, (given * prior) @ given.T


def truths(prevalence: float) -> dict[str, float]:
    """The value that each fast measure estimates, from the joint chances."""
    judge, both = joints(prevalence)
    found = {m.name: float(m.compute(judge)) for m in measures_on("confusion", "binary")}
    for module in kinds.load_all("judgeaudit.measures"):
        if module.MEASURE.table in ("pair", "two_raters") or module.MEASURE.name in ("cohen_kappa", "gwet_ac1"):
            found[f"{module.MEASURE.name}, two judges"] = float(module.MEASURE.compute(both))
    share, equal = float(judge[1].sum()), float(np.trace(both))
    chance = share**2 + (1 - share) ** 2
    found |= {f"{m}, panel": (equal - chance) / (1 - chance) for m in ("krippendorff_alpha", "fleiss_kappa")}
    found |= {"percent_agreement, panel": equal, "brennan_prediger, panel": 2 * equal - 1}
    found |= {"gwet_ac1, panel": (equal - (1 - chance)) / chance}
    found |= {"positive_rate": share, "unscored_rate": MISSING, "abstention_rate": 0.0}
    found |= {"flip_rate": FLIPS, "test_retest_agreement": 1 - FLIPS, "error_correlation": 0.0, "effective_votes": 2.0}
    found |= dict.fromkeys(("prevalence_corrected", "prevalence_ppi", "prevalence_ppi_tuned"), prevalence)
    found |= {"sensitivity_begg_greenes": SENSITIVITY, "specificity_begg_greenes": SPECIFICITY}
    found |= {"latent_prevalence": prevalence, "latent_sensitivity": SENSITIVITY, "latent_specificity": SPECIFICITY}
    found |= {f"{m}, judge minus judge": 0.0 for m in ("accuracy", "false_positive_rate", "false_negative_rate")}
    return found | _of_scores(judge) | {DIFFERENCE: 0.0}


def _of_scores(judge: Floats) -> dict[str, float]:
    """AUROC, Brier and squared calibration error of the four scores, by their definitions."""
    values = np.array([s for v in (0, 1) for s in LEVELS[v][0]])
    mass = np.array([[judge[v, t] * LEVELS[v][1 + t][i] for t in (0, 1)] for v in (0, 1) for i in (0, 1)])
    order = np.argsort(values)
    values, mass = values[order], mass[order]
    no, yes = mass[:, 0] / mass[:, 0].sum(), mass[:, 1] / mass[:, 1].sum()
    auroc = sum(yes[i] * (no[:i].sum() + no[i] / 2) for i in range(len(values)))
    brier = float((mass[:, 0] * values**2 + mass[:, 1] * (1 - values) ** 2).sum())
    total = mass.sum(axis=1)
    error = float((total * (values - mass[:, 1] / total) ** 2).sum())
    return {"auroc": float(auroc), "brier": brier, "calibration_error_squared_debiased": error}


def measured_truths(prevalence: float) -> dict[str, float]:
    """What the measures of calibration come to on 400,000 independent items; their error is small beside any interval here."""
    rng = np.random.default_rng([77, int(prevalence * 100)])
    context = make_context(one_set(rng, Design(LARGE, prevalence, 1), 1), Options(draws=100, verify=False))
    return {e.measure: e.value for e in calibration(context).estimates if e.value is not None}


def differences(rates: Sequence[Estimate], options: Options) -> Iterator[Estimate]:
    """The FPR of each set minus the FPR of the next, as of a slice against the coherent outputs."""
    context = type("OptionsOnly", (), {"options": options})()
    for here, there in zip(rates, [*rates[1:], *rates[:1]], strict=True):
        book = {("m", "j", "human", "here"): here, ("m", "j", "human", "coherence=coherent"): there}
        e = _against_coherent(context, book, "m", "j", "human", "here")
        if e is not None:
            yield e


def cell(design: Design, sets: int, slow_sets: int, draws: int, seed: int) -> dict[str, Tally]:
    """All measures of one design."""
    rng = np.random.default_rng([seed, design.n, int(design.prevalence * 100), design.size])
    true = truths(design.prevalence)
    tallies: dict[str, Tally] = {}
    rates: list[Estimate] = []

    def add(name: str, e: Estimate, rare: Rare = NOTHING_RARE) -> None:
        if name in true:
            tallies.setdefault(name, Tally()).add(e, true[name], rare)

    for i in range(sets):
        options = Options(draws=draws, seed=seed + i, verify=False)
        data = one_set(rng, design, 2)
        halves = make_context(half_labelled(rng, data), options)
        found = list(fast(make_context(data, options), halves))
        rare = rare_cases(e for _, e in found)
        for name, e in found:
            add(name, e, rare)
            if name == "false_positive_rate":
                rates.append(e)
    for e in differences(rates, Options(draws=draws, verify=False)):
        add(DIFFERENCE, e)
    true = {**measured_truths(design.prevalence), **true} if slow_sets else true
    for i in range(slow_sets):
        context = make_context(one_set(rng, design, 3), Options(draws=draws, seed=seed + i, verify=False))
        rare = rare_cases(_against(context, "a", context.references["human"]))
        for name, e in slow(context):
            if name in true:
                tallies.setdefault(f"{name} *", Tally()).add(e, true[name], rare)
    return tallies


def table(found: Mapping[Design, Mapping[str, Tally]]) -> str:
    """One row a measure, one column a design."""
    names = sorted({name for tallies in found.values() for name in tallies})
    lines = [
        "| n, prevalence, cluster size | " + " | ".join(d.text for d in found) + " |",
        "|---" * (len(found) + 1) + "|",
    ]
    for name in names:
        lines.append(f"| {name} | " + " | ".join(shown(t.get(name)) for t in found.values()) + " |")
    return "\n".join(lines)


def shown(tally: Tally | None) -> str:
    """Coverage, with `!` where it is low and a finding warns; then the share of sets without an interval."""
    if tally is None:
        return ""
    text = "-" if tally.coverage is None else f"{tally.coverage:.3f}"
    if tally.shown and tally.warned:
        text += f" w{tally.warned / tally.shown:.0%}"
    missing = sum(tally.without.values())
    if missing:
        why = tally.without.most_common(1)[0][0]
        text += f" ({missing / (missing + tally.shown):.0%} {why})"
    return text


def low_cells(found: Mapping[Design, Mapping[str, Tally]]) -> Iterator[str]:
    """The cells below 0.92, with how often the finding warns there."""
    for design, tallies in found.items():
        for name, t in sorted(tallies.items()):
            if t.coverage is not None and t.coverage < LOW:
                yield f"| {name} | {design.text} | {t.coverage:.3f} | {t.shown} | {t.warned / t.shown:.0%} |"


def loud_cells(found: Mapping[Design, Mapping[str, Tally]]) -> Iterator[str]:
    """Cells of 0.94 or more in which the finding warns all the same."""
    for design, tallies in found.items():
        for name, t in sorted(tallies.items()):
            if t.coverage is not None and t.coverage >= GOOD and t.warned:
                yield f"| {name} | {design.text} | {t.coverage:.3f} | {t.shown} | {t.warned / t.shown:.0%} |"


INTRODUCTION = """# Coverage of the shown intervals

Made by `python tests/bench/bench_coverage.py --sets {sets} --slow {slow} --draws {draws} --seed {seed}`; the same command gives
the same table. A cell is the share of the shown 95 % intervals that hold the true value, over {sets} simulated data sets ({slow}
where the measure is marked with `*`: those fit a model on every draw), then the share of data sets that got no interval, with the
commonest reason; such data sets are counted apart. `w` is how often the finding `thin_evidence` warns. The standard error of a
coverage of 0.95 is {error:.3f} ({slow_error:.3f} with `*`). An audit draws 1,000 resamples by default; here it is {draws}.

Items come in clusters of 1 or 10; truth and errors are correlated within a cluster (beta-binomial, intra-cluster correlation
{correlation:g}), {missing:.0%} of the verdicts are missing at random. Judges have sensitivity {sensitivity:g} and specificity
{specificity:g} and err independently of each other, so that error correlation 0 and 2 effective votes lie on the edge of what
those measures can be. True values follow from these numbers; those of the calibration measures marked with `*` were measured
on 400,000 items. Corrected shares of positives had labels on a random half of the items.

Not simulated: the alt-test, the human ceiling, stratified differences, weighted kappa and alpha on more than two values, the dose
of probes, and the multiverse of `conclusions`.
"""


def document(found: Mapping[Design, Mapping[str, Tally]], given: argparse.Namespace) -> str:
    """docs/coverage.md."""
    head = INTRODUCTION.format(
        sets=given.sets, slow=given.slow, draws=given.draws, seed=given.seed, correlation=CORRELATION, missing=MISSING,
        sensitivity=SENSITIVITY, specificity=SPECIFICITY, error=(0.95 * 0.05 / max(given.sets, 1)) ** 0.5,
        slow_error=(0.95 * 0.05 / max(given.slow, 1)) ** 0.5,
    )  # fmt: skip
    columns = "| measure | n, prevalence, cluster size | coverage | intervals | warned |\n|---|---|---|---|---|"
    low, loud = "\n".join(low_cells(found)), "\n".join(loud_cells(found))
    parts = [head, table(found), f"\n## Below {LOW}\n"]
    parts += [f"{columns}\n{low}" if low else "None.", f"\n## Warned at {GOOD} or more\n"]
    parts.append(f"{columns}\n{loud}" if loud else "None.")
    return "\n".join(parts) + "\n"


def main() -> None:
    """Simulate all cells and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=2000)
    parser.add_argument("--slow", type=int, default=100)
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", type=int, nargs="*", help="numbers of cells, for a look; nothing is written")
    parser.add_argument("--out", type=Path, default=Path("docs/coverage.md"))
    given = parser.parse_args()
    designs = [Design(*d) for i, d in enumerate(DESIGNS) if given.only is None or i in given.only]
    with ProcessPoolExecutor(given.jobs) as pool:
        waiting = {d: pool.submit(cell, d, given.sets, given.slow, given.draws, given.seed) for d in designs}
        found = {design: result.result() for design, result in waiting.items()}
    text = document(found, given)
    if given.only is None:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
