"""Fleiss' kappa: agreement of a whole group beyond chance, chance being the group's mean share of each value.

kappa = (po - pe) / (1 - pe), po the mean over items of the share of their pairs of ratings that agree, pe the sum of squares
of the mean shares. Ratings may be missing: shares are over all rated items, pairs over those rated twice (Gwet's form;
with equally many ratings an item it is Fleiss'). Range [-1, 1]; it falls when one value is rare. Undefined (`one_value`)
where only one value occurs, `no_pairs` where no item has two ratings.
Source: Fleiss 1971, doi:10.1037/h0031619; Gwet 2008, doi:10.1348/000711006X126600.
"""

import numpy as np

from judgeaudit.measures._group import group_measure
from judgeaudit.table import Floats


def _chance(share: Floats) -> Floats:
    return np.asarray((share**2).sum(axis=-1))


MEASURE = group_measure("fleiss_kappa", _chance)
