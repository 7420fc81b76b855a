"""A model behind OpenAI's chat completions, or any server that speaks them, as a judge."""

from __future__ import annotations

from judgeaudit.judges._judge import CallJudge
from judgeaudit.judges._llm import Options, build_judge
from judgeaudit.models import openai


class Params(openai.Params, Options):
    """Which model, where (as for collecting), and how it is asked (`Options`)."""


def build(name: str, params: Params) -> CallJudge:
    """The judge; raises `ConfigError` where a key, a package or a placeholder is wrong."""
    return build_judge(name, "openai", openai.build(name, params), params)
