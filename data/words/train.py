"""Train the word-order model of the package: ``python data/words/train.py``.

Source: the documentation of Python's standard library (docstrings and `pydoc_data.topics`, PSF licence version 2) and the
docstrings of NumPy, SciPy, pandas and scikit-learn (each under its BSD 3-clause licence), as they are installed. No text is
kept, only a table of counts (see README.md beside this file). The same versions give the same file.
"""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import json
import re
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse import coo_matrix
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD

from judgeaudit.modes import _order

PACKAGES = {"numpy": "BSD-3-Clause", "scipy": "BSD-3-Clause", "pandas": "BSD-3-Clause", "scikit-learn": "BSD-3-Clause"}
FOLDERS = {"scikit-learn": "sklearn"}
VOCABULARY = 24_000
LEAST_COUNT = 4
OWN_CLASS = 110
CLASSES = 200
CONTEXTS = 600
PRIOR = 30.0
SEED = 0

_PLAIN = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*\Z")
_SKIP = re.compile(r"^\s*(?:>>>|\.\.\.|\.\. |[-=~^+|]{3,}).*$|^.*::\s*$", re.MULTILINE)
_SHAPES = re.compile(r"^\s*\w[\w, *]*\s: .*$", re.MULTILINE)


def docstrings(folder: Path) -> Iterator[str]:
    """Every docstring of the Python files of a folder, those of tests and installed packages left out."""
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).parts
        if {"site-packages", "test", "tests", "idlelib", "lib2to3"} & set(parts):
            continue
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield ast.get_docstring(node) or ""


def texts() -> Iterator[str]:
    """All training texts, equal paragraphs once."""
    from pydoc_data import topics

    folders = [Path(sysconfig.get_paths()["stdlib"])]
    for name in PACKAGES:
        spec = importlib.util.find_spec(FOLDERS.get(name, name))
        if spec is None or spec.origin is None:
            raise SystemExit(f"{name} is not installed")
        folders.append(Path(spec.origin).parent)
    seen: set[str] = set()
    documents = [*topics.topics.values(), *(text for folder in folders for text in docstrings(folder))]
    for text in documents:
        for part in re.split(r"\n\s*\n", _SHAPES.sub("", _SKIP.sub("", text))):
            paragraph = " ".join(part.split())
            if paragraph and paragraph not in seen:
                seen.add(paragraph)
                yield paragraph


def classes(words: list[str], index: dict[str, int], found: Counter[tuple[str, str]]) -> np.ndarray:
    """(n,) class of each word: the commonest have their own, the others are clustered by their neighbours."""
    entries: list[tuple[int, int, int]] = []
    for (a, b), n in found.items():
        i, j = index[a], index[b]
        if j < CONTEXTS:
            entries.append((i, j, n))
        if i < CONTEXTS:
            entries.append((j, CONTEXTS + i, n))
    rows, columns, values = np.array(entries).T
    counts = coo_matrix((values, (rows, columns)), shape=(len(words), 2 * CONTEXTS)).tocsr().astype(float)
    total = counts.sum()
    row, column = np.asarray(counts.sum(axis=1)).ravel(), np.asarray(counts.sum(axis=0)).ravel()
    cells = counts.tocoo()
    ratio = cells.data * total / (row[cells.row] * column[cells.col])
    ppmi = coo_matrix((np.maximum(0, np.log(ratio)), (cells.row, cells.col)), shape=counts.shape).tocsr()
    vectors = TruncatedSVD(60, random_state=SEED).fit_transform(ppmi)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    rest = MiniBatchKMeans(CLASSES - OWN_CLASS, random_state=SEED, n_init=3, batch_size=4096).fit_predict(
        vectors[OWN_CLASS:]
    )
    return np.concatenate([np.arange(OWN_CLASS), rest + OWN_CLASS]) + _order.FIRST_KNOWN


def main() -> None:
    """Train, and write the model and its record."""
    sentences = [text.split() for text in texts()]
    counts = Counter(w for s in sentences for w in s if _PLAIN.match(w))
    words = [w for w, n in sorted(counts.items(), key=lambda x: (-x[1], x[0]))[:VOCABULARY] if n >= LEAST_COUNT]
    index = {w: i for i, w in enumerate(words)}
    found: Counter[tuple[str, str]] = Counter()
    for s in sentences:
        found.update((a, b) for a, b in pairwise(s) if a in index and b in index)
    of_word = classes(words, index, found)
    size = CLASSES + _order.FIRST_KNOWN
    table = np.zeros((size, size))
    for s in sentences:
        ids = [int(of_word[index[w]]) if w in index else _order.unknown(w) for w in s]
        np.add.at(table, (ids[:-1], ids[1:]), 1)
    first, second = table.sum(axis=1, keepdims=True), table.sum(axis=0, keepdims=True) / table.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        pmi = np.log((table + PRIOR * second) / ((first + PRIOR) * second))
    scores = np.clip(np.nan_to_num(pmi, nan=0.0, posinf=0.0, neginf=0.0), _order.LOWEST, _order.HIGHEST)
    known = np.zeros(1 << _order.TABLE_BITS, dtype=np.uint8)
    for word, cls in zip(reversed(words), reversed(of_word.tolist()), strict=True):
        known[_order.slot(word)] = cls
    np.savez_compressed(_order.MODEL, classes=known, scores=np.round(scores * _order.UNIT).astype(np.int8))
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    record = {
        "sources": [{"name": "Python", "version": sys.version.split()[0], "licence": "PSF-2.0"}]
        + [{"name": n, "version": versions[n], "licence": licence} for n, licence in PACKAGES.items()],
        "words": sum(map(len, sentences)), "vocabulary": len(words), "classes": CLASSES, "seed": SEED,
        "bytes": _order.MODEL.stat().st_size,
    }  # fmt: skip
    Path(__file__).with_name("record.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
