"""Looking up an audit's estimates; nothing is computed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from judgeaudit.model import BASELINE, LABEL_KINDS, Audit, Estimate
from judgeaudit.report._words import Wording, wording

COHERENT = "coherence=coherent"
DEGENERATE = "coherence=degenerate"
OTHERS = "others_than:"
"""Rule of a reference made of all people but one: the human ceiling's, never a table's main figure."""
ANNOTATOR = "annotator:"
"""Prefix of a person where one stands in a judge's place."""
_Key = tuple[str, str | None, str | None, str | None, str | None, str | None, str, str | None]


class Book:
    """The estimates of one rubric by what they are about."""

    def __init__(self, audit: Audit, rubric: Mapping[str, Any]) -> None:
        self.audit = audit
        self.rubric = rubric
        self.name = str(rubric.get("name", ""))
        self.estimates = [e for e in audit.estimates if e.rubric == self.name]
        self._by_key: dict[_Key, list[Estimate]] = defaultdict(list)
        for e in self.estimates:
            if (e.reference_rule or "").startswith(OTHERS):
                continue
            self._by_key[(e.measure, e.judge, e.other, e.panel, e.reference, e.scale, e.slice, e.against)].append(e)

    def all(
        self,
        measure: str,
        *,
        judge: str | None = None,
        other: str | None = None,
        panel: str | None = None,
        reference: str | None = None,
        scale: str | None = None,
        slice: str = "all",
        against: str | None = None,
    ) -> Sequence[Estimate]:
        """Every estimate that fits; several differ in rule, level or weights only."""
        return self._by_key.get((measure, judge, other, panel, reference, scale, slice, against), ())

    def get(
        self,
        measure: str,
        *,
        judge: str | None = None,
        other: str | None = None,
        panel: str | None = None,
        reference: str | None = None,
        scale: str | None = None,
        slice: str = "all",
        against: str | None = None,
    ) -> Estimate | None:
        """The first estimate that fits, or None."""
        found = self.all(
            measure,
            judge=judge,
            other=other,
            panel=panel,
            reference=reference,
            scale=scale,
            slice=slice,
            against=against,
        )
        return found[0] if found else None

    @property
    def wording(self) -> Wording:
        """How this rubric's classes are spoken of."""
        return wording(self.rubric)

    @cached_property
    def judges(self) -> list[str]:
        """Judges of this rubric: those under audit first, then panels, then baselines, each in the audit's order."""
        mine = {e.judge for e in self.estimates} | {s.get("judge") for s in self.table("statuses")}
        seen = dict.fromkeys(str(j["name"]) for j in self.audit.judges if j.get("name") in mine)
        return sorted(seen, key=lambda name: (self.is_baseline(name), bool(self.judge(name).get("panel"))))

    @property
    def audited(self) -> list[str]:
        """Judges under audit: no baselines."""
        return [j for j in self.judges if not self.is_baseline(j)]

    def judge(self, name: str) -> Mapping[str, Any]:
        """What the audit tells of a judge beside its figures."""
        return next((j for j in self.audit.judges if j.get("name") == name), {})

    def is_baseline(self, name: str) -> bool:
        """Whether a judge stands in the tables only to be beaten."""
        return bool(self.judge(name).get("baseline")) or name.startswith(BASELINE)

    @property
    def binary(self) -> bool:
        """Whether the rubric has a positive value that measures were made for."""
        return any(e.scale == "binary" for e in self.estimates)

    @cached_property
    def references(self) -> list[str]:
        """Kinds of labels that judges are held against here: human, construction, model, in this order."""
        present = {e.reference for e in self.estimates if e.reference is not None and e.judge is not None}
        return [k for k in LABEL_KINDS if k in present]

    @property
    def default(self) -> str | None:
        """The kind of label that speaks first and in the verdict box: human, else construction; never a model's."""
        return next((k for k in self.references if k != "model"), None)

    def table(self, name: str) -> list[Mapping[str, Any]]:
        """Rows of one of the audit's tables that belong to this rubric, or to none by name."""
        rows = self.audit.tables.get(name) or []
        return [r for r in rows if r.get("rubric", self.name) == self.name]

    @property
    def slices(self) -> dict[str, Mapping[str, Any]]:
        """What is known of each slice by its key: n, distinct texts, distinct prompts, clusters, largest text's share."""
        return {str(row["slice"]): row for row in self.table("slices")}

    def slice_keys(self) -> list[str]:
        """All slices with figures: all, coherence, modes by size, then the user's own in name order."""
        rows = self.slices
        known = dict.fromkeys([*rows, *(e.slice for e in self.estimates if e.against is None)])
        return sorted(known, key=lambda s: (_rank(s), -float(rows.get(s, {}).get("n") or 0) if "mode=" in s else 0, s))


def books(audit: Audit) -> list[Book]:
    """One book a rubric, in the audit's order."""
    named = {str(r.get("name", "")): r for r in audit.rubrics}
    for estimate in audit.estimates:
        named.setdefault(estimate.rubric, {"name": estimate.rubric})
    return [Book(audit, rubric) for rubric in named.values()]


def _rank(key: str) -> int:
    order = ("all", COHERENT, DEGENERATE, "coherence=unknown")
    if key in order:
        return order.index(key)
    return 4 if key.startswith("mode=") else 5
