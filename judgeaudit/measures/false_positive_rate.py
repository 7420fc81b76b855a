"""Share of the reference's negatives that the judge calls positive: fp / (fp + tn).

Range [0, 1]; 0: no false alarm. Undefined (`no_negatives`) without negatives.
Source: Fawcett 2006, doi:10.1016/j.patrec.2005.10.010.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Numerator and denominator among the flat cells tn, fn, fp, tp (judge's value down, reference's across).

    Examples
    --------
    >>> cells(2)
    ((2,), (0, 2))
    """
    return (2,), (0, 2)


MEASURE = proportion("false_positive_rate", cells, "no_negatives: the reference has no negative")
