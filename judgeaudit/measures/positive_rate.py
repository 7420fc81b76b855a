"""Share of the judge's positive or negative verdicts that are positive; no reference is needed.

Range [0, 1]. It says what the judge claims, not what is true. Undefined (`no_verdicts`) without such verdicts.
Source: the apparent prevalence of Rogan and Gladen 1978, doi:10.1093/oxfordjournals.aje.a112510.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Numerator and denominator among the answers negative, positive, abstained, unscored.

    Examples
    --------
    >>> cells(4)
    ((1,), (0, 1))
    """
    return (1,), (0, 1)


MEASURE = proportion(
    "positive_rate",
    cells,
    "no_verdicts: the judge gave no positive or negative verdict",
    table="answers",
    scales=("binary",),
)
