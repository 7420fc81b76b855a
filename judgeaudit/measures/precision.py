"""Share of the judge's positives that the reference calls positive: tp / (tp + fp).

Range [0, 1]; 1: every alarm is right. It depends on prevalence. Undefined (`no_positive_verdicts`) where the judge calls
nothing positive.
Source: Altman and Bland 1994, doi:10.1136/bmj.309.6947.102.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Numerator and denominator among the flat cells tn, fn, fp, tp (judge's value down, reference's across).

    Examples
    --------
    >>> cells(2)
    ((3,), (2, 3))
    """
    return (3,), (2, 3)


MEASURE = proportion("precision", cells, "no_positive_verdicts: the judge calls nothing positive")
