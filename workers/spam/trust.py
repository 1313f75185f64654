"""How much weight the word of a moderator, a site's key or an author's comments has.

Whoever says of most comments the opposite of what the shipped model is sure of, may be right once
and again, but is not believed in bulk: such a source moves almost nothing, however much it sends.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_SURE: Final = 1.5
"""A logit from which on the shipped model counts as sure."""

_AGREEING: Final = (0.4, 0.7)
"""Below the first share of agreement a source is not trusted, from the second on it is wholly."""

_BEFOREHAND: Final = (6.0, 0.5)
"""As if so many lessons had been looked at before the first, with this share of agreement."""

_MOST_OF_A_SOURCE: Final = 200.0
"""Lessons that a trusted source may weigh, in each direction."""

_MOST_OF_THE_UNTRUSTED: Final = 1.0
"""Lessons that all sources together may weigh without trust."""

_MOST_OF_AN_AUTHOR: Final = 3.0
"""Lessons that all comments of an author weigh together."""


def trust(base: Numbers, spam: Flags) -> float:
    """Return the trust in [0, 1] in a source.

    It hangs on how often the source agrees where the model is sure, the worse of two: where the
    model is sure of spam, and where it is sure of none. Who contradicts it all the time in one
    of them is not believed in the other either.

    Args:
        base: Logits of the shipped model for the source's lessons.
        spam: What the source said.
    """
    looked_at, share = _BEFOREHAND
    agreements = []
    for sure in (base > _SURE, base < -_SURE):
        agreed = np.count_nonzero(sure & ((base > 0) == spam))
        agreements.append((agreed + looked_at * share) / (np.count_nonzero(sure) + looked_at))
    low, high = _AGREEING
    return float(np.clip((min(agreements) - low) / (high - low), 0.0, 1.0) ** 2)


def lesson_weights(
    base: Numbers, spam: Flags, sources: Sequence[str], authors: Sequence[str], trusted: set[str]
) -> Numbers:
    """Return each lesson's weight, of shape (n,), none above 1.

    Args:
        base: Logits of the shipped model.
        spam: What was said.
        sources: Who said it.
        authors: Who wrote the comment.
        trusted: The sources to be heard; what others say weighs nothing.
    """
    source = np.array(sources, dtype=object)
    heard = np.isin(source, sorted(trusted))
    weights = np.where(heard, _shares(authors, heard, _MOST_OF_AN_AUTHOR), 0.0)
    for name in trusted:
        said = source == name
        cap = _MOST_OF_THE_UNTRUSTED / len(trusted)
        cap += _MOST_OF_A_SOURCE * trust(base[said], spam[said])
        for these in (said & spam, said & ~spam):
            weighed = weights[these].sum()
            if weighed > cap:
                weights[these] *= cap / weighed
    return np.asarray(weights)


def _shares(names: Sequence[str], heard: Flags, most: float) -> Numbers:
    """Return what each may weigh so that all of one name together do not weigh above *most*."""
    _, which = np.unique(np.array(names, dtype=str), return_inverse=True)
    count = np.bincount(which, weights=heard)
    return np.asarray(np.minimum(1.0, most / np.maximum(count[which], 1.0)))
