"""Which sentences of a text are read alone, and which together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

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
