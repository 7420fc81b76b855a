"""Share of pairs of trials of one judge on one item that give the same value.

Table ``trials``: (..., 4) sums over items: items with at least two verdicts, items whose verdicts differ, pairs of trials,
pairs that agree. Range [0, 1]; 1: the judge repeats itself. Undefined (`no_repeats`) where no item was judged twice.
Source: the observed agreement of Cohen 1960, doi:10.1177/001316446002000104, trials as raters; of judges: arXiv:2606.19544.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Agreeing pairs over pairs.

    Examples
    --------
    >>> cells(4)
    ((3,), (2,))
    """
    return (3,), (2,)


MEASURE = proportion(
    "test_retest_agreement",
    cells,
    "no_repeats: no item has two verdicts of this judge",
    table="trials",
    scales=("full",),
)
