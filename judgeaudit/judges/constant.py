"""Always the same value: what a judge is worth that does not read.

Any judge must beat it; under a lopsided reference its accuracy alone looks good.
"""

from __future__ import annotations

from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges._offline import Answer, Offline, Settings, Value, offered


class Params(Settings):
    """Parameters of `constant`.

    Parameters
    ----------
    value
        The verdict; one of the rubric's values.
    """

    value: Value


def build(name: str, params: Params) -> BatchJudge:
    """The judge of this kind."""

    def decide(material: Material) -> list[Answer]:
        return [Answer(verdict=offered(material.rubric, params.value, "value"))] * len(material.outputs)

    return Offline(name=name, kind="constant", identity=params.model_dump(), decide=decide)
