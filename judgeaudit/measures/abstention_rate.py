"""Share of the judge's verdicts that say "cannot be judged".

Range [0, 1]. An abstention is a verdict, outside binary measures. Undefined (`no_verdicts`) without verdicts.
Source: one less the coverage of a selective classifier, El-Yaniv and Wiener 2010, J. Mach. Learn. Res. 11, 1605-1641.
"""

from judgeaudit.measures._measure import Cells, proportion


def cells(v: int) -> Cells:
    """Numerator and denominator among the answers negative, positive, abstained, unscored.

    Examples
    --------
    >>> cells(4)
    ((2,), (0, 1, 2))
    """
    return (2,), (0, 1, 2)


MEASURE = proportion(
    "abstention_rate", cells, "no_verdicts: the judge gave no verdict", table="answers", scales=("full",)
)
