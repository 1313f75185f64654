"""What a calibrated score comes to where positives are rarer or more common than was stated."""

from typing import Final

LEAST: Final = 0.0001
MOST: Final = 0.9999
"""Base rates that may be stated; beyond them nobody has counted."""


def at_base_rate(score: float, *, stated: float, own: float) -> float:
    """Turn the probability at one base rate into that at another, by Bayes.

    The odds of a text grow as the odds of all texts do (Elkan, "The Foundations of
    Cost-Sensitive Learning", 2001), so the order of scores stays, and 0 and 1 stay what they
    are. Swapping *stated* and *own* leads back.

    Args:
        score: A probability where *stated* is the share of positives.
        stated: In [LEAST, MOST], as *own* is.
        own: The share of positives to reckon with.
    """
    if stated == own:
        return score
    times = own * (1.0 - stated)
    positive, negative = score * times, (1.0 - score) * stated * (1.0 - own)
    return positive / (positive + negative)
