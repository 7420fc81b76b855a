"""A judge's accuracy less a person's, both against the majority of the other people on the same items.

(b - c) / n, b the items on which the judge alone agrees with the others, c those on which the person alone does. Range [-1, 1];
above 0: the judge agrees with people better than this person does. p by McNemar's exact test, items of one cluster together.
Undefined (`no_items`) where no item has all three.
Source: McNemar 1947, doi:10.1007/BF02295996; people as the ceiling: Nangia and Bowman 2019, doi:10.18653/v1/P19-1449.
"""

from judgeaudit.measures._measure import Measure
from judgeaudit.measures.mcnemar import compute, reason

MEASURE = Measure(name="ceiling_difference", table="test", scales=("binary", "full"), compute=compute, reason=reason)
