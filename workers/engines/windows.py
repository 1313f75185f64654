"""Long texts in windows, so that nothing is cut off unread and nothing is watered down."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tokenizers import Encoding, Tokenizer, models

from moderation.domain.aligned import Aligned
from moderation.domain.sentences import sentences
from workers.engines.reading import for_wordpiece, traced_for_wordpiece
from workers.engines.rereading import OWN_WORDS, said_twice, swapped_back, without_emoji
from workers.engines.sentences import Passage, alone, joined

_OVERLAP: Final = 4
"""Windows of a sentence too long for one share a quarter, so that a phrase is whole in one."""

_UNKNOWN: Final = "[UNK]"
_SPECIAL: Final = 2
"""Tokens that open and close every window."""

_FEW: Final = 4
"""Windows up to which a text is read only once: each sentence of it has at most as much company
as in a comment that fills one window. Reading more comments twice cost half of the throughput,
and a harmless comment of many sentences was held more often, for the highest counts."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a text that the model reads at once, and its token ids."""

    text: str
    ids: list[int]


@dataclass(frozen=True, slots=True)
class Traced:
    """Token ids that the model reads at once, and where each token stands in the text.

    ``places``: one list for each place at which the same is said; None for a special token.
    """

    ids: list[int]
    places: list[list[tuple[int, int] | None]]


class Windows:
    """Splits texts for one tokenizer.

    A text too long for one window is read in windows of as many whole sentences as fit,
    which show what sentences mean together. A very long one is read sentence by sentence as
    well, so that no amount of harmless text around a hostile sentence lowers its score. What is
    said over and over is read twice, and a text with emoji once more without them: an emoji may
    be the insult, or stand between the words of one.
    """

    def __init__(self, tokenizer: Tokenizer, limit: int) -> None:
        """Read at most *limit* tokens at once, the two special ones included."""
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._limit = limit
        self._wordpiece = isinstance(tokenizer.model, models.WordPiece)
        self._words = _words(tokenizer) if self._wordpiece else frozenset[str]()

    def of(self, text: str) -> list[Window]:
        """Split a text; a short one, or an empty one, is one window."""
        text = text.encode("utf-8", "replace").decode()  # a lone surrogate stops the tokenizer
        text = said_twice(text)
        if self._wordpiece:
            text = swapped_back(text, self._words)
        windows = self._read(text)
        plain = without_emoji(text)
        return windows if plain == text else [*windows, *self._read(plain)]

    def _read(self, text: str) -> list[Window]:
        text = self._freed(for_wordpiece(text)) if self._wordpiece else text
        encoding = self._tokenizer.encode(text)
        if len(encoding.ids) <= self._limit:
            return [Window(text, encoding.ids)]
        listed = _counted(text, encoding)
        passages = list(joined(listed, self._limit - _SPECIAL))
        if len(encoding.ids) > _FEW * self._limit:
            passages += alone(listed)
        # The highest window counts, so what is said twice is read once.
        parts = dict.fromkeys(text[each.start : each.end] for each in passages)
        return [window for part in parts for window in self._split(part)]

    def traced(self, text: str) -> Iterator[Traced]:
        """Split a text so that every token knows where it stands in it.

        Sentences are read together, as far as they fit, and none alone as well.
        """
        sound = text.encode("utf-8", "replace").decode()
        known = Aligned.whole(sound)
        if self._wordpiece:
            known = traced_for_wordpiece(swapped_back(sound, self._words))
            known = known.respelt(self._freed(known.text))
        encoding = self._tokenizer.encode(known.text)
        starts: dict[str, list[int]] = {}
        for each in joined(_counted(known.text, encoding), self._limit - _SPECIAL):
            starts.setdefault(known.text[each.start : each.end], []).append(each.start)
        for part, listed in starts.items():
            for shift, _, piece in self._pieces(part):
                yield Traced(piece.ids, [_places(piece, at + shift, known) for at in listed])

    def _freed(self, named: str) -> str:
        """Free the words that an unknown character would hide; it says nothing itself."""
        encoding = self._tokenizer.encode(named, add_special_tokens=False)
        hidden = [
            offsets
            for token, offsets in zip(encoding.tokens, encoding.offsets, strict=True)
            if token == _UNKNOWN and offsets[1] - offsets[0] > 1
        ]
        for start, end in reversed(hidden):
            word = "".join(c if self._known(c) else " " for c in named[start:end])
            named = named[:start] + word + named[end:]
        return named

    def _known(self, character: str) -> bool:
        return _UNKNOWN not in self._tokenizer.encode(character, add_special_tokens=False).tokens

    def _split(self, text: str) -> Iterator[Window]:
        return (Window(part, encoding.ids) for _, part, encoding in self._pieces(text))

    def _pieces(self, text: str, start: int = 0) -> Iterator[tuple[int, str, Encoding]]:
        """Yield pieces that fit, with where they start, counted from *start*."""
        encoding = self._tokenizer.encode(text)
        if len(encoding.ids) <= self._limit or len(text) <= 1:
            yield start, text, encoding
            return
        for first, last in _slices(encoding, self._limit - _SPECIAL):
            # A slice that starts inside a word may give more tokens than it had as a part.
            part = text[first:last]
            part = part if len(part) < len(text) else text[: len(text) // 2]
            yield from self._pieces(part, start + first)


def _words(tokenizer: Tokenizer) -> frozenset[str]:
    """Return the words that a vocabulary knows whole, and those that it should."""
    return OWN_WORDS.union(word for word in tokenizer.get_vocab() if word.isalpha())


def _counted(text: str, encoding: Encoding) -> list[Passage]:
    """Find the sentences of a text and how many of its tokens start in each."""
    pairs = zip(encoding.word_ids, encoding.offsets, strict=True)
    starts = [offsets[0] for word, offsets in pairs if word is not None]
    return [
        Passage(start, end, bisect_left(starts, end) - bisect_left(starts, start))
        for start, end in sentences(text)
    ]


def _places(piece: Encoding, start: int, known: Aligned) -> list[tuple[int, int] | None]:
    """Find where the tokens of a piece that begins at *start* stood before it was rewritten."""
    return [
        None if word is None else known.span(start + first, start + last)
        for word, (first, last) in zip(piece.word_ids, piece.offsets, strict=True)
    ]


def _slices(encoding: Encoding, size: int) -> Iterator[tuple[int, int]]:
    """Yield character ranges of at most *size* tokens, cut between words where it can be."""
    # Each of these attributes builds a whole list whenever it is asked for.
    word_ids, all_offsets = encoding.word_ids, encoding.offsets
    read = [i for i, word in enumerate(word_ids) if word is not None]
    words = [word_ids[i] for i in read]
    offsets = [all_offsets[i] for i in read]
    start = 0
    while True:
        end = min(start + size, len(read))
        if end < len(read):
            end = _word_start(words, end, after=start + size // 2)
        yield offsets[start][0], offsets[end - 1][1]
        if end == len(read):
            return
        start = _word_start(words, end - size // _OVERLAP, after=start)


def _word_start(words: list[int | None], at: int, after: int) -> int:
    """Step back to where a word starts; stay at *at* if it starts no later than *after*."""
    start = at
    while start > after and words[start] == words[start - 1]:
        start -= 1
    return start if start > after else at
