"""How far a figure could be off by chance: percentile intervals of the bootstrap.

Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.evaluation.metrics import Numbers

RESAMPLES: Final = 1000
LEVEL: Final = 0.95
SEED: Final = 2026

Statistic = Callable[[Numbers, Numbers], float]
"""From labels and scores to a figure."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the bounds between which it lies in 95 % of resamples."""

    value: float
    low: float
    high: float

    def excludes(self, number: float) -> bool:
        """Say whether *number* lies outside the bounds."""
        return number < self.low or number > self.high


@dataclass(frozen=True, slots=True)
class Paired:
    """Two models on the same texts; ``difference`` is the second less the first."""

    first: Interval
    second: Interval
    difference: Interval


def paired(
    statistic: Statistic,
    labels: Numbers,
    first: Numbers,
    second: Numbers,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Paired:
    """Compare two models by one figure, drawing the same texts for both in each resample.

    Paired, because a hard text is hard for both: the difference varies less than the figures.

    Args:
        statistic: NaN when a draw has no texts of a kind; such a draw does not count.
        labels: 0 or 1.
        first: Scores of the first model, in the order of the labels.
        second: Scores of the second.
        resamples: How many draws with replacement.
        seed: Of the draws: the same seed gives the same interval.
    """
    random = np.random.default_rng(seed)
    drawn = np.empty((resamples, 2))
    for i in range(resamples):
        chosen = random.integers(0, len(labels), len(labels))
        drawn[i] = (
            statistic(labels[chosen], first[chosen]),
            statistic(labels[chosen], second[chosen]),
        )
    one, other = statistic(labels, first), statistic(labels, second)
    return Paired(
        first=_interval(one, drawn[:, 0]),
        second=_interval(other, drawn[:, 1]),
        difference=_interval(other - one, drawn[:, 1] - drawn[:, 0]),
    )


def _interval(value: float, drawn: Numbers) -> Interval:
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return Interval(value, float("nan"), float("nan"))
    tail = (1.0 - LEVEL) / 2
    low, high = np.quantile(known, [tail, 1.0 - tail])
    return Interval(value, float(low), float(high))
