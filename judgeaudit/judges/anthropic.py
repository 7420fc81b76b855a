"""A model behind Anthropic's messages as a judge."""

from __future__ import annotations

from judgeaudit.errors import ConfigError
from judgeaudit.judges._judge import CallJudge
from judgeaudit.judges._llm import Options, build_judge
from judgeaudit.models import anthropic


class Params(anthropic.Params, Options):
    """Which model, where (as for collecting), and how it is asked (`Options`)."""


def build(name: str, params: Params) -> CallJudge:
    """The judge; raises `ConfigError` where a key, a package or a placeholder is wrong, or logprobs are asked for."""
    if params.confidence == "logprobs":
        step = "use confidence: self_reported, or repeat with trials"
        raise ConfigError(
            "this provider gives no log-probabilities", where=name, got="confidence: logprobs", next_step=step
        )
    if params.temperature is not None and params.temperature > 1:
        raise ConfigError("temperature is too high", where=name, got=f"{params.temperature:g}", expected="0 to 1")
    return build_judge(name, "anthropic", anthropic.build(name, params), params)
