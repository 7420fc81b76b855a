"""Requirements on estimates: PASS, FAIL or INCONCLUSIVE."""

from judgeaudit.gate._baseline import compare
from judgeaudit.gate._decide import Decision, RequirementResult, Result, decide
from judgeaudit.gate._plan import Need, Plan, PlanLine, make_plan
from judgeaudit.gate._policy import Policy, Requirement, make_policy, read_policy

__all__ = [
    "Decision",
    "Need",
    "Plan",
    "PlanLine",
    "Policy",
    "Requirement",
    "RequirementResult",
    "Result",
    "compare",
    "decide",
    "make_plan",
    "make_policy",
    "read_policy",
]
