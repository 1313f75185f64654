"""How far two sets of scores of the same texts agree, and which threshold stands for which."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt


@dataclass(frozen=True, slots=True, kw_only=True)
class AtThreshold:
    """What became of a threshold on the old scores.

    ``here``: the threshold on the new scores that flags as many texts, or as few more as ties
    allow; None where the old one flags none. ``flagged`` and ``flagged_here`` are shares of all
    texts, ``unchanged`` is the share that the old threshold would flag on the new scores.
    ``alike``: the share that both flag or both do not; the others are counted by who flags them.
    """

    old: float
    here: float | None
    flagged: float
    flagged_here: float
    unchanged: float
    alike: float
    only_old: int
    only_here: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Figures on n texts. A correlation is None where one side is the same for all texts.

    ``pearson`` compares the scores, ``spearman`` their order. ``differing`` holds places of
    texts, those first whose places in the two orders lie furthest apart; ``old_ranks`` and
    ``ranks_here`` are the places, as the share of texts that score lower (half of the equal
    ones counted among them).
    """

    texts: int
    pearson: float | None
    spearman: float | None
    thresholds: tuple[AtThreshold, ...]
    differing: tuple[int, ...]
    old_ranks: tuple[float, ...]
    ranks_here: tuple[float, ...]


def agreement(
    old: Sequence[float], here: Sequence[float], *, thresholds: Sequence[float], most: int
) -> Agreement:
    """Compare the scores of the same texts.

    Args:
        old: Each text's old score.
        here: Its new one, in the same order.
        thresholds: On the old scores; a text is flagged from there on.
        most: How many differing texts to name.

    Raises:
        ValueError: There is no text.
    """
    if not old:
        raise ValueError("there is no text to compare")
    old_ranks, ranks_here = _ranks(old), _ranks(here)
    apart = sorted(range(len(old)), key=lambda i: (-abs(old_ranks[i] - ranks_here[i]), i))
    return Agreement(
        texts=len(old),
        pearson=_correlation(old, here),
        spearman=_correlation(old_ranks, ranks_here),
        thresholds=tuple(_at(each, old, here) for each in thresholds),
        differing=tuple(i for i in apart[:most] if old_ranks[i] != ranks_here[i]),
        old_ranks=old_ranks,
        ranks_here=ranks_here,
    )


def _at(threshold: float, old: Sequence[float], here: Sequence[float]) -> AtThreshold:
    count = len(old)
    flagged = sum(score >= threshold for score in old)
    own = sorted(here, reverse=True)[flagged - 1] if flagged else None
    both = [
        (first >= threshold, own is not None and second >= own)
        for first, second in zip(old, here, strict=True)
    ]
    only_old = sum(first and not second for first, second in both)
    only_here = sum(second and not first for first, second in both)
    return AtThreshold(
        old=threshold,
        here=own,
        flagged=flagged / count,
        flagged_here=sum(second for _, second in both) / count,
        unchanged=sum(score >= threshold for score in here) / count,
        alike=1 - (only_old + only_here) / count,
        only_old=only_old,
        only_here=only_here,
    )


def _ranks(scores: Sequence[float]) -> tuple[float, ...]:
    ordered = sorted(scores)
    count = len(scores)
    return tuple(
        (bisect_left(ordered, each) + bisect_right(ordered, each)) / 2 / count for each in scores
    )


def _correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    mean_x, mean_y = fsum(xs) / len(xs), fsum(ys) / len(ys)
    spread = fsum((x - mean_x) ** 2 for x in xs) * fsum((y - mean_y) ** 2 for y in ys)
    if spread <= 0:
        return None
    return fsum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sqrt(spread)
