"""Share of items on which the trials of one judge do not all give the same value.

Table ``trials`` as in test_retest_agreement. Range [0, 1]; 0: the judge repeats itself on every item. Undefined
(`no_repeats`) where no item was judged twice.
Source: one less the robustness rate of Ye et al. 2024, arXiv:2410.02736.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Items that flip over items with at least two verdicts.

    Examples
    --------
    >>> cells(4)
    ((1,), (0,))
    """
    return (1,), (0,)


MEASURE = proportion(
    "flip_rate", cells, "no_repeats: no item has two verdicts of this judge", table="trials", scales=("full",)
)
