"""McNemar: whether two judges call positive equally often; the difference of their positive rates on the same items, exact p.

(b - c) / n, b the items that the first alone calls positive, c those the second alone does. Range [-1, 1]; 0: equally often,
which does not say on the same items. p is exact: all ways of giving the discordant items to either judge; items of one
cluster go together, so that copies of one text count once. Undefined (`no_items`) where no item has both verdicts.
Source: McNemar 1947, doi:10.1007/BF02295996; clusters: sign changes of whole clusters, as for clustered matched pairs in
Durkalski et al. 2003, doi:10.1002/sim.1438.
"""

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """Difference of the two raters' shares of the second value, (..., 2, 2) tables, the first rater down.

    Examples
    --------
    >>> import numpy as np
    >>> float(compute(np.array([[50.0, 10.0], [20.0, 20.0]])))
    0.1
    """
    return ratio(t[..., 1, 0] - t[..., 0, 1], t.sum(axis=(-2, -1)))


def reason(t: Floats) -> str | None:
    """Why it is undefined on one table."""
    return "no_items: no item has a verdict of both" if t.sum() <= 0 else None


MEASURE = Measure(name="mcnemar", table="test", compute=compute, reason=reason)
