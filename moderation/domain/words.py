"""Find the words of a site's lists in a text, however they are disguised."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ahocorasick_rs import AhoCorasick

from moderation.domain.policy import WordList
from moderation.domain.signal import Span
from moderation.domain.text import Canonical, canonical
from moderation.domain.verdict import Found

_WORD: Final = re.compile(r"[^\W_]+")
_UNREADABLE: Final = re.compile("[\ud800-\udfff]")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese do not part their words."""


def pattern_of(word: str) -> str:
    """Return what a listed word is searched by; empty if it can never be found."""
    return " ".join(_lowered(canonical(word.strip().strip("*"))).split())


@dataclass(frozen=True, slots=True)
class _Entry:
    """One word of one list; open at an end where the word may go on."""

    word_list: str
    word: str
    open_left: bool
    open_right: bool


class WordMatcher:
    """Finds whole words and phrases of several lists in one pass over a text.

    Words are literal, and compared in canonical form without regard to case. A ``*`` at
    either end stands for more letters: ``idiot*`` also finds *idiotic*, whole. White space
    in a phrase is any white space in the text. A stretched word is found with its letters
    single or doubled, but not with some of them doubled and others single.

    Building takes time in proportion to the lists: build once, use often. Read-only
    afterwards, so threads may share one.
    """

    def __init__(self, word_lists: Iterable[WordList]) -> None:
        entries: dict[str, list[_Entry]] = {}
        for words in word_lists:
            for word in words.words:
                pattern = pattern_of(word)
                if pattern:
                    entry = _Entry(words.name, word, word[:1] == "*", word[-1:] == "*")
                    entries.setdefault(pattern, []).append(entry)
        self._patterns = tuple(entries)
        self._entries = tuple(entries.values())
        self._automaton = AhoCorasick(self._patterns)

    def find(self, text: Canonical) -> tuple[Found, ...]:
        """Return every word found, in the order of the original text.

        The same word at the same place is reported once for each list that holds it.
        Spans count characters of the original.
        """
        found = {
            (*text.span(where[start], where[end - 1] + 1), entry)
            for haystack, where in _readings(text)
            for start, end, entry in set(self._matches(haystack))
        }
        return tuple(
            Found(
                word_list=entry.word_list,
                word=entry.word,
                span=Span(start, end, entry.word_list),
            )
            for start, end, entry in sorted(found, key=_in_order)
        )

    def _matches(self, haystack: str) -> Iterator[tuple[int, int, _Entry]]:
        hits = self._automaton.find_matches_as_indexes(haystack, overlapping=True)
        bounds = _Bounds(haystack) if hits else None
        for which, start, end in hits:
            for entry in self._entries[which]:
                whole = bounds and bounds.around(start, end, entry)
                if whole:
                    yield (*whole, entry)


class _Bounds:
    """Where the words of a text begin and end."""

    def __init__(self, text: str) -> None:
        self._text = text
        words = [found.span() for found in _WORD.finditer(text)]
        self._starts = [start for start, _ in words]
        self._ends = [end for _, end in words]

    def around(self, start: int, end: int, entry: _Entry) -> tuple[int, int] | None:
        """Return the place of a match, widened where it may go on; None inside a word."""
        first = start if self._parts(start) else self._starts[bisect_right(self._starts, start) - 1]
        last = end if self._parts(end) else self._ends[bisect_right(self._starts, end - 1) - 1]
        if (first < start and not entry.open_left) or (last > end and not entry.open_right):
            return None
        return first, last

    def _parts(self, index: int) -> bool:
        """Say whether the character at *index* does not go on a word before it."""
        if not 0 < index < len(self._text):
            return True
        before, after = self._text[index - 1], self._text[index]
        if not (before.isalnum() and after.isalnum()):
            return True
        return bool(_UNSPACED.match(before) or _UNSPACED.match(after))


def _in_order(found: tuple[int, int, _Entry]) -> tuple[int, int, str, str]:
    start, end, entry = found
    return start, end, entry.word_list, entry.word


def _lowered(text: Canonical) -> str:
    return _UNREADABLE.sub(" ", text.text).lower()


def _readings(text: Canonical) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield texts to search, each with the index in *text* of every character.

    Runs of white space count as one space. Where letters were stretched to more than two,
    a second reading has them single.
    """
    lowered = _lowered(text)
    plain = [
        i for i, ch in enumerate(lowered) if not (ch.isspace() and lowered[i - 1 : i].isspace())
    ]
    yield _read(lowered, plain), plain
    stretched = set(_stretched(lowered, text))
    if stretched:
        single = [i for i in plain if i not in stretched]
        yield _read(lowered, single), single


def _read(text: str, indexes: Sequence[int]) -> str:
    return "".join([" " if text[i].isspace() else text[i] for i in indexes])


def _stretched(lowered: str, text: Canonical) -> Iterator[int]:
    """Yield the second of two letters that stand for a longer stretch."""
    if isinstance(text.offsets, range):
        return
    for i in range(1, len(lowered)):
        if lowered[i] == lowered[i - 1] and text.ends[i] - text.offsets[i] > 1:
            yield i
