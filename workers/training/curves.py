"""Fit the curve that turns one signal's scores into probabilities."""

from typing import Final

import numpy as np

from workers.engines.calibrated import Curve
from workers.evaluation.metrics import Numbers

FLATTEST: Final = 0.25
"""Least slope of a curve: flatter, its scores would hardly differ where thresholds are set."""

_PULL: Final = 1e-4
"""How strongly slopes are drawn to 1. Next to nothing; it keeps them finite where the scores
tell positives and negatives apart without a mistake."""

_STEPS: Final = 200
_SETTLED: Final = 1e-10


def fit_curve(positives: Numbers, logits: Numbers, weights: Numbers, base_rate: float) -> Curve:
    """Find the curve under which the labels are likeliest.

    A logistic regression on ``ln(score)``, ``-ln(1 - score)`` and 1, by Newton's method. A slope
    that would fall below `FLATTEST` is fixed there and the others are fitted again, as Kull and
    others do with one below nought.

    Args:
        positives: 1 for a positive, 0 for a negative, with both present.
        logits: Of the model's own scores.
        weights: Of the texts, adding up to 1, the positives to *base_rate*.
        base_rate: Told in the curve.
    """
    columns = np.stack(
        [-np.logaddexp(0.0, -logits), np.logaddexp(0.0, logits), np.ones_like(logits)], axis=1
    )
    found = np.array([1.0, 1.0, 0.0])
    free = np.array([True, True, True])
    while True:
        found = _settle(found, free, columns, positives, weights)
        flat = free[:2] & (found[:2] < FLATTEST)
        if not flat.any():
            low, high, offset = (float(each) for each in found)
            return Curve(low, high, offset, base_rate)
        fixed = int(np.argmin(np.where(flat, found[:2], np.inf)))
        found[fixed], free[fixed] = FLATTEST, False


_DRAWN_TO: Final = np.array([1.0, 1.0, 0.0])
_DRAWN_BY: Final = np.array([_PULL, _PULL, 0.0])


def _settle(
    start: Numbers, free: Numbers, columns: Numbers, positives: Numbers, weights: Numbers
) -> Numbers:
    """Go downhill from *start* until the *free* parameters move no more."""
    found = start.copy()
    for _ in range(_STEPS):
        shares = 1.0 / (1.0 + np.exp(-columns @ found))
        slope = columns.T @ (weights * (shares - positives)) + _DRAWN_BY * (found - _DRAWN_TO)
        bend = (columns * (weights * shares * (1.0 - shares))[:, None]).T @ columns
        bend += np.diag(_DRAWN_BY + 1e-12)
        step = np.zeros(3)
        step[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        before = _loss(found, columns, positives, weights)
        while np.abs(step).max() > _SETTLED and (
            _loss(found - step, columns, positives, weights) > before
        ):
            step /= 2.0
        found -= step
        if np.abs(step).max() <= _SETTLED:
            break
    return found


def _loss(found: Numbers, columns: Numbers, positives: Numbers, weights: Numbers) -> float:
    logits = columns @ found
    surprise = weights * (np.logaddexp(0.0, logits) - positives * logits)
    return float(surprise.sum() + 0.5 * (_DRAWN_BY * (found - _DRAWN_TO) ** 2).sum())
