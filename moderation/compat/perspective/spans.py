"""Parts of a text, and how Perspective counts where they lie."""

from collections.abc import Iterable
from itertools import accumulate
from typing import Final

from moderation.domain.sentences import sentences

MOST_SENTENCES: Final = 50
"""Each costs as much as a text of its own. Where there are more, neighbours go together."""

_LAST_OF_ONE_UNIT: Final = "\uffff"


class Utf16:
    """Tells offsets in UTF-16 units, as Java and JavaScript count, for those in characters."""

    def __init__(self, text: str) -> None:
        self._units: range | list[int]
        if text.isascii():
            self._units = range(len(text) + 1)
        else:
            sizes = (1 + (letter > _LAST_OF_ONE_UNIT) for letter in text)
            self._units = list(accumulate(sizes, initial=0))

    def __call__(self, character: int) -> int:
        return self._units[character]


def sentences_of(text: str, *, most: int = MOST_SENTENCES) -> tuple[tuple[int, int], ...]:
    """Return where the sentences of a text lie, without the space around them.

    In order, end exclusive, in characters. Where there are more than *most*, so many neighbours
    are one part that there are not. A text of nothing but space has none.
    """
    least = -(-len(text) // most)
    found = [place for place in (_shown(text, *each) for each in sentences(text)) if place]
    return tuple(found if len(found) <= most else _joined(found, least))


def _shown(text: str, start: int, end: int) -> tuple[int, int] | None:
    part = text[start:end]
    blank = len(part) - len(part.lstrip())
    length = len(part.strip())
    return (start + blank, start + blank + length) if length else None


def _joined(places: Iterable[tuple[int, int]], least: int) -> list[tuple[int, int]]:
    """Join neighbours until each part begins *least* characters or more after the last."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start - joined[-1][0] < least:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
