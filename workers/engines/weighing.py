"""Words with weights, and which of them carry the score of their text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from workers.engines.reading import EMOJI_PATTERN

Place = tuple[int, int]
"""Where something stands in a text, end exclusive."""

WORD: Final = re.compile(rf"[^\W_]++(?:['*@$!-]++[^\W_]++)*+|{EMOJI_PATTERN}")
"""A word, with what people put into one to disguise it, or the same emoji once or more."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A word's place in its text and how much it weighs."""

    place: Place
    weight: float


@dataclass(frozen=True, slots=True)
class Bar:
    """What a word must weigh: ``least``, and ``share`` of the heaviest word of its text.

    Where one word is an open insult, another that only may be one is not what readers mind.
    """

    least: float
    share: float

    @classmethod
    def of(cls, spans: Mapping[str, Any], otherwise: "Bar") -> "Bar":
        """Read the bar of a model's card, where there is one."""
        return cls(float(spans["threshold"]), float(spans["share"])) if spans else otherwise


def heavy(words: Iterable[Weighed], bar: Bar) -> list[Place]:
    """Return the places of the words that reach the bar, in the order given."""
    listed = list(words)
    heaviest = max((each.weight for each in listed), default=0.0)
    reach = max(bar.least, bar.share * heaviest)
    return [each.place for each in listed if each.weight >= reach]


def words_in(text: str) -> list[Place]:
    """Return where the words of a text stand."""
    return [found.span() for found in WORD.finditer(text)]


def by_word(words: Sequence[Place], tokens: Iterable[tuple[Place, float]]) -> list[Weighed]:
    """Weigh words by the mean of the tokens that touch them; one without any weighs nothing.

    A token may come several times, from windows that overlap. Tokens between words are left
    out: a full stop hurts nobody.

    Args:
        words: In order, and apart.
        tokens: In any order.
    """
    starts, ends = [start for start, _ in words], [end for _, end in words]
    sums, counts = [0.0] * len(words), [0] * len(words)
    for (start, end), weight in tokens:
        for at in range(bisect_right(ends, start), bisect_left(starts, end)):
            sums[at] += weight
            counts[at] += 1
    return [
        Weighed(place, total / count if count else 0.0)
        for place, total, count in zip(words, sums, counts, strict=True)
    ]
