"""A GGUF file on this machine as a judge (extra `local`); no key, no network."""

from __future__ import annotations

from judgeaudit.judges._judge import CallJudge
from judgeaudit.judges._llm import Options, build_judge
from judgeaudit.models import gguf


class Params(gguf.Params, Options):
    """Which file (as for collecting), and how the model is asked (`Options`)."""


def build(name: str, params: Params) -> CallJudge:
    """The judge; raises `ConfigError` where the file, the extra or a placeholder is wrong."""
    return build_judge(name, "gguf", gguf.build(name, params), params)
