"""Whether a score of 0.8 means 80 %: the reliability curve and its error.

Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian
Binning", 2015, with bins of equal width as in Guo and others, 2017.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.evaluation.metrics import Numbers, positive

BINS: Final = 15


@dataclass(frozen=True, slots=True)
class Bin:
    """The texts whose scores lie in [start, end), the last bin including 1.

    ``texts``: how many were counted. The shares are weighted to the base rate: ``weight`` is
    that of the bin among all texts, ``positives`` that of positives within the bin;
    ``score`` is the mean score.
    """

    start: float
    end: float
    texts: int
    weight: float
    score: float
    positives: float


def weights(labels: Numbers, base_rate: float | None) -> Numbers:
    """Weigh texts as if the share of positives among them were *base_rate*; they add up to 1.

    A sample with more positives than life says nothing of life's probabilities until each
    positive weighs ``base_rate / share`` and each negative ``(1 - base_rate) / (1 - share)``
    (Elkan, "The Foundations of Cost-Sensitive Learning", 2001). None: weigh all alike.

    Raises:
        ValueError: A class that the base rate asks for has no texts.
    """
    positives = positive(labels)
    count = int(positives.sum())
    if base_rate is None:
        return np.full(len(labels), 1.0 / len(labels))
    if not count or count == len(labels):
        raise ValueError("a base rate needs positives and negatives")
    rest = (1.0 - base_rate) / (len(labels) - count)
    return np.where(positives, base_rate / count, rest)


def reliability(
    labels: Numbers, scores: Numbers, *, base_rate: float | None = None, bins: int = BINS
) -> list[Bin]:
    """Compare scores with the share of positives, bin by bin; empty bins are left out.

    Args:
        labels: 0 or 1, with both present if a base rate is given.
        scores: In [0, 1].
        base_rate: Share of positives to reckon with; None: that of the labels.
        bins: How many bins of equal width there are.
    """
    weight = weights(labels, base_rate)
    positives = positive(labels)
    place = np.minimum((scores * bins).astype(int), bins - 1)
    found = []
    for i in range(bins):
        inside = place == i
        total = float(weight[inside].sum())
        if total:
            found.append(
                Bin(
                    start=i / bins,
                    end=(i + 1) / bins,
                    texts=int(inside.sum()),
                    weight=total,
                    score=float((weight * scores)[inside].sum()) / total,
                    positives=float(weight[inside & positives].sum()) / total,
                )
            )
    return found


def calibration_error(curve: list[Bin]) -> float:
    """Average the distance of scores and shares over the bins: the expected calibration error."""
    return sum(each.weight * abs(each.score - each.positives) for each in curve)
