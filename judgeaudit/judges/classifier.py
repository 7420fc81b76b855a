"""A text classifier learned from the labels at hand: TF-IDF of words and character n-grams, and a logistic regression.

Cross-fitted: no text is scored by a model that saw it, a copy of it, or another answer to its prompt. It tells what the
surface of the texts alone gives away; a judge that does no better adds nothing to a labelled sample of this size.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from judgeaudit.judges._folds import clusters, folds
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges._offline import Answer, Offline, Settings
from judgeaudit.model import Label, LabelKind, Rubric, Status
from judgeaudit.text import for_xml

Codes = npt.NDArray[np.int64]
_LEAST_CLUSTERS = 2
_BUCKETS = 2**17
_CHUNK = 2_000
_MOST_STEPS = 1_000


class Params(Settings):
    """Parameters of `classifier`.

    Parameters
    ----------
    labels
        Kinds of label to learn from, in order of preference: the first kind with any label on this rubric is taken, and no
        other is mixed in. A majority of an item's labels is its value; tied items are not learned from.
    text
        What is read: the response, or prompt and response.
    folds
        Number of folds.
    least
        Least number of labelled outputs; with fewer nothing is scored.
    c
        Inverse strength of the ridge penalty of the logistic regression (scikit-learn's `C`).
    max_characters
        Of each text only so many characters are read.
    seed
        Seed of the folds.
    """

    labels: tuple[LabelKind, ...] = Field(default=("human", "construction"), min_length=1)
    text: Literal["response", "prompt_and_response"] = "response"
    folds: int = Field(default=5, ge=2, le=50)
    least: int = Field(default=20, ge=4)
    c: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    max_characters: int = Field(default=10_000, ge=1)
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Values to learn: `codes` (n,) index `values`, -1 where an output has none; `note` says whose they are and how many."""

    codes: Codes
    values: tuple[str, ...]
    note: str


def build(name: str, params: Params) -> BatchJudge:
    """The judge of this kind."""
    identity = params.model_dump() | {"scikit-learn": _installed()}
    return Offline(name=name, kind="classifier", identity=identity, decide=lambda material: _decide(material, params))


def labels_to_learn(material: Material, kinds: Sequence[LabelKind]) -> Learned:
    """One value per output from the first of the kinds that has any label on the rubric."""
    rubric = material.rubric
    here = [x for x in material.labels if x.rubric == rubric.name]
    kind = next((k for k in kinds if any(x.kind == k for x in here)), None)
    by_item: dict[str, list[Label]] = {}
    off_scale = 0
    for label in here:
        if label.kind == kind and label.value in rubric.offered:
            by_item.setdefault(label.item_id, []).append(label)
        elif label.kind == kind:
            off_scale += 1
    votes = [Counter(x.value for x in by_item.get(o.item_id, ())) for o in material.outputs]
    codes = np.array([_majority(count, rubric) for count in votes], np.int64)
    if kind is None:
        return Learned(codes=codes, values=rubric.offered, note=f"no {' or '.join(kinds)} label on this rubric")
    tied = sum(bool(count) and code < 0 for count, code in zip(votes, codes, strict=True))
    left_out = [f"{k} {what}" for k, what in ((tied, "tied"), (off_scale, "off the scale")) if k]
    note = f"learned from {kind} labels of {int((codes >= 0).sum())} outputs"
    note += f" (left out: {', '.join(left_out)})" if left_out else ""
    return Learned(codes=codes, values=rubric.offered, note=note)


def _majority(count: Counter[str], rubric: Rubric) -> int:
    top = count.most_common(2)
    if not top or (len(top) == 2 and top[0][1] == top[1][1]):
        return -1
    return rubric.offered.index(top[0][0])


def _decide(material: Material, params: Params) -> list[Answer]:
    n = len(material.outputs)
    learned = labels_to_learn(material, params.labels)
    texts = [_text(o.prompt, o.response, params) for o in material.outputs]
    known = learned.codes >= 0
    prompts = [o.prompt for o in material.outputs]
    heads = [o.response[: params.max_characters] for o in material.outputs]
    # Only what is learned from makes clusters: an unlabelled text that two prompts share ties nothing together.
    groups = np.full(n, -1, np.int64)
    groups[known] = clusters(*([column[i] for i in np.flatnonzero(known)] for column in (prompts, heads)))
    why = _too_little(learned, groups, params)
    if why:
        return [Answer(status=Status.SKIPPED, detail=why)] * n
    fold = np.full(n, -1, np.int64)
    fold[known] = folds(groups[known], learned.codes[known], params.folds, params.seed)
    home = _homes(prompts, heads, fold)
    chances, models, notes = _cross_fit(texts, learned, fold, home, params)
    return [
        _answer(chances[i], int(models[i]), learned, material.rubric, "; ".join([learned.note, *notes]))
        for i in range(n)
    ]


def _homes(prompts: Sequence[str], texts: Sequence[str], fold: Codes) -> Codes:
    """(n,) fold whose model may score each row; -1: all may. That of a labelled row with its prompt, else with its text.

    So an unlabelled answer to a labelled prompt goes to that prompt's fold: the other models have seen its cluster.
    """
    home = fold.copy()
    for column in (texts, prompts):
        keys = [" ".join(entry.casefold().split()) for entry in column]
        seen = {key: k for key, k in zip(keys, fold.tolist(), strict=True) if key and k >= 0}
        found = np.array([seen.get(key, -1) for key in keys], np.int64)
        home = np.where((fold < 0) & (found >= 0), found, home)
    return home


def _too_little(learned: Learned, groups: Codes, params: Params) -> str:
    known = learned.codes >= 0
    n = int(known.sum())
    if n < params.least:
        return f"too few labels to learn from: {n}, needed {params.least} ({learned.note})"
    present = sorted(set(learned.codes[known].tolist()))
    classes = {learned.values[c]: len(set(groups[learned.codes == c].tolist())) for c in present}
    if len(classes) < 2:
        return f"labels of one class only: {next(iter(classes))!r} ({learned.note})"
    spread = [value for value, count in classes.items() if count >= _LEAST_CLUSTERS]
    if len(spread) < 2:
        return f"fewer than two values stand on {_LEAST_CLUSTERS} or more distinct prompts and texts ({learned.note})"
    return ""


def _cross_fit(
    texts: Sequence[str], learned: Learned, fold: Codes, home: Codes, params: Params
) -> tuple[npt.NDArray[np.float64], Codes, list[str]]:
    """Mean probability of each value over the models that may score a text, the number of these models, and notes."""
    labelled = np.flatnonzero(fold >= 0)
    table = _ngrams([texts[i] for i in labelled.tolist()])
    models: dict[int, _Model] = {}
    notes: list[str] = []
    for k in sorted(set(fold[labelled].tolist())):
        rest = fold[labelled] != k
        codes = learned.codes[labelled][rest]
        if len(set(codes.tolist())) < 2:
            notes.append(f"fold {k + 1} without a model: one class is left to learn from")
        elif not _shared(table[rest]).size:
            notes.append(f"fold {k + 1} without a model: its texts share no words")
        else:
            models[k] = _Model(table[rest], codes, params.c)
            notes += [] if models[k].converged else [f"fold {k + 1} did not converge"]
    total = np.zeros((len(texts), len(learned.values)))
    used = np.zeros(len(texts), np.int64)
    for start in range(0, len(texts), _CHUNK) if models else ():
        rows = np.arange(start, min(start + _CHUNK, len(texts)))
        chunk = _ngrams([texts[i] for i in rows.tolist()])
        for k, model in models.items():
            mine = (home[rows] == k) | (home[rows] < 0)
            if mine.any():
                total[np.ix_(rows[mine], model.classes)] += model.chances(chunk[mine])
                used[rows[mine]] += 1
    return total / np.maximum(used, 1)[:, None], used, notes


def _ngrams(texts: list[str]) -> Any:
    """Sparse counts (texts x hashed n-grams). Hashing has no vocabulary, so nothing of one text gets into another's row."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import HashingVectorizer

    plain = {"norm": None, "alternate_sign": False, "n_features": _BUCKETS}
    # Single signs are words too: "!" alone tells a flood.
    words = HashingVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\w+|[^\w\s]", **plain)
    characters = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 4), **plain)
    safe = [for_xml(text) for text in texts]  # the hash is one of UTF-8 bytes, which lone surrogates have not
    return hstack([words.transform(safe), characters.transform(safe)], format="csr")


def _shared(table: Any) -> Codes:
    """Columns that at least two rows hold: what one text alone has tells nothing of another, and makes the fit slow."""
    return np.flatnonzero(table.getnnz(axis=0) > 1)


class _Model:
    """TF-IDF and logistic regression fitted on some rows."""

    def __init__(self, table: Any, codes: Codes, c: float) -> None:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.feature_extraction.text import TfidfTransformer
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no stubs

        self.columns = _shared(table)
        self.weights: Any = TfidfTransformer(sublinear_tf=True)
        self.model: Any = LogisticRegression(C=c, max_iter=_MOST_STEPS)
        x = self.weights.fit_transform(table[:, self.columns])
        # One thread: BLAS threads that wait for each other made these small fits ten times slower, and the sums differ.
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # told by `converged`
            self.model.fit(x, codes)
        self.classes: Codes = self.model.classes_
        self.converged = bool(np.all(self.model.n_iter_ < _MOST_STEPS))

    def chances(self, table: Any) -> npt.NDArray[np.float64]:
        """(rows, classes) probabilities."""
        found: npt.NDArray[np.float64] = self.model.predict_proba(self.weights.transform(table[:, self.columns]))
        return found


def _answer(chances: npt.NDArray[np.float64], models: int, learned: Learned, rubric: Rubric, note: str) -> Answer:
    if not models:
        return Answer(status=Status.SKIPPED, detail=f"no model could be fitted that had not seen this text; {note}")
    # Rounded well above the differences between machines, so that the same input gives the same bytes.
    chances = np.round(chances, 6)
    best = int(np.argmax(chances))
    positive = [
        i for i, value in enumerate(learned.values) if value in rubric.positive and value != rubric.cannot_judge
    ]
    score = min(max(round(float(chances[positive].sum()), 6), 0.0), 1.0) if positive else None
    return Answer(
        verdict=learned.values[best],
        score=score,
        confidence=min(float(chances[best]), 1.0),
        confidence_source="measured",
        parse_method="cross_fitted",
        detail=note if models == 1 else f"{note}; mean of {models} models",
    )


def _text(prompt: str, response: str, params: Params) -> str:
    head = response[: params.max_characters]
    return head if params.text == "response" else f"{prompt[: params.max_characters]}\n\n{head}"


def _installed() -> str:
    try:
        return ".".join(version("scikit-learn").split(".")[:2])
    except PackageNotFoundError:
        return ""
