"""Share of outputs on which a judge's verdict changes when the options, or the two answers, are shown in the other order.

Of a judge NAME and its twin NAME~swapped, whose verdicts mean the same thing (of pairwise judges: which answer wins, not which
place). Range [0, 1]; 0: the order makes no difference. A judge that flips by chance flips here too: compare with `flip_rate`.
Undefined without a twin (`no_other_order`) or without outputs that both scored (`no_items`).
Table ``orders``: (..., 4): verdicts as given and swapped: both negative, swapped positive alone, given positive alone, both.
Source: Wang et al. 2023, arXiv:2305.17926.
"""

from judgeaudit.measures._measure import Cells, proportion

SWAPPED = "~swapped"
"""How the name of a judge ends that is asked in the other order."""


def cells(v: int) -> Cells:
    """Outputs with different verdicts over all.

    Examples
    --------
    >>> cells(4)
    ((1, 2), (0, 1, 2, 3))
    """
    return (1, 2), (0, 1, 2, 3)


MEASURE = proportion(
    "order_flip_rate", cells, "no_items: no output was scored in both orders", table="orders", scales=("binary",)
)
