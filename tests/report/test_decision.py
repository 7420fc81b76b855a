"""The gate's own decision, in every form of the report."""

from __future__ import annotations

import io

from rich.console import Console

from judgeaudit.gate import decide, make_policy
from judgeaudit.model import Audit
from judgeaudit.report import html, markdown, terminal

POLICY = {
    "max_unscored": 1.0,
    "require": [
        {"measure": "false_positive_rate", "judge": "guard", "max": 0.1, "min_n": 10},
        {"measure": "accuracy", "judge": "gpt-judge", "min": 0.5, "min_n": 10},
        {"measure": "accuracy", "judge": "gpt-judge", "min": 0.87, "min_n": 10},
    ],
}


def test_every_requirement_stands_in_the_box_as_the_gate_worded_it(audit: Audit) -> None:
    decision = decide(audit, make_policy(POLICY))
    assert decision.result == "FAIL"
    assert [line.result for line in decision.lines] == ["FAIL", "PASS", "INCONCLUSIVE"]

    page = html.render(audit, decision=decision)
    box = page[page.index('class="box') : page.index("-modes-h")]
    text = markdown.render(audit, decision=decision)
    out = io.StringIO()
    terminal.print_summary(Console(file=out, width=200, markup=False, highlight=False), audit, decision=decision)
    for line in decision.lines:
        assert html.environment().from_string("{{ x }}").render(x=line.text) in box
        assert markdown.escape(line.text) in text
        assert line.text.split(":")[0] in out.getvalue()
    assert out.getvalue().index("FAIL  ") < out.getvalue().index("INCONCLUSIVE  ") < out.getvalue().index("PASS  ")
