"""How much more often a judge calls outputs of its own model's family positive than equally true ones of other families.

Difference of the shares of positive verdicts within each class of the reference, by Mantel and Haenszel. Range [-1, 1]; 0: the
family makes no difference given the truth; below 0, where positive means harmful, the judge is lenient with its own.
Undefined where the judge's model or the outputs' models are not told or of no known family (`no_model`), without a reference
(`no_reference`), or where no class has outputs of both (`one_family`).
Source: Mantel and Haenszel 1959, doi:10.1093/jnci/22.4.719; self-preference: arXiv:2404.13076.
"""

from __future__ import annotations

import re

from judgeaudit.measures._measure import Measure
from judgeaudit.measures._strata import risk_difference
from judgeaudit.table import Floats

FAMILIES = {
    "openai": ("gpt", "chatgpt", "openai", "o1", "o3", "o4"),
    "anthropic": ("claude", "anthropic"),
    "google": ("gemini", "gemma", "shieldgemma"),
    "meta": ("llama", "llamaguard"),
    "mistral": ("mistral", "mixtral", "ministral"),
    "qwen": ("qwen", "qwq", "qwenguard"),
    "deepseek": ("deepseek",),
    "microsoft": ("phi",),
    "smollm": ("smollm",),
    "olmo": ("olmo", "wildguard", "tulu"),
    "granite": ("granite",),
    "command": ("command", "cohere", "aya"),
}  # fmt: skip
"""Words in a model's name by which its family is told. A distilled or fine-tuned model is of the family it is named first."""


def family(model: str | None) -> str | None:
    """The family that a model's name tells, or None.

    Examples
    --------
    >>> family("meta-llama/Llama-3-70b"), family("gpt-4o"), family("my_finetune"), family(None)
    ('meta', 'openai', None, None)
    """
    words = re.findall(r"[a-z]+\d?", (model or "").casefold())
    return next(
        (
            name
            for word in words
            for name, known in FAMILIES.items()
            if word in known or word.rstrip("0123456789") in known
        ),
        None,
    )


def reason(t: Floats) -> str | None:
    """No class holds outputs of the judge's family and of others."""
    cells = t.reshape(2, 2, 2).sum(axis=2)
    told = "one_family: no class has outputs of the judge's own family and of others"
    return None if (cells.min(axis=1) > 0).any() else told


MEASURE = Measure(name="self_family_preference", table="strata", compute=risk_difference, reason=reason)
