"""Calls: judging and collecting with retries, pace, budget and resumption, every result durable at once."""

from judgeaudit.engine.calls import Job, Lane, Progress, Runner, Tally
from judgeaudit.engine.collecting import Draw, Prompt, Source, collect, draws, plan_collecting
from judgeaudit.engine.judging import judge, plan_judging
from judgeaudit.engine.plan import Plan, Send
from judgeaudit.engine.rounds import Assignment
from judgeaudit.engine.setup import assignments, sources, wanted

__all__ = [
    "Assignment",
    "Draw",
    "Job",
    "Lane",
    "Plan",
    "Progress",
    "Prompt",
    "Runner",
    "Send",
    "Source",
    "Tally",
    "assignments",
    "collect",
    "draws",
    "judge",
    "plan_collecting",
    "plan_judging",
    "sources",
    "wanted",
]
