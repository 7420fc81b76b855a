"""One file a way of recalibrating: from a judge's scores to scores that mean what they say."""

from judgeaudit.recalibration._recalibrator import Recalibrator, fit
from judgeaudit.recalibration._table import Recalibrated, recalibrate, rescored, scored_judge

__all__ = ["Recalibrated", "Recalibrator", "fit", "recalibrate", "rescored", "scored_judge"]
