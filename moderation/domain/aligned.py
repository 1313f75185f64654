"""A text under change that remembers where each of its characters came from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

Edit: TypeAlias = tuple[int, int, str]
"""Replace the characters from the first up to the second index by the third."""

LINK: Final = (
    r"https?://\S++|\]\([^\s)]*+|(?<![A-Za-z])www\.\S++"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}+\.[A-Za-z][\w.-]*+"
)
"""Pattern of links and e-mail addresses, whose letters are left as they are."""


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
        starts, ends = earlier.starts, earlier.ends
        places = list(zip(self.starts, self.ends, strict=True))
        return Aligned(
            self.text,
            [starts[i] if j == i + 1 else min(starts[i:j]) for i, j in places],
            [ends[i] if j == i + 1 else max(ends[i:j]) for i, j in places],
        )

    def respelt(self, text: str) -> "Aligned":
        """Return the same positions under other letters; *text* has the old length."""
        return Aligned(text, self.starts, self.ends)

    def picked(self, indexes: Sequence[int]) -> "Aligned":
        """Return the characters at *indexes*, in that order, with their sources."""
        text, starts, ends = self.text, self.starts, self.ends
        return Aligned(
            "".join([text[i] for i in indexes]),
            [starts[i] for i in indexes],
            [ends[i] for i in indexes],
        )

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
