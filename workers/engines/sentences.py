"""Where the sentences of a text lie, alone and several together."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

_WORD: Final = re.compile(r"(\S+)(\s*)")
_ENDS: Final = (".", "!", "?", "\u2026")
_CLOSING: Final = "\"')]}*_"
"""What may follow the mark that ends a sentence."""

SHORT: Final = 4
"""Tokens, the mark among them. Shorter sentences are read several at once: alone each would
cost as much as a long one, and an endless row of them is easily typed."""

SHORT_TOGETHER: Final = 12
"""Tokens of short sentences that are read at once."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The characters from ``start`` up to ``end``, and how many tokens they are."""

    start: int
    end: int
    tokens: int


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence starts and ends, the space after it included.

    A sentence ends with a word that ends in a mark, or with its line. Takes time in
    proportion to the text.
    """
    start = 0
    for word in _WORD.finditer(text):
        if "\n" in word[2] or word[1].rstrip(_CLOSING).endswith(_ENDS):
            yield start, word.end()
            start = word.end()
    if start < len(text):
        yield start, len(text)


def joined(passages: Iterable[Passage], most: int) -> Iterator[Passage]:
    """Join neighbours as long as they have no more than *most* tokens together."""
    held: Passage | None = None
    for each in passages:
        if held and held.tokens + each.tokens <= most:
            held = Passage(held.start, each.end, held.tokens + each.tokens)
            continue
        if held:
            yield held
        held = each
    if held:
        yield held


def alone(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Leave every sentence alone, but for neighbouring short ones."""
    for short, run in groupby(passages, key=lambda each: each.tokens < SHORT):
        if short:
            yield from joined(run, SHORT_TOGETHER)
        else:
            yield from run
