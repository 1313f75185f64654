"""A fair draw of what passes by, without keeping it all."""

import random
from collections.abc import Sequence
from itertools import chain, islice, zip_longest
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_NOTHING: Final = object()


class Draw(Generic[T]):
    """Keeps *most* of what it is offered, each with equal chance; the same seed, the same ones."""

    def __init__(self, most: int, *, seed: str) -> None:
        self.kept: list[T] = []
        self._most = most
        self._seen = 0
        self._chance = random.Random(seed)  # noqa: S311 - no secret

    def offer(self, item: T) -> None:
        """Keep *item*, or let it pass, or put it in another's place."""
        self._seen += 1
        if len(self.kept) < self._most:
            self.kept.append(item)
        elif (place := self._chance.randrange(self._seen)) < self._most:
            self.kept[place] = item


def evenly(sources: Sequence[Sequence[T]], most: int) -> list[T]:
    """Take *most* items, in turn from every source that still has one."""
    turns = chain.from_iterable(zip_longest(*sources, fillvalue=_NOTHING))
    return list(islice((item for item in turns if item is not _NOTHING), most))  # type: ignore[misc]
