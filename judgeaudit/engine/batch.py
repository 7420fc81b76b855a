"""Judges that see all outputs at once, run through the same store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from judgeaudit.errors import InputError
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.model import Judgement, Output, Rubric, digest
from judgeaudit.store import Store


def judge_batch(
    store: Store,
    outputs: Sequence[Output],
    judge: BatchJudge,
    rubric: Rubric,
    fingerprints: Mapping[tuple[str, str], str],
) -> int:
    """Judge all outputs and add what differs from the store; the number of judgements added.

    Such a judge may learn from the labels and compare outputs, so its earlier judgements are reused only when everything
    it may look at is the same: then it is not run at all.

    Parameters
    ----------
    fingerprints
        Of the judges by (judge, rubric); the first trials of those that this judge needs are taken from the store under them.
    """
    fingerprint = judge.fingerprint(rubric)
    material = _material(store, outputs, judge, rubric, fingerprints)
    key, seen = _seen(material, judge, fingerprint)
    if _is_done(store, material, judge, key, seen, fingerprint):
        return 0
    made = [_stamped(j, o, judge, rubric, fingerprint) for j, o in zip(_judged(judge, material), outputs, strict=True)]
    known = {j.item_id: j for j in store.judgements({(judge.name, rubric.name): fingerprint})}
    fresh = [judgement for judgement in made if known.get(judgement.item_id) != judgement]
    store.add_judgements(fresh)
    store.set_note(key, seen)
    return len(fresh)


def is_judged(
    store: Store,
    outputs: Sequence[Output],
    judge: BatchJudge,
    rubric: Rubric,
    fingerprints: Mapping[tuple[str, str], str],
) -> bool:
    """Whether `judge_batch` would take over all that the store has, so that the judge is not run."""
    fingerprint = judge.fingerprint(rubric)
    material = _material(store, outputs, judge, rubric, fingerprints)
    return _is_done(store, material, judge, *_seen(material, judge, fingerprint), fingerprint)


def _seen(material: Material, judge: BatchJudge, fingerprint: str) -> tuple[str, str]:
    """Under which name the store keeps what a judge looked at last, and the digest of what it would look at now."""
    key = f"batch:{digest([judge.name, material.rubric.name])}"
    return key, digest([fingerprint, material.rubric.version, _content(material)])


def _is_done(store: Store, material: Material, judge: BatchJudge, key: str, seen: str, fingerprint: str) -> bool:
    wanted = {(output.item_id, 1, output.hash) for output in material.outputs}
    return store.note(key) == seen and wanted <= store.reusable(judge.name, material.rubric, fingerprint)


def _judged(judge: BatchJudge, material: Material) -> list[Judgement]:
    judgements = judge.judge(material)
    if [j.item_id for j in judgements] != [o.item_id for o in material.outputs]:
        raise InputError(
            "a judge must give one judgement per output, in order",
            where=f"judge {judge.name!r} of kind {judge.kind!r}",
            got=f"{len(judgements)} judgements for {len(material.outputs)} outputs",
        )
    return judgements


def _material(
    store: Store,
    outputs: Sequence[Output],
    judge: BatchJudge,
    rubric: Rubric,
    fingerprints: Mapping[tuple[str, str], str],
) -> Material:
    wanted = {pair: f for pair, f in fingerprints.items() if pair[0] in judge.needs and pair[1] == rubric.name}
    place = {output.item_id: i for i, output in enumerate(outputs)}
    needed: dict[str, list[Judgement]] = {name: [] for name in judge.needs}
    for judgement in store.judgements(wanted) if wanted else []:
        if judgement.item_id in place and judgement.trial == 1:
            needed[judgement.judge].append(judgement)
    for judgements in needed.values():
        judgements.sort(key=lambda j: place[j.item_id])
    labels = [label for label in store.labels() if label.rubric == rubric.name and label.item_id in place]
    return Material(outputs=outputs, rubric=rubric, labels=labels, judgements=needed)


def _content(material: Material) -> list[object]:
    return [
        [(o.item_id, o.hash, o.model, o.dataset, dict(o.meta)) for o in material.outputs],
        [(la.item_id, la.annotator, la.value, la.kind, la.weight) for la in material.labels],
        [[(j.item_id, j.trial, j.status, j.verdict, j.score) for j in js] for js in material.judgements.values()],
    ]


def _stamped(judgement: Judgement, output: Output, judge: BatchJudge, rubric: Rubric, fingerprint: str) -> Judgement:
    return replace(
        judgement,
        judge=judge.name,
        rubric=rubric.name,
        fingerprint=fingerprint,
        output_hash=output.hash,
        rubric_version=rubric.version,
    )
