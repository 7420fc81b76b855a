"""Share of the items the judge was asked about that have no verdict, for whatever reason.

Range [0, 1]; 0: every item has a verdict. Items it was not asked about do not count. Undefined (`not_asked`) where it was
asked about none.
Source: nonresponse of items, Little and Rubin 2019, doi:10.1002/9781119482260.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Numerator and denominator among the answers negative, positive, abstained, unscored.

    Examples
    --------
    >>> cells(4)
    ((3,), (0, 1, 2, 3))
    """
    return (3,), (0, 1, 2, 3)


MEASURE = proportion(
    "unscored_rate", cells, "not_asked: the judge was asked about no item", table="answers", scales=("full",)
)
