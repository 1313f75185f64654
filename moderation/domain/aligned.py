"""A text under change that remembers where each of its characters came from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from typing import Final, TypeAlias

Edit: TypeAlias = tuple[int, int, str]
"""Replace the characters from the first up to the second index by the third."""

LINK: Final = (
    r"https?://\S++|\]\([^\s)]*+|www\.(?<![A-Za-z]www\.)\S++"
    r"|[\w.+-](?<![\w.+-]{2})[\w.+-]{0,63}@[\w-]{1,63}+\.[A-Za-z][\w.-]*+"
)
"""Pattern of links and e-mail addresses, whose letters are left as they are.

What must not stand before one is asked for after its first character: so ``re`` passes over
all others without trying.
"""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A text whose every character knows its source.

    Character i stands for ``original[starts[i]:ends[i]]``. All three have one length.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def whole(cls, original: str) -> "Aligned":
        """Return *original* aligned with itself."""
        length = len(original)
        return cls(original, range(length), range(1, length + 1))

    def after(self, earlier: "Aligned") -> "Aligned":
        """Return this text aligned with what *earlier*, its original, is aligned with."""
        starts = list(map(earlier.starts.__getitem__, self.starts))
        ends = [earlier.ends[j - 1] for j in self.ends]
        places = enumerate(zip(self.starts, self.ends, strict=True))
        for at, i, j in [(at, i, j) for at, (i, j) in places if j > i + 1]:
            starts[at], ends[at] = min(earlier.starts[i:j]), max(earlier.ends[i:j])
        return Aligned(self.text, starts, ends)

    def respelt(self, text: str) -> "Aligned":
        """Return the same positions under other letters; *text* has the old length."""
        return Aligned(text, self.starts, self.ends)

    def arranged(self, parts: Sequence[slice]) -> "Aligned":
        """Return these parts, one after the other, with their sources."""
        return Aligned(
            "".join([self.text[part] for part in parts]),
            list(chain.from_iterable([self.starts[part] for part in parts])),
            list(chain.from_iterable([self.ends[part] for part in parts])),
        )

    def kept(self, marked: Iterable[object]) -> "Aligned":
        """Return the characters whose mark is true; there is one mark for each."""
        marks = list(marked)
        return Aligned(
            "".join(compress(self.text, marks)),
            list(compress(self.starts, marks)),
            list(compress(self.ends, marks)),
        )

    def merged(self, stretches: Iterable[tuple[int, int]]) -> "Aligned":
        """Let the first character of each stretch stand for all of it; they do not overlap."""
        kept = bytearray(b"\1") * len(self.text)
        starts, ends = list(self.starts), list(self.ends)
        for first, last in stretches:
            kept[first + 1 : last] = bytes(last - first - 1)
            starts[first], ends[first] = self._first(first, last), self._last(first, last)
        return Aligned(self.text, starts, ends).kept(kept)

    def edited(self, edits: Iterable[Edit]) -> "Aligned":
        """Apply edits that are sorted and do not overlap, none of which inserts only.

        Every character of a replacement stands for all that it replaced.
        """
        texts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for first, last, new in edits:
            texts += (self.text[done:first], new)
            starts += self.starts[done:first]
            ends += self.ends[done:first]
            starts += [self._first(first, last)] * len(new)
            ends += [self._last(first, last)] * len(new)
            done = last
        texts.append(self.text[done:])
        starts += self.starts[done:]
        ends += self.ends[done:]
        return Aligned("".join(texts), starts, ends)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]`` stands in the original, end exclusive.

        An empty span comes back empty. Reordered text gives the least span that holds all.

        Raises:
            ValueError: Not ``0 <= start <= end <= len(text)``.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span {start}:{end} outside a text of {len(self.text)} characters")
        if start == end:
            here = self._before(start)
            return here, here
        return self._first(start, end), self._last(start, end)

    def _first(self, start: int, end: int) -> int:
        return self.starts[start] if end - start == 1 else min(self.starts[start:end])

    def _last(self, start: int, end: int) -> int:
        return self.ends[start] if end - start == 1 else max(self.ends[start:end])

    def _before(self, index: int) -> int:
        if index < len(self.text):
            return self.starts[index]
        return self.ends[-1] if self.text else 0
