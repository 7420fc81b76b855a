"""Agreement on the whole: weighted, of groups, tests of symmetry, judges against people, the ceiling and the alt-test."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from judgeaudit.audit import Options, audit
from judgeaudit.errors import ConfigError
from judgeaudit.model import Estimate
from judgeaudit.sums.exact_tests import holm
from judgeaudit.table import AuditInput
from tests.audit.making import made

FOUR = np.array([[40, 4, 4, 17], [6, 25, 2, 13], [4, 1, 21, 12], [15, 5, 9, 45]])


def run(data: AuditInput, draws: int = 200) -> list[Estimate]:
    return list(audit(data, Options(draws=draws, verify=False)).audit.estimates)


def one(found: list[Estimate], measure: str, **fields: str | None) -> Estimate:
    wanted = {"slice": "all", "against": None, "other": None, "weights": None, **fields}
    fitting = [e for e in found if e.measure == measure and all(getattr(e, k) == v for k, v in wanted.items())]
    assert len(fitting) == 1, [e.key for e in fitting]
    return fitting[0]


def pair_of(table: np.ndarray) -> tuple[list[str], list[str]]:
    down, across = (np.repeat(i.reshape(-1), table.reshape(-1)) for i in np.indices(table.shape))
    return [str(v) for v in down], [str(v) for v in across]


def votes(seed: int, n: int = 300, *, wrong: dict[str, float], values: int = 2) -> dict[str, list[str]]:
    """Raters who each give a wrong value, evenly, with their own chance."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, values, n)
    return {
        name: [str(v) for v in np.where(rng.random(n) < chance, rng.integers(0, values, n), truth)]
        for name, chance in wrong.items()
    }


def test_weighted_figures_of_a_pair_stand_beside_the_plain_ones() -> None:
    first, second = pair_of(FOUR)
    found = run(made({"j": first, "k": second}, values=("0", "1", "2", "3"), positive=(), level="ordinal"))
    values = {w: one(found, "cohen_kappa", other="k", weights=w).value for w in (None, "linear", "quadratic")}
    assert values == pytest.approx({None: 0.432, "linear": 0.407, "quadratic": 0.383}, abs=5e-4)
    assert one(found, "brennan_prediger", other="k").value == pytest.approx(0.450, abs=5e-4)
    for measure, weights in (("scott_pi", None), ("gwet_ac2", "linear"), ("cohen_kappa", "quadratic")):
        e = one(found, measure, other="k", weights=weights)
        assert e.low is not None
        assert e.high is not None
        assert e.value is not None
        assert e.low < e.value < e.high
    bowker, totals = one(found, "bowker_symmetry", other="k"), one(found, "stuart_maxwell", other="k")
    assert bowker.family != totals.family
    # The two-rater table's figures by statsmodels: 4.8425 and 4.6400; 92 items differ, so p is by random signs.
    assert (bowker.value, totals.value) == pytest.approx((4.842460, 4.640022), abs=1e-6)
    assert bowker.p_value == pytest.approx(0.564, abs=0.05)
    assert totals.p_value == pytest.approx(0.200, abs=0.05)


def test_nominal_scales_have_no_weighted_figures() -> None:
    first, second = pair_of(FOUR)
    found = run(made({"j": first, "k": second}, {"h": second}, values=("0", "1", "2", "3"), positive=()))
    assert not [e for e in found if e.weights]
    assert one(found, "bowker_symmetry", other="k").p_value is not None


def test_weights_leave_out_what_cannot_be_judged() -> None:
    """Pairs with the value that has no place on the scale are left out of weighted figures and counted."""
    first, second = pair_of(FOUR)
    found = run(
        made(
            {"j": [*first, "x", "x"], "k": [*second, "0", "x"]},
            values=("0", "1", "2", "3"), positive=(), level="ordinal", cannot_judge="x",
        )
    )  # fmt: skip
    e = one(found, "cohen_kappa", other="k", weights="quadratic")
    assert (e.value, e.n, e.left_out) == (pytest.approx(0.383, abs=5e-4), 223, {"abstained": 2.0})
    assert one(found, "cohen_kappa", other="k").n == 225


def test_against_a_reference_kappa_is_weighted_too() -> None:
    first, second = pair_of(FOUR)
    found = run(made({"j": first}, {"h": second}, values=("0", "1", "2", "3"), positive=(), level="ordinal"))
    assert one(found, "cohen_kappa", judge="j", reference="human", weights="linear").value == pytest.approx(
        0.407, abs=5e-4
    )


def test_every_judge_stands_against_every_person() -> None:
    people = votes(1, wrong={"a": 0.1, "b": 0.2})
    found = run(made(votes(2, wrong={"j": 0.1, "k": 0.5}), people))
    for judge in ("j", "k"):
        for person in ("a", "b"):
            for measure in ("percent_agreement", "cohen_kappa", "gwet_ac1"):
                e = one(found, measure, judge=judge, other=f"annotator:{person}")
                assert (e.n, e.reference) == (300, None)
                assert e.low is not None


def test_groups_have_fleiss_kappa_and_the_others_with_intervals() -> None:
    same = votes(3, wrong={"j": 0.1, "k": 0.1, "l": 0.1}, values=3)
    found = run(made(same, values=("0", "1", "2"), positive=(), level="ordinal"))
    for measure, weights in (
        ("fleiss_kappa", None), ("brennan_prediger", None), ("gwet_ac1", None), ("gwet_ac2", "linear"), ("gwet_ac2", "quadratic"),
    ):  # fmt: skip
        e = one(found, measure, panel="judges", weights=weights)
        assert e.low is not None
        assert e.value is not None
        assert 0.5 < e.low < e.value < 1
        assert e.n == 300
    counts = np.array([[column.count(v) for v in "012"] for column in zip(*same.values(), strict=True)])
    observed = ((counts**2).sum(axis=1) - 3).mean() / 6
    expected = ((counts.sum(axis=0) / 900) ** 2).sum()
    assert one(found, "fleiss_kappa", panel="judges").value == pytest.approx((observed - expected) / (1 - expected))


def test_cochrans_q_finds_the_judge_that_calls_more_positive() -> None:
    alike = votes(4, wrong={"j": 0.2, "k": 0.2, "l": 0.2})
    assert (one(run(made(alike)), "cochran_q", panel="judges").p_value or 0) > 0.05
    eager = {**alike, "l": ["1" if i % 4 == 0 else v for i, v in enumerate(alike["l"])]}
    found = run(made(eager, votes(5, wrong={"h": 0.0})))
    assert (one(found, "cochran_q", panel="judges", reference=None).p_value or 1) < 0.02
    assert one(found, "cochran_q", panel="judges", reference="human").n == 300


def test_copies_of_a_text_weaken_every_test() -> None:
    """12 texts ten times each: the tests' p is that of 12 pieces of evidence, not of 120."""
    first = ["1"] * 70 + ["0"] * 50
    second = ["0"] * 70 + ["0"] * 50
    texts = [f"t{i // 10}" for i in range(120)]
    alone = one(run(made({"j": first, "k": second})), "mcnemar", other="k")
    copies = one(run(made({"j": first, "k": second}, responses=texts)), "mcnemar", other="k")
    assert alone.p_value == pytest.approx(2 / 2**70)
    assert copies.p_value == pytest.approx(2 / 2**7)  # seven texts all one way


def test_families_are_corrected_by_holm() -> None:
    found = run(made(votes(6, wrong={"j": 0.1, "k": 0.3, "l": 0.6})))
    family = [e for e in found if e.measure == "mcnemar"]
    assert len(family) == 3
    assert len({e.family for e in family}) == 1
    assert [e.p_adjusted for e in family] == pytest.approx(holm([e.p_value or 0 for e in family]))


def naive(judge: list[str], people: dict[str, list[str]], epsilon: float, *, ordered: bool) -> tuple[float, float]:
    """The alternative annotator test, item by item as published: winning rate and advantage probability."""
    p_values, advantages = [], []
    for name, own in people.items():
        d, wins = [], []
        for i, (f, h) in enumerate(zip(judge, own, strict=True)):
            rest = [v[i] for k, v in people.items() if k != name]
            if ordered:
                s_f, s_h = (-np.sqrt(np.mean([(float(x) - float(r)) ** 2 for r in rest])) for x in (f, h))
            else:
                s_f, s_h = (np.mean([x == r for r in rest]) for x in (f, h))
            wins.append(float(s_f >= s_h - 1e-12))
            d.append(float(s_h >= s_f - 1e-12) - wins[-1])
        p_values.append(stats.ttest_1samp(d, epsilon, alternative="less").pvalue)
        advantages.append(np.mean(wins))
    rejected = stats.false_discovery_control(p_values, method="by") < 0.05
    return float(np.mean(rejected)), float(np.mean(advantages))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_the_alt_test_is_as_an_item_by_item_one(seed: int, level: str) -> None:
    people = votes(seed, 120, wrong={"a": 0.3, "b": 0.4, "c": 0.2, "d": 0.5}, values=4)
    judges = {**votes(seed, 120, wrong={"j": 0.15}, values=4), **votes(seed + 50, 120, wrong={"k": 0.0}, values=4)}
    scale = ("0", "1", "2", "3")
    found = run(made(judges, people, values=scale, positive=(), level=level))  # type: ignore[arg-type]
    for judge, verdicts in judges.items():
        for epsilon, against in ((0.1, None), (0.15, "epsilon:0.15"), (0.2, "epsilon:0.2")):
            winning, advantage = naive(verdicts, people, epsilon, ordered=level == "ordinal")
            e = one(found, "alt_test_winning_rate", judge=judge, against=against)
            assert (e.value, e.k, e.n) == (pytest.approx(winning), pytest.approx(4 * winning), 4)
            assert one(found, "alt_test_advantage_probability", judge=judge).value == pytest.approx(advantage)


@pytest.mark.parametrize(("kind", "epsilon"), [(None, 0.1), ("crowd", 0.1), ("skilled", 0.15), ("expert", 0.2)])
def test_the_epsilon_is_that_of_the_people_as_stated(kind: str | None, epsilon: float) -> None:
    """The kinds and their epsilons are those of the test's authors; three figures whichever is taken, and it says why."""
    people = votes(0, 120, wrong={"a": 0.3, "b": 0.4, "c": 0.2})
    judge = votes(0, 120, wrong={"j": 0.35})
    found = audit(made(judge, people), Options(draws=200, verify=False, annotators=kind)).audit  # type: ignore[arg-type]
    rates = {e.against: e for e in found.estimates if e.measure == "alt_test_winning_rate"}
    assert set(rates) == {None, *(f"epsilon:{x}" for x in (0.1, 0.15, 0.2) if x != epsilon)}
    winning, _ = naive(judge["j"], people, epsilon, ordered=False)
    assert rates[None].value == pytest.approx(winning)
    assert f"epsilon {epsilon} " in rates[None].method
    assert ("not stated" in rates[None].method) == (kind is None)
    person = next(e for e in found.estimates if e.measure == "alt_test_advantage_probability" and e.other)
    assert f"epsilon {epsilon}," in (person.family or "")
    assert found.settings.get("annotators") == kind


def test_unknown_people_are_refused() -> None:
    with pytest.raises(ConfigError, match="'exprt'"):
        Options(annotators="exprt")  # type: ignore[arg-type]


def test_a_judge_like_the_people_passes_and_a_guesser_does_not() -> None:
    people = votes(7, 400, wrong={"a": 0.3, "b": 0.3, "c": 0.3})
    found = run(made({**votes(7, 400, wrong={"good": 0.1}), "bad": ["0", "1"] * 200}, people))
    assert one(found, "alt_test_winning_rate", judge="good").value == 1.0
    assert one(found, "alt_test_winning_rate", judge="bad", against="epsilon:0.2").value == 0.0
    of_each = [e for e in found if e.measure == "alt_test_advantage_probability" and e.judge == "good" and e.other]
    assert len(of_each) == 3
    assert all(e.p_value is not None and e.p_adjusted is not None and e.p_value <= e.p_adjusted < 0.05 for e in of_each)


def test_copies_are_no_evidence_for_replacing_anybody() -> None:
    """The same 400 items as 8 texts of 50 copies each: t with 7 degrees of freedom, larger p for every person."""
    base = votes(8, 8, wrong={"a": 0.3, "b": 0.3, "c": 0.3, "j": 0.1})
    many = {k: v * 50 for k, v in base.items()}
    people = {k: many[k] for k in "abc"}
    alone = run(made({"j": many["j"]}, people))
    copies = run(made({"j": many["j"]}, people, clusters=list(range(8)) * 50))
    for person in "abc":
        p, q = (
            one(found, "alt_test_advantage_probability", judge="j", other=f"annotator:{person}").p_value
            for found in (alone, copies)
        )
        assert p is not None
        assert q is not None
        assert q > p or (p, q) == (0.0, 0.0)


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_people_are_named_as_the_reason(count: int) -> None:
    people = votes(9, wrong=dict.fromkeys("ab"[:count], 0.1))
    e = one(run(made(votes(9, wrong={"j": 0.1}), people)), "alt_test_winning_rate", judge="j")
    assert (e.value, str(e.reason).partition(":")[0]) == (None, "few_annotators")
    assert str(count) in str(e.reason)


def test_fewer_than_thirty_common_items_are_no_test() -> None:
    people = votes(10, 29, wrong={"a": 0.1, "b": 0.1, "c": 0.1})
    e = one(run(made(votes(10, 29, wrong={"j": 0.1}), people)), "alt_test_winning_rate", judge="j")
    assert (e.value, str(e.reason).partition(":")[0]) == (None, "few_items")


def test_the_judges_place_in_the_ceiling() -> None:
    people = votes(11, 400, wrong={"a": 0.1, "b": 0.3, "c": 0.5})
    found = run(made({"best": people["a"], **votes(11, 400, wrong={"worst": 1.0})}, people))
    assert one(found, "ceiling_place", judge="worst").value == 0.0
    # `best` repeats a: against the others than b it meets a among them and beats b, as against the others than c.
    place = one(found, "ceiling_place", judge="best")
    assert (place.k, place.n) == (3, 3)
    equal = one(found, "ceiling_difference", judge="best", other="annotator:a")
    assert (equal.value, equal.p_value) == (0.0, 1.0)
    worse = one(found, "ceiling_difference", judge="worst", other="annotator:a")
    assert worse.value is not None
    assert worse.value < 0
    assert (worse.p_adjusted or 1) < 0.001


def test_the_minimum_detectable_difference_stands_beside_each_pair() -> None:
    found = run(made(votes(12, wrong={"j": 0.1, "k": 0.2}), votes(12, wrong={"h": 0.0})))
    e = one(found, "minimum_detectable_difference", judge="j", against="judge:k")
    difference = one(found, "accuracy", judge="j", against="judge:k")
    assert e.value is not None
    assert difference.low is not None
    assert difference.high is not None
    # 2.80 standard errors; the interval of the difference is 2 * 1.96 of them wide.
    assert e.value == pytest.approx((difference.high - difference.low) * 2.8016 / 3.92, rel=0.2)
    never = run(made({"j": ["0", "1"] * 20, "k": ["0", "1"] * 20}, {"h": ["0", "1"] * 20}))
    same = one(never, "minimum_detectable_difference", judge="j", against="judge:k")
    assert (same.value, str(same.reason).partition(":")[0]) == (None, "no_variation")
