"""JUnit XML of a gate's decision, which build servers read: FAIL is a failure, INCONCLUSIVE an error."""

from __future__ import annotations

from xml.etree import ElementTree

from judgeaudit.gate import Decision, RequirementResult
from judgeaudit.text import for_xml, visible

_CHILD = {"FAIL": "failure", "INCONCLUSIVE": "error"}


def junit(decision: Decision, *, name: str) -> str:
    """The decision as JUnit XML: one test case a requirement and judge; no times and no host.

    Parameters
    ----------
    name
        Name of the audit; it becomes the suite's.

    Examples
    --------
    >>> print(junit(Decision(requirements=()), name="demo"))
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="judgeaudit gate" tests="1" failures="0" errors="1">
      <testsuite name="demo" tests="1" failures="0" errors="1">
        <testcase classname="judgeaudit" name="gate">
          <error message="INCONCLUSIVE: nothing was decided" type="INCONCLUSIVE">nothing was decided</error>
        </testcase>
      </testsuite>
    </testsuites>
    <BLANKLINE>
    """
    cases = [_case(line) for line in decision.requirements] or [_nothing()]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
    }
    suites = ElementTree.Element("testsuites", {"name": "judgeaudit gate", **counts})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": _safe(name), **counts})
    suite.extend(cases)
    ElementTree.indent(suites)
    body = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _case(line: RequirementResult) -> ElementTree.Element:
    rubric = f".{_safe(line.rubric)}" if line.rubric else ""
    case = ElementTree.Element(
        "testcase", {"classname": f"judgeaudit{rubric}", "name": _safe(f"{line.who}: {line.what}")}
    )
    if line.result in _CHILD:
        _child(case, line.result, line.reason)
    return case


def _nothing() -> ElementTree.Element:
    case = ElementTree.Element("testcase", {"classname": "judgeaudit", "name": "gate"})
    _child(case, "INCONCLUSIVE", "nothing was decided")
    return case


def _child(case: ElementTree.Element, result: str, reason: str) -> None:
    told = {"message": _safe(f"{result}: {reason}"), "type": result}
    ElementTree.SubElement(case, _CHILD[result], told).text = _safe(reason)


def _safe(text: str) -> str:
    return for_xml(visible(text))
