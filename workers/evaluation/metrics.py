"""Figures about scores, as pure functions of arrays.

Labels are 0 or 1, scores lie in [0, 1], and both have one length. What cannot be measured,
for want of texts of a kind, is NaN.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Reached = npt.NDArray[np.bool_]

LEAST_POSITIVE: Final = 0.5
"""Labels that are shares of annotators count by the majority."""


def positive(labels: Numbers) -> Reached:
    """Say of each label whether it is a positive one."""
    return labels >= LEAST_POSITIVE


def auc(labels: Numbers, scores: Numbers) -> float:
    """Say how often a positive scores above a negative, ties counting half.

    NaN when there are no positives or no negatives.
    """
    positives = positive(labels)
    wins = int(positives.sum())
    losses = len(labels) - wins
    if not wins or not losses:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[positives].sum() - wins * (wins + 1) / 2) / (wins * losses))


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What a threshold does on labelled texts; every figure is a share in [0, 1]."""

    held: float
    recall: float
    false_alarms: float

    def precision(self, base_rate: float) -> float:
        """Work out the share of true positives among the held, at a stated base rate.

        Dev sets hold more positives than life does, which would flatter the threshold.
        """
        right = self.recall * base_rate
        caught = right + self.false_alarms * (1.0 - base_rate)
        return right / caught if caught else float("nan")

    def share_held(self, base_rate: float) -> float:
        """Work out the share of all texts that is held, at a stated base rate."""
        return self.recall * base_rate + self.false_alarms * (1.0 - base_rate)


def at_threshold(labels: Numbers, scores: Numbers, threshold: float) -> AtThreshold:
    """Measure one threshold, which a score reaches by being equal to it."""
    return when_held(labels, scores >= threshold)


def when_held(labels: Numbers, held: Reached) -> AtThreshold:
    """Measure a choice of texts that are held."""
    positives = positive(labels)
    return AtThreshold(
        held=_share(held), recall=_share(held[positives]), false_alarms=_share(held[~positives])
    )


def share_reaching(scores: Numbers, threshold: float) -> float:
    """Work out the share of scores that reach a threshold."""
    return _share(scores >= threshold)


def threshold_table(
    labels: Numbers, scores: Numbers, thresholds: Sequence[float]
) -> list[tuple[float, AtThreshold]]:
    """Measure every threshold, in the order given."""
    return [(each, at_threshold(labels, scores, each)) for each in thresholds]


def _share(chosen: Reached) -> float:
    return float(chosen.mean()) if len(chosen) else float("nan")
