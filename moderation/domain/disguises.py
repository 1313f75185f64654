"""Undo what writers do to hide a word: other alphabets, digits for letters, gaps, stretching.

Each function is told a text and returns edits or a respelling; none of them looks at links
or e-mail addresses, whose letters mean what they are.
"""

# ruff: noqa: RUF001 - letters that look like others are the subject here

import re
from collections.abc import Iterator, Sequence
from itertools import compress, pairwise, product
from typing import Final, TypeAlias

from moderation.domain.aligned import LINK, Aligned
from moderation.domain.confusables import LOOKALIKES, LOOSE_LOOKALIKES, RARE, SHAPED_ALIKE
from moderation.domain.doubled import DOUBLED

_Span: TypeAlias = tuple[int, int]

_ALPHABETS: Final = (
    *("\u0370-\u03ff", "\u0400-\u052f", "\u0530-\u058f", "\u13a0-\u13ff", "\ua4d0-\ua4ff"),
)
"""Greek, Cyrillic, Armenian, Cherokee, Lisu."""

_FOREIGN_LETTERS: Final = "".join(_ALPHABETS)
_FOREIGN: Final = re.compile(f"[{_FOREIGN_LETTERS}]")
_FOREIGN_WORD: Final = re.compile(
    rf"[\w@$!|](?<![\w@$!|]{{2}})(?:(?<=[{_FOREIGN_LETTERS}])"
    rf"|(?:(?![{_FOREIGN_LETTERS}])[\w@$!|])*+(?=\w)[{_FOREIGN_LETTERS}])[\w@$!|]*+"
)
_STRICT: Final = str.maketrans(LOOKALIKES)
_LOOSE: Final = str.maketrans(LOOSE_LOOKALIKES)
_SHAPED_ALIKE: Final = str.maketrans(SHAPED_ALIKE)
_LATIN_LETTER: Final = re.compile(r"[A-Za-z]")
_ONE_ALPHABET: Final = re.compile(
    "|".join(
        f"[^A-Za-z{''.join(other for other in _ALPHABETS if other != each)}]*+"
        for each in _ALPHABETS
    )
)
_WORDS_OF_ONE: Final = frozenset("аАіІΙսу")
"""Lookalikes of a, I and what stands for you; not alpha, which scientists write."""

_LETTER: Final = "A-Za-z\u0370-\u052f"
_SIGN: Final = rf"[{_LETTER}@$!013457]"
_ENDED: Final = r"(?![^\W_]|[@$]|'(?!(?:[sdmtSDMT]|re|ll|ve)\b))"
_SPACED: Final = re.compile(
    rf"{LINK}|(?<![\w'@$])(?P<hit>{_SIGN}(?P<gap>[ .\-_*~+|]|  |   |\.\.|\.\.\.){_SIGN}{_ENDED}"
    rf"(?:(?P=gap){_SIGN}{_ENDED})++)"
)
_LEAST_LETTERS_AMONG_DIGITS: Final = 0.4
"""Share of letters from which ``1 d 1 0 t`` is a word in disguise and not a list of numbers."""

_STRETCHED: Final = re.compile(
    rf"{LINK}|[IVX](?<!\w.)[IVX]{{0,7}}+\b|(?P<hit>([^\W\d_])\2{{2,}}+)", re.IGNORECASE
)
_LONGEST: Final = 24
"""Letters on either side of a stretch up to which the word around it is looked up."""

_MOST_STRETCHES: Final = 4
"""Stretches of one word up to which every way to shorten them is tried."""

_WAYS: Final = [list(product((2, 1), repeat=n))[:-1] for n in range(_MOST_STRETCHES + 1)]
"""By the number of stretches, letters to keep of each."""


def in_latin(aligned: Aligned) -> Aligned:
    """Put Latin letters for their lookalikes in words that only pretend to be Latin.

    These are words that mix alphabets, and words of nothing but lookalikes in a text that
    is Latin otherwise. Where a word surely is in disguise, more letters pass for Latin, and
    single ones are words, too. Real Greek, Russian and so on stay.
    """
    if not _FOREIGN.search(aligned.text):
        return aligned
    words = [found.span() for found in _FOREIGN_WORD.finditer(aligned.text)]
    spelt = [aligned.text[start:end] for start, end in words]
    is_pure = [_ONE_ALPHABET.fullmatch(word) is not None for word in spelt]
    evident = any(_is_evident(*each) for each in zip(spelt, is_pure, strict=True))
    table = _SHAPED_ALIKE if evident else _STRICT
    genuine = any(_FOREIGN.search(word.translate(table)) for word in compress(spelt, is_pure))
    pretending = not genuine and (evident or _LATIN_LETTER.search(aligned.text) is not None)
    letters = list(aligned.text)
    for (start, end), word, pure in zip(words, spelt, is_pure, strict=True):
        if not pure:
            letters[start:end] = word.translate(_LOOSE)
        elif pretending and (evident or len(word) > 1 or word in _WORDS_OF_ONE):
            letters[start:end] = word.translate(table)
    return aligned.respelt("".join(letters))


def _is_evident(word: str, pure: bool) -> bool:
    """Say whether a word is reason enough to suspect all others; ``μm`` is not."""
    return (len(word) > 2 and not pure) or (len(word) > 1 and not RARE.isdisjoint(word))  # noqa: PLR2004


def gathered(aligned: Aligned) -> Aligned:
    """Join words of three or more letters that are written one by one, as in ``i.d.i.o.t``."""
    kept = bytearray(b"\1") * len(aligned.text)
    for found in _SPACED.finditer(aligned.text):
        if found["hit"] is not None and _spells_a_word(found["hit"], len(found["gap"])):
            (start, end), step = found.span("hit"), len(found["gap"]) + 1
            signs = (end - start + step - 1) // step
            kept[start:end] = bytes(end - start)
            kept[start:end:step] = b"\1" * signs
    return aligned if all(kept) else aligned.kept(kept)


def _spells_a_word(hit: str, gap: int) -> bool:
    signs = hit[:: gap + 1]
    letters = sum(ch.isalpha() for ch in signs)
    return letters == len(signs) or (
        len(signs) > 3  # noqa: PLR2004 - "1 a 2" is a list
        and letters > 1
        and letters >= _LEAST_LETTERS_AMONG_DIGITS * len(signs)
    )


def calmed(aligned: Aligned) -> Aligned:
    """Shorten stretched letters (``idiooooot``) to one, or to two where that makes a word.

    What is left stands for the whole stretch. Three of a kind that are a word by
    themselves (``www``, ``KKK``) stay, and so do Roman numerals.
    """
    text = aligned.text
    hits = [each.span() for each in _STRETCHED.finditer(text) if each["hit"] is not None]
    kept = [keep for word in _by_word(text, hits) for keep in _kept(text, word)]
    stretches = [
        (start + keep - 1, end)
        for (start, end), keep in zip(hits, kept, strict=True)
        if keep < end - start
    ]
    return aligned.merged(stretches) if stretches else aligned


def _by_word(text: str, hits: Sequence[_Span]) -> Iterator[list[_Span]]:
    """Put stretches together that only letters part."""
    word: list[_Span] = []
    for hit in hits:
        if word and word[-1][1] < hit[0] and not text[word[-1][1] : hit[0]].isalpha():
            yield word
            word = []
        word.append(hit)
    if word:
        yield word


def _kept(text: str, hits: Sequence[_Span]) -> Sequence[int]:
    """Say how many letters to keep of each stretch of one word."""
    first, last = hits[0][0], hits[-1][1]
    before = text[_word_start(text, first) : first]
    after = text[last : _word_end(text, last)]
    if not before and not after and len(hits) == 1:
        return [3 if last - first == 3 else 2]  # noqa: PLR2004 - KKK and www are words
    between = [text[a:b].lower() for (_, a), (b, _) in pairwise(hits)]
    parts = [*between, after.lower()]
    letters = [text[start].lower() for start, _ in hits]
    if len(hits) <= _MOST_STRETCHES:
        for kept in _WAYS[len(hits)]:
            spelt = before.lower()
            for letter, keep, part in zip(letters, kept, parts, strict=True):
                spelt += letter * keep + part
            if spelt in DOUBLED:
                return kept
    return [1] * len(hits)


def _word_start(text: str, at: int) -> int:
    least = max(0, at - _LONGEST)
    while at > least and text[at - 1].isalpha():
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    most = min(len(text), at + _LONGEST)
    while at < most and text[at].isalpha():
        at += 1
    return at
