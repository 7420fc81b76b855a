"""Everything judgeaudit raises on purpose.

::

    JudgeAuditError            exit code
    ├── InputError (ValueError)    2   a file or an argument cannot be read as it is
    ├── ConfigError (ValueError)   2   audit.yaml, policy.yaml or a flag asks for something unknown
    └── IncompleteError            3   the work could not be finished; what was done is kept
        ├── ProviderError          3   the server of a model is down, refuses the key or the quota
        ├── BudgetError            3   a limit set by the user was reached
        └── StoreError             3   disk full, database locked, folder gone

One judge failing on one output is not an exception: it is a status of that judgement.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class JudgeAuditError(Exception):
    """Base of all errors raised on purpose; `exit_code` is what the command line ends with.

    The message is the parts as one `sentence`; the parts stay attributes, so that a caller can add the place.

    Parameters
    ----------
    what
        What is wrong, in a few words.
    where
        File, line, column: as near to the place as is known.
    got, expected
        What stands there and what would be right.
    next_step
        What the user can do now.

    Examples
    --------
    >>> print(InputError("missing column", where="t.csv", got="'gpt5'", expected="one of 'gpt4', 'guard'"))
    t.csv: missing column: got 'gpt5'; expected one of 'gpt4', 'guard'
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", got: str = "", expected: str = "", next_step: str = "") -> None:
        self.what, self.where, self.got, self.expected, self.next_step = what, where, got, expected, next_step
        super().__init__(sentence(what, where=where, got=got, expected=expected, next_step=next_step))


class InputError(JudgeAuditError, ValueError):
    """A file or an argument cannot be used as it is."""


class ConfigError(JudgeAuditError, ValueError):
    """A configuration or a flag asks for something that does not exist."""


class IncompleteError(JudgeAuditError):
    """The work could not be finished; what was done is kept."""

    exit_code = 3


class ProviderError(IncompleteError):
    """The server of a model cannot be used: down, key refused, quota spent."""


class BudgetError(IncompleteError):
    """A limit set by the user (requests, tokens, cost, time) was reached."""


class StoreError(IncompleteError):
    """The store cannot be written or read: disk full, locked, gone."""


def sentence(what: str, *, where: str = "", got: str = "", expected: str = "", next_step: str = "") -> str:
    """One line: what, where, got, expected, next step; empty parts are left out.

    Examples
    --------
    >>> sentence("unknown kind", got="'opnai'", next_step="did you mean 'openai'?")
    "unknown kind: got 'opnai'; did you mean 'openai'?"
    """
    head = f"{where}: {what}" if where else what
    tail = "; ".join(
        part for part in (f"got {got}" if got else "", f"expected {expected}" if expected else "", next_step) if part
    )
    line = f"{head}: {tail}" if tail else head
    return " ".join(line.split())


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint naming the known words, the nearest first.

    Examples
    --------
    >>> nearest("accuracc", ["kappa", "accuracy"])
    "did you mean 'accuracy'? known: 'accuracy', 'kappa'"
    >>> nearest("zzz", ["kappa", "accuracy"])
    "known: 'accuracy', 'kappa'"
    """
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    shown = ", ".join(repr(w) for w in words[:24]) + (", ..." if len(words) > 24 else "")
    listed = f"known: {shown}" if words else "none is known here"
    return f"did you mean {close[0]!r}? {listed}" if close else listed
