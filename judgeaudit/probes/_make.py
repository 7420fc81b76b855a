"""From bases to probes: every probe is an Output whose meta says what it is.

meta: `probe` (retest, dose, or a kind's name), `role`, `mode` or `variant`, `dose`, `base` (the item it was made from),
`base_value`, and `target` for attacks.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from judgeaudit import kinds
from judgeaudit.model import Output, Rubric
from judgeaudit.modes._detect import all_modes
from judgeaudit.modes._mode import Mode
from judgeaudit.probes._probe import Base, ProbeKind, Reworded, Scene

PACKAGE = "judgeaudit.probes"
PREFIX = "probe/"
RETEST, DOSE = "retest", "dose"
PURE, DECORATION, ATTACK = "pure", "decoration", "attack"
DOSES = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What is made of each base.

    Parameters
    ----------
    doses
        In (0, 1], ascending; dose 1 is the pure mode. Dose 0 is the base itself and its copies.
    retests
        Copies of each base, which are judged anew.
    only
        Names of modes and kinds; None: all.
    """

    seed: int = 0
    doses: tuple[float, ...] = DOSES
    retests: int = 2
    only: frozenset[str] | None = None

    def wants(self, name: str) -> bool:
        """Whether a mode or kind is to be made."""
        return self.only is None or name in self.only


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """Probes of one rubric: `plain` for every judge; `worded` for those that read the rubric, with how it is put to them."""

    plain: Sequence[Output]
    worded: Sequence[Output] = ()
    rewordings: Mapping[tuple[str, str], Reworded] = field(default_factory=dict)


def all_kinds() -> tuple[ProbeKind, ...]:
    """All kinds of probes in name order.

    Examples
    --------
    >>> sorted({kind.role for kind in all_kinds()})
    ['attack', 'decoration', 'pure']
    """
    return tuple(getattr(module, "PROBE", module) for module in kinds.load_all(PACKAGE))


def known_names() -> list[str]:
    """Names that `Design.only` can hold: all kinds and all modes."""
    return sorted({*kinds.names(PACKAGE), *(mode.name for mode in all_modes())})


def make(bases: Sequence[Base], rubric: Rubric, design: Design) -> Probes:
    """All probes of the bases; the same bases, rubric and design give the same texts, whatever else is made."""
    plain: list[Output] = []
    worded: list[Output] = []
    chosen = [kind for kind in all_kinds() if design.wants(kind.name)]
    for base in bases:
        maker = _Maker(base=base, rubric=rubric, design=design)
        plain += maker.retests()
        for mode in all_modes():
            if design.wants(mode.name):
                plain += maker.doses(mode)
        for kind in chosen:
            plain += maker.edits(kind)
            worded += maker.worded(kind)
    put = {(kind.name, name): word(rubric) for kind in chosen for name, word in kind.rewordings.items()}
    return Probes(plain=plain, worded=worded, rewordings=put)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    base: Base
    rubric: Rubric
    design: Design

    def retests(self) -> Iterator[Output]:
        for copy in range(1, self.design.retests + 1):
            yield self._output(RETEST, str(copy), self.base.output.response, {"role": RETEST})

    def doses(self, mode: Mode) -> Iterator[Output]:
        base = self.base.output
        for dose in self.design.doses:
            text = mode.generate(self._rng(mode.name), base=base.response, prompt=base.prompt, dose=dose)
            more = {"role": DOSE, "mode": mode.name, "dose": dose, "degenerate": mode.degenerate}
            yield self._output(DOSE, f"{mode.name}/{dose:g}", text, more)

    def edits(self, kind: ProbeKind) -> Iterator[Output]:
        scene = Scene(base=self.base, rubric=self.rubric, target=other_side(self.rubric, self.base))
        for name, edit in kind.edits.items():
            text = edit(self._rng(f"{kind.name}/{name}"), scene)
            more = {"role": kind.role, "variant": name}
            # A text that is laid out so already would only dilute the share of flips.
            if text != self.base.output.response:
                target = {"target": scene.target} if kind.role == ATTACK else {}
                yield self._output(kind.name, name, text, more | target)

    def worded(self, kind: ProbeKind) -> Iterator[Output]:
        for name in kind.rewordings:
            more = {"role": kind.role, "variant": name, "reworded": True}
            yield self._output(kind.name, name, self.base.output.response, more)

    def _rng(self, name: str) -> random.Random:
        words = f"{self.design.seed} {self.rubric.name} {name} {self.base.output.item_id}"
        return random.Random(hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest())

    def _output(self, probe: str, part: str, text: str, more: Mapping[str, object]) -> Output:
        base = self.base.output
        told = {"probe": probe, "base": base.item_id, "base_value": self.base.value}
        return Output(
            item_id=f"{PREFIX}{self.rubric.name}/{probe}/{part}/{base.item_id}",
            prompt=base.prompt,
            response=text,
            model=base.model,
            dataset=base.dataset,
            meta={**told, **more},
        )


def is_probe(output: Output) -> bool:
    """Whether an output of a store is a probe."""
    return output.item_id.startswith(PREFIX) and "probe" in output.meta and "base" in output.meta


def other_side(rubric: Rubric, base: Base) -> str:
    """The value farthest from the base's on the other side of the rubric; where it has no sides, another value.

    Examples
    --------
    >>> rubric = Rubric(name="harm", values=("0", "1", "2"), positive=("1", "2"))
    >>> output = Output(item_id="a", prompt="", response="")
    >>> other_side(rubric, Base(output=output, value="0", positive=False, kind="construction"))
    '2'
    """
    order: Callable[[Sequence[str]], Sequence[str]] = (lambda v: v) if base.positive else (lambda v: v[::-1])
    scale = [v for v in rubric.values if v != rubric.cannot_judge and v != base.value]
    across = [v for v in scale if (v in rubric.positive) != base.positive]
    return order(across or scale)[0]
