"""All measures over all slices, findings and the second opinion: from an input to an audit. Pure but for that process."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

import numpy as np

import judgeaudit
from judgeaudit.audit._agreement_more import cochran
from judgeaudit.audit._allocation import label_allocation
from judgeaudit.audit._alt_test import alt_test
from judgeaudit.audit._bias import bias
from judgeaudit.audit._calibration import calibration
from judgeaudit.audit._ceiling import ceiling
from judgeaudit.audit._context import Context, Options, make_context
from judgeaudit.audit._differences import differences
from judgeaudit.audit._gibberish import gibberish
from judgeaudit.audit._items import disagreements
from judgeaudit.audit._judges import against_references, without_reference
from judgeaudit.audit._latent import latent_truth, shared_errors
from judgeaudit.audit._pairs import pairs
from judgeaudit.audit._panels import numbers, panels
from judgeaudit.audit._prevalence import prevalence
from judgeaudit.audit._scores import scores
from judgeaudit.audit._selection import verified
from judgeaudit.audit._tables import judge_entries, rubric_entry, tables
from judgeaudit.audit._trials import trials
from judgeaudit.findings._view import View, find_all
from judgeaudit.model import Audit, Estimate, Finding, LabelKind
from judgeaudit.table import AuditInput
from judgeaudit.verify import Figure, Question, SecondOpinion, narrow

__all__ = ["Audited", "Options", "audit", "merge"]

_VERIFIED = ("accuracy", "cohen_kappa", "false_positive_rate", "false_negative_rate")
_PACKAGES = ("numpy", "scipy", "scikit-learn", "krippendorff")


class Audited(NamedTuple):
    """An audit and the single outputs to look at, worst first (they are no part of the audit: they hold judged text)."""

    audit: Audit
    items: list[Mapping[str, Any]]


def audit(
    data: AuditInput, options: Options | None = None, *, name: str = "audit", opinion: SecondOpinion | None = None
) -> Audited:
    """Audit the judges of one rubric.

    Parameters
    ----------
    opinion
        A second opinion that is already loading its packages, closed by the caller; None: one is started and closed here
        if `options.verify`.

    Raises
    ------
    ConfigError
        The reference rule does not fit the labels.

    Examples
    --------
    >>> import numpy as np
    >>> from judgeaudit.model import Rubric
    >>> from judgeaudit.table import LabelSet, Ratings
    >>> judge = Ratings(name="j", codes=np.array([1, 0, 1, 0], dtype=np.int32))
    >>> person = Ratings(name="h", codes=np.array([1, 0, 0, 0], dtype=np.int32))
    >>> data = AuditInput(
    ...     rubric=Rubric(name="harm", values=("0", "1"), positive=("1",)), item_ids=["a", "b", "c", "d"],
    ...     judges={"j": (judge,)}, labels={"human": LabelSet(kind="human", annotators={"h": person})})
    >>> result = audit(data, Options(verify=False)).audit
    >>> [round(e.value, 4) for e in result.estimates if e.measure == "false_positive_rate" and e.judge == "j"]
    [0.3333]
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no stubs

    options = options or Options()
    own = SecondOpinion() if options.verify and opinion is None else None
    try:
        # One thread: on a busy machine BLAS threads that wait for each other take ten times the time, and round otherwise.
        with threadpool_limits(1):
            context = make_context(data, options)
            return Audited(_audit(context, name, opinion or own), disagreements(context))
    finally:
        if own is not None:
            own.close()


def _audit(context: Context, name: str, opinion: SecondOpinion | None) -> Audit:
    data, options = context.data, context.options
    found, alphas = against_references(context), panels(context)
    asked = opinion.begin(_question(context, verified(context, [*found, *alphas]))) if opinion is not None else None
    scored, reliability = scores(context)
    calibrated = calibration(context)
    shared = shared_errors(context)
    estimates = [
        *found,
        *without_reference(context.of_outputs),
        *pairs(context.of_outputs),
        *alphas,
        *scored,
        *calibrated.estimates,
        *trials(context.of_outputs),
        *ceiling(context),
        *alt_test(context),
        *cochran(context),
        *differences(context, found),
        *prevalence(context),
        *shared.estimates,
        *shared.pairs,
        *latent_truth(context),
        *bias(context),
    ]
    estimates = verified(context, estimates)
    verification = asked.result() if asked is not None else []
    findings = find_all(
        View(
            data=data,
            slices=context.slices,
            references=context.references,
            default=_default(context),
            judges=context.own,
            info=context.info,
            estimates=estimates,
            verification=verification,
        )
    )
    return Audit(
        name=name,
        inputs=tuple(data.sources),
        judges=tuple(judge_entries(context)),
        rubrics=(rubric_entry(context),),
        seed=options.seed,
        settings=_settings(context),
        versions=_versions(),
        verification=tuple(verification),
        estimates=tuple(estimates),
        findings=findings,
        tables={
            **tables(context),
            "reliability": reliability,
            "gibberish": gibberish(context),
            **calibrated.tables,
            "panel_votes": shared.table,
            "label_allocation": label_allocation(estimates),
        },
    )


def merge(audits: Sequence[Audit], *, name: str) -> Audit:
    """One audit of several rubrics over the same outputs; findings name their rubric where there are several."""
    if len(audits) == 1:
        return audits[0]
    first = audits[0]
    joined: dict[str, list[Any]] = {}
    for one in audits:
        for key, rows in one.tables.items():
            joined.setdefault(key, []).extend(rows)
    rubrics = tuple(r for one in audits for r in one.rubrics)
    return Audit(
        name=name,
        inputs=first.inputs,
        judges=_distinct([j for one in audits for j in one.judges]),
        rubrics=rubrics,
        seed=first.seed,
        settings=first.settings,
        versions=first.versions,
        verification=tuple(v for one in audits for v in one.verification),
        estimates=tuple(e for one in audits for e in one.estimates),
        findings=tuple(_named(f, str(one.rubrics[0]["name"])) for one in audits for f in one.findings),
        tables=joined,
    )


def _named(finding: Finding, rubric: str) -> Finding:
    return replace(finding, text=f"[{rubric}] {finding.text}")


def _distinct(judges: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple({str(j["name"]): j for j in reversed(judges)}.values())[::-1]


def _default(context: Context) -> LabelKind | None:
    return None if context.default is None else context.default.kind


def _settings(context: Context) -> Mapping[str, Any]:
    options, data = context.options, context.data
    return {
        "draws": options.draws,
        "confidence_level": options.confidence_level,
        "reference": options.reference,
        **({} if options.annotators is None else {"annotators": options.annotators}),
        "default_reference": _default(context),
        "cluster_rule": data.cluster_rule,
        "weighted": data.weights is not None,
        "items": data.n,
        "notes": list(data.notes),
    }


def _versions() -> dict[str, str]:
    found = {"judgeaudit": judgeaudit.__version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _question(context: Context, estimates: Sequence[Estimate]) -> Question:
    """The headline figures: accuracy, FPR, FNR and kappa of each judge on all items, alpha of each panel."""
    default = next(iter(context.references.values()), None)
    own = context.own
    people = context.data.labels.get("human")
    human = {} if people is None else {f"human {a}": r.codes for a, r in people.annotators.items()}
    columns = [context.judges[j][0].codes for j in own] + list(human.values())
    if default is not None:
        columns.append(default.codes)
    if context.data.weights is not None:
        return Question()
    judges = {j: i for i, j in enumerate(own)}
    ends = tuple(range(len(own), len(own) + len(human)))
    figures = []
    for e in estimates:
        if e.slice != "all" or e.value is None or e.against is not None or e.other is not None or e.weights:
            continue
        same = default is not None and (e.reference, e.reference_rule) == (default.kind, default.rule)
        if e.measure in _VERIFIED and same and e.judge in judges:
            name = f"{e.measure} of {e.judge} ({e.scale}, rubric {e.rubric})"
            both = (judges[e.judge], len(columns) - 1)
            figures.append(Figure(name=name, measure=e.measure, ours=e.value, columns=both, binary=e.scale == "binary"))
        if e.measure == "krippendorff_alpha" and e.panel and e.level and not any(context.info[j].panel for j in own):
            raters = {"judges": tuple(judges.values()), "humans": ends, "all": (*judges.values(), *ends)}[e.panel]
            name = f"{e.panel}: {e.level} alpha (rubric {e.rubric})"
            votes = e.panel != "judges"
            figures.append(
                Figure(name=name, measure=e.measure, ours=e.value, columns=raters, level=e.level, votes=votes)
            )
    return Question(
        figures=tuple(figures),
        columns=narrow(columns) if columns else np.zeros((0, context.data.n), dtype=np.int32),
        votes=None if people is None else people.votes,
        numbers=numbers(context),
        mapping=np.zeros(0, dtype=np.int32) if context.binary is None else context.binary.astype(np.int32),
    )
