"""Share of items on which two raters give the same value, chance not taken out.

Range [0, 1]. It is high wherever one value is common. Undefined (`no_items`) where no item has both values.
Source: the observed agreement of Cohen 1960, doi:10.1177/001316446002000104.
"""

from judgeaudit.measures._measure import proportion
from judgeaudit.measures.accuracy import cells

MEASURE = proportion(
    "percent_agreement",
    cells,
    "no_items: no item has a verdict of both",
    table="pair",
    scales=("binary", "full"),
)
