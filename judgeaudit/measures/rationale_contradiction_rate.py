"""Share of a judge's verdicts that its own rationale contradicts, of those whose rationale names a value.

A program reads the rationale for a value stated as final: "therefore the answer is yes", "verdict: no", "score: 3", "the response
is not harmful". The verdict contradicts it where it is another value, or the one that a plain negation excludes. Range [0, 1]; 0:
no rationale that states a value states another one; above 0 some verdicts do not follow from what the judge wrote, and which of
the two is wrong it does not say. What it cannot see: rationales in other languages than English, those that argue without stating
a value, and values stated in other phrases. All of these, and rationales that state several values, are left out as
`not_decidable`; they are no contradictions. So this is the rate of explicit contradictions among explicit rationales, and where
those are few it says little of the rest. Undefined where no verdict came with a rationale (`no_rationales`), where none of the
rationales states a single value (`not_decidable`), or on a scale of over 100 values (`too_many_values`).
Table ``rationales``: (..., 2): agreeing, contradicting.
Source: rationales need not say what moved the verdict, Turpin et al. 2023, arXiv:2305.04388.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Contradictions over rationales that name a value.

    Examples
    --------
    >>> cells(2)
    ((1,), (0, 1))
    """
    return (1,), (0, 1)


MEASURE = proportion(
    "rationale_contradiction_rate",
    cells,
    "not_decidable: no rationale states a single value of the scale in plain words",
    table="rationales",
    scales=("full",),
)
