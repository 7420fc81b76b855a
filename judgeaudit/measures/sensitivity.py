"""Share of the reference's positives that the judge calls positive: tp / (tp + fn).

Also recall, true positive rate. Range [0, 1]; 1: none is missed. Undefined (`no_positives`) without positives.
Source: Altman and Bland 1994, doi:10.1136/bmj.308.6943.1552.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Numerator and denominator among the flat cells tn, fn, fp, tp (judge's value down, reference's across).

    Examples
    --------
    >>> cells(2)
    ((3,), (1, 3))
    """
    return (3,), (1, 3)


MEASURE = proportion("sensitivity", cells, "no_positives: the reference has no positive")
