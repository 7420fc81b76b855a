"""Share of the reference's negatives that the judge calls negative: tn / (tn + fp).

Also true negative rate. Range [0, 1]; 1: no false alarm. Undefined (`no_negatives`) without negatives.
Source: Altman and Bland 1994, doi:10.1136/bmj.308.6943.1552.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Numerator and denominator among the flat cells tn, fn, fp, tp (judge's value down, reference's across).

    Examples
    --------
    >>> cells(2)
    ((0,), (0, 2))
    """
    return (0,), (0, 2)


MEASURE = proportion("specificity", cells, "no_negatives: the reference has no negative")
