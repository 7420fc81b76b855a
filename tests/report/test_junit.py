"""JUnit XML: well formed whatever the names are, FAIL a failure, INCONCLUSIVE an error."""

from __future__ import annotations

from xml.etree import ElementTree

from judgeaudit.gate import Decision, decide, make_policy
from judgeaudit.model import Audit, Estimate
from judgeaudit.report.junit import junit


def _decision(judge: str = "guard") -> Decision:
    rate = Estimate(
        measure="false_positive_rate", rubric="harm", judge=judge, reference="human", scale="binary", value=0.02, k=4, n=200,
        low=0.0, high=0.05,
    )  # fmt: skip
    scored = Estimate(measure="unscored_rate", rubric="harm", judge=judge, scale="full", value=0.0, k=0, n=200)
    limits = [{"measure": "false_positive_rate", "max": limit} for limit in (0.05, 0.03, 0.005)]
    return decide(
        Audit(name="x", judges=({"name": judge},), estimates=(rate, scored)), make_policy({"require": limits})
    )


def test_each_result_is_its_kind_of_test_case() -> None:
    suite = ElementTree.fromstring(junit(_decision(), name="toy"))[0]
    assert [[child.tag for child in case] for case in suite] == [[], ["error"], ["failure"]]
    assert {key: suite.attrib[key] for key in ("name", "tests", "failures", "errors")} == {
        "name": "toy", "tests": "3", "failures": "1", "errors": "1"
    }  # fmt: skip


def test_hostile_names_stay_text() -> None:
    hostile = 'a"><script/>\x00\ud800\x1b]]>&amp;\u202e'
    text = junit(_decision(hostile), name=hostile)
    suite = ElementTree.fromstring(text.encode("utf-8"))[0]
    assert len(suite) == 3
    assert all('a"><script/>' in case.attrib["name"] for case in suite)
    assert not set(text) & {"\x00", "\x1b", "\ud800", "\u202e"}


def test_the_same_decision_gives_the_same_bytes() -> None:
    assert junit(_decision(), name="toy") == junit(_decision(), name="toy")


def test_nothing_decided_is_an_error_case() -> None:
    suite = ElementTree.fromstring(junit(Decision(requirements=()), name="toy"))[0]
    assert [child.tag for case in suite for child in case] == ["error"]
