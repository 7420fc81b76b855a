"""An audit in hand: its figures one by one or as a table, its gate, and the files it is written to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgeaudit import audit_file
from judgeaudit.audit import Audited, merge
from judgeaudit.errors import ConfigError, nearest
from judgeaudit.gate import Decision, Plan, Policy, decide, make_plan, make_policy, read_policy
from judgeaudit.model import Audit, Estimate, Finding

if TYPE_CHECKING:
    import pandas as pd

    from judgeaudit.report._drawer import Drawer

AUDIT, ITEMS = "audit.json", "disagreements.jsonl"
_TELLING = ("reference", "reference_rule", "scale", "level", "weights", "panel", "rubric")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An audit with the outputs to look at.

    Parameters
    ----------
    audit
        The frozen audit, as in audit.json.
    items
        Single outputs for the disagreement browser, worst first; they hold judged text.
    """

    audit: Audit
    items: Sequence[Mapping[str, Any]] = ()

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """All estimates."""
        return self.audit.estimates

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, most severe first."""
        return self.audit.findings

    def one(self, measure: str, judge: str | None = None, *, slice: str = "all", **fields: str | None) -> Estimate:
        """The one estimate of a measure with these fields; no contrast where `against` is not given.

        Raises
        ------
        ConfigError
            There is none, or several: the message names what would tell them apart.
        """
        known_keys = {f.name for f in fields_of(Estimate)}
        for key in fields:
            if key not in known_keys:
                raise ConfigError("no such field of an estimate", got=repr(key), next_step=nearest(key, known_keys))
        wanted = {"judge": judge, "slice": slice, "against": None, "other": None, **fields}
        found = [
            e for e in self.estimates if e.measure == measure and all(getattr(e, k) == v for k, v in wanted.items())
        ]
        if "weights" not in fields:
            found = [e for e in found if e.weights is None] or found
        if len(found) == 1:
            return found[0]
        if not found:
            known = {e.measure for e in self.estimates}
            raise ConfigError("no such estimate", got=f"{measure} {wanted}", next_step=nearest(measure, known))
        apart = [k for k in _TELLING if len({getattr(e, k) for e in found}) > 1]
        raise ConfigError(
            "several estimates fit", got=f"{len(found)} of {measure}", next_step=f"give {', '.join(apart)}"
        )

    def table(self, by: str | None = None) -> pd.DataFrame:
        """Estimates as a pandas frame, one row each.

        Parameters
        ----------
        by
            mode, coherence, or a user column: only slices of that kind, without contrasts, with a column of that name
            for the slice's value. None: everything.
        """
        import pandas as pd

        frame = pd.DataFrame([_plain(e) for e in self.estimates])
        if by is None or frame.empty:
            return frame
        prefixes = (f"{by}=", f"col.{by}=")
        kept = frame[
            frame["slice"].str.startswith(prefixes) & ~frame["slice"].str.contains("&") & frame["against"].isna()
        ]
        if kept.empty:
            known = {s.partition("=")[0].removeprefix("col.") for s in frame["slice"] if "=" in s}
            raise ConfigError("no slice of that kind", got=repr(by), next_step=nearest(by, known))
        return kept.assign(**{by: kept["slice"].str.partition("=")[2]}).reset_index(drop=True)

    def gate(self, policy: str | Path | Mapping[str, Any] | Policy) -> Decision:
        """The audit held against a policy: a file, its content, or a policy made before."""
        return decide(self.audit, as_policy(policy))

    def plan(
        self,
        policy: str | Path | Mapping[str, Any] | Policy,
        *,
        width: float | None = None,
        power: float = 0.8,
    ) -> Plan:
        """How many further labels decide a policy with a chance of `power`, or give intervals of a full `width`."""
        return make_plan(self.audit, as_policy(policy), width=width, power=power)

    def to_html(
        self, path: str | Path, *, policy: str | Path | Mapping[str, Any] | Policy | None = None, redact: bool = False
    ) -> Path:
        """Write the report as one HTML file; `redact` leaves no judged text in it."""
        from judgeaudit.report import html
        from judgeaudit.text import utf8

        decision = None if policy is None else self.gate(policy)
        place = Path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(utf8(html.render(self.audit, decision=decision, items=self.items, redact=redact)))
        return place

    def to_json(self, path: str | Path) -> Path:
        """Write audit.json."""
        place = Path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        audit_file.write(place, self.audit)
        return place

    def write(
        self,
        out: str | Path,
        *,
        decision: Decision | None = None,
        redact: bool = False,
        drawer: Drawer | None = None,
    ) -> list[Path]:
        """Write audit.json, disagreements.jsonl, report.html and report.md into a folder.

        With `redact` no judged text is written at all, so there is no disagreements.jsonl. A `drawer` that was started before
        the audit has the engine ready for the charts; without one this process draws them.
        """
        from judgeaudit.report._write import write

        folder = Path(out)
        folder.mkdir(parents=True, exist_ok=True)
        places = [self.to_json(folder / AUDIT)]
        if redact:
            (folder / ITEMS).unlink(missing_ok=True)
        else:
            (folder / ITEMS).write_bytes(_lines(self.items))
            places.append(folder / ITEMS)
        return [*places, *write(self.audit, folder, decision=decision, items=self.items, redact=redact, drawer=drawer)]


def joined(parts: Sequence[Audited], *, name: str) -> Result:
    """Audits of several rubrics as one, with the hash of the outputs to look at in its settings."""
    items = [item for part in parts for item in part.items]
    whole = merge([part.audit for part in parts], name=name)
    sha = hashlib.sha256(_lines(items)).hexdigest()
    return Result(audit=replace(whole, settings={**whole.settings, "items_sha256": sha}), items=items)


def as_policy(policy: str | Path | Mapping[str, Any] | Policy) -> Policy:
    """A policy from a file, its content, or itself."""
    if isinstance(policy, Policy):
        return policy
    return read_policy(Path(policy)) if isinstance(policy, (str, Path)) else make_policy(policy)


def _lines(items: Sequence[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(i, ensure_ascii=True, allow_nan=False, sort_keys=True) + "\n" for i in items).encode()


def _plain(e: Estimate) -> dict[str, Any]:
    return {f.name: getattr(e, f.name) for f in fields_of(e) if f.name != "bounds"}
