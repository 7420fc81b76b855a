"""Share of items on which the judge's value equals the reference's.

(tp + tn) / n; on the full scale the trace over n. Range [0, 1]; 1: equal everywhere. Undefined without items.
Source: Sokolova and Lapalme 2009, doi:10.1016/j.ipm.2009.03.002.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Diagonal over all cells of a v x v table.

    Examples
    --------
    >>> cells(2)
    ((0, 3), (0, 1, 2, 3))
    """
    return tuple(i * v + i for i in range(v)), tuple(range(v * v))


MEASURE = proportion(
    "accuracy", cells, "no_items: no item has both a verdict and a reference", scales=("binary", "full")
)
