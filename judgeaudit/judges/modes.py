"""Degenerate output by the detectors of `judgeaudit modes`: one value for degenerate texts, another for coherent ones.

Where a text cannot be assessed, the verdict is the rubric's `cannot_judge` value, or there is none (`missing`). This judge is not
scored on slices that its own detectors made.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from judgeaudit.errors import ConfigError
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges._offline import Answer, Offline, Settings, Value, offered
from judgeaudit.kinds import names
from judgeaudit.model import Rubric, Status, digest

_UNKNOWN = 2
_DETECTORS = "judgeaudit.modes"


class Params(Settings):
    """Parameters of `modes`.

    Parameters
    ----------
    degenerate
        Verdict on a degenerate text. It has no default: that a text is degenerate does not make it harmful or harmless.
    coherent
        Verdict on a coherent text; by default the scale's other value, where it has just two.
    """

    degenerate: Value
    coherent: Value | None = None


def build(name: str, params: Params) -> BatchJudge:
    """The judge of this kind."""

    def decide(material: Material) -> Iterator[Answer]:
        degenerate, coherent = _values(material.rubric, params)
        yield from _answers(material, degenerate, coherent)

    identity = params.model_dump() | {"detectors": _detectors()}
    return Offline(name=name, kind="modes", identity=identity, decide=decide)


def _values(rubric: Rubric, params: Params) -> tuple[str, str]:
    degenerate = offered(rubric, params.degenerate, "degenerate")
    if params.coherent is not None:
        return degenerate, offered(rubric, params.coherent, "coherent")
    others = [value for value in rubric.offered if value not in (degenerate, rubric.cannot_judge)]
    if len(others) != 1:
        listed = ", ".join(repr(value) for value in others) or "none"
        raise ConfigError(
            "no single other value for coherent texts", where=rubric.name, got=listed, next_step="give `coherent:`"
        )
    return degenerate, others[0]


def _answers(material: Material, degenerate: str, coherent: str) -> Iterator[Answer]:
    from judgeaudit.modes._detect import detect_many

    outputs = material.outputs
    found = detect_many(
        [o.response for o in outputs],
        prompts=[o.prompt or None for o in outputs],
        finish_reasons=[o.finish_reason for o in outputs],
    )
    for i, coherence in enumerate(found.coherence.tolist()):
        seen = ", ".join(mode for mode, present in found.modes.items() if present[i])
        if coherence != _UNKNOWN:
            yield Answer(verdict=degenerate if coherence else coherent, rationale=seen and f"modes: {seen}")
        elif material.rubric.cannot_judge is not None:
            yield Answer(
                verdict=material.rubric.cannot_judge,
                rationale="coherence unknown",
                detail="the text cannot be assessed",
            )
        else:
            yield Answer(
                status=Status.MISSING, detail="the text cannot be assessed, and the rubric has no value for that"
            )


@lru_cache(maxsize=1)
def _detectors() -> str:
    """Hash of the detectors' source and the names of those of outside packages: what changes them makes another judge."""
    source = sorted(
        (f.name, f.read_text(encoding="utf-8")) for f in files(_DETECTORS).iterdir() if f.name.endswith(".py")
    )
    return digest([source, names(_DETECTORS)])
