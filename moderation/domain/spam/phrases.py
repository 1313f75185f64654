"""Phrases that are known from comment spam."""

import re
from collections.abc import Collection
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

from moderation.domain.spam.finding import Place

_HALVES: Final = re.compile("[\ud800-\udfff]")
_SHORTEST: Final = 10


class PhraseList:
    """Finds phrases in a text, all at once, each from the start of a word."""

    def __init__(self, phrases: Collection[str] = ()) -> None:
        """Build the search.

        Raises:
            ValueError: A phrase is so short that it would be found in honest text.
        """
        if short := sum(len(phrase) < _SHORTEST for phrase in phrases):
            raise ValueError(f"{short} phrases of less than {_SHORTEST} characters")
        ordered = sorted({phrase.lower() for phrase in phrases})
        self._search = AhoCorasick(ordered, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> dict[str, Place]:
        """Return each phrase and where it stands first, whatever its case."""
        lowered = text.lower()
        if len(lowered) != len(text):  # one letter, the capital dotted I, becomes two
            lowered = "".join(ch if len(ch.lower()) > 1 else ch.lower() for ch in text)
        found: dict[str, Place] = {}
        # The search takes UTF-8; half a surrogate pair is none, and no phrase holds one.
        lowered = _HALVES.sub("?", lowered)
        for _, start, end in self._search.find_matches_as_indexes(lowered):
            if start == 0 or not lowered[start - 1].isalnum():
                found.setdefault(lowered[start:end], (start, end))
        return found
