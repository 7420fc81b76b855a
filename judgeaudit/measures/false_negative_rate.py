"""Share of the reference's positives that the judge calls negative: fn / (fn + tp).

Range [0, 1]; 0: none is missed. Undefined (`no_positives`) without positives.
Source: Fawcett 2006, doi:10.1016/j.patrec.2005.10.010.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Numerator and denominator among the flat cells tn, fn, fp, tp (judge's value down, reference's across).

    Examples
    --------
    >>> cells(2)
    ((1,), (1, 3))
    """
    return (1,), (1, 3)


MEASURE = proportion("false_negative_rate", cells, "no_positives: the reference has no positive")
