"""Undo what writers do to hide a word: other alphabets, digits for letters, gaps, stretching.

Each function is told a text and returns edits or a respelling; none of them looks at links
or e-mail addresses, whose letters mean what they are.
"""

import re
from collections.abc import Iterator
from itertools import compress
from typing import Final

from moderation.domain.aligned import LINK, Aligned
from moderation.domain.confusables import LOOKALIKES, LOOSE_LOOKALIKES, RARE

_FOREIGN_LETTERS: Final = "\u0370-\u03ff\u0400-\u058f\u13a0-\u13ff\ua4d0-\ua4ff"
_FOREIGN: Final = re.compile(f"[{_FOREIGN_LETTERS}]")
_FOREIGN_WORD: Final = re.compile(
    rf"[\w@$!|](?<![\w@$!|]{{2}})(?:(?<=[{_FOREIGN_LETTERS}])"
    rf"|(?:(?![{_FOREIGN_LETTERS}])[\w@$!|])*+(?=\w)[{_FOREIGN_LETTERS}])[\w@$!|]*+"
)
_STRICT: Final = str.maketrans(LOOKALIKES)
_LOOSE: Final = str.maketrans(LOOSE_LOOKALIKES)
_LATIN_LETTER: Final = re.compile(r"[A-Za-z]")

_LETTER: Final = "A-Za-z\u0370-\u052f"
_SIGN: Final = rf"[{_LETTER}@$!013457]"
_ENDED: Final = r"(?![^\W_]|['@$])"
_SPACED: Final = re.compile(
    rf"{LINK}|(?<![\w'@$])(?P<hit>{_SIGN}(?P<gap>[ .\-_*~+|]|  |   |\.\.|\.\.\.){_SIGN}{_ENDED}"
    rf"(?:(?P=gap){_SIGN}{_ENDED})++)"
)
_LEAST_LETTERS_AMONG_DIGITS: Final = 0.4
"""Share of letters from which ``1 d 1 0 t`` is a word in disguise and not a list of numbers."""

_STRETCHED: Final = re.compile(
    rf"{LINK}|[IVX](?<!\w.)[IVX]{{0,7}}+\b|(?P<hit>([^\W\d_])\2{{2,}}+)", re.IGNORECASE
)
_EVEN_DOUBLED_IS_RARE: Final = frozenset("ahijkquvwxy")
_DOUBLED_AT_END: Final = frozenset("eoslfz")


def in_latin(aligned: Aligned) -> Aligned:
    """Put Latin letters for their lookalikes in words that only pretend to be Latin.

    These are words that mix alphabets, and words of nothing but lookalikes in a text that
    is Latin otherwise. Real Greek, Russian and so on stay.
    """
    if not _FOREIGN.search(aligned.text):
        return aligned
    words = [found.span() for found in _FOREIGN_WORD.finditer(aligned.text)]
    spelt = [aligned.text[start:end] for start, end in words]
    is_pure = [_LATIN_LETTER.search(word) is None for word in spelt]
    genuine = not all(map(_passes_for_latin, compress(spelt, is_pure)))
    has_latin = _LATIN_LETTER.search(aligned.text) is not None
    letters = list(aligned.text)
    for (start, end), word, pure in zip(words, spelt, is_pure, strict=True):
        if not pure:
            letters[start:end] = word.translate(_LOOSE)
        elif end - start > 1 and not genuine and (has_latin or not RARE.isdisjoint(word)):
            letters[start:end] = word.translate(_STRICT)
    return aligned.respelt("".join(letters))


def _passes_for_latin(word: str) -> bool:
    return not _FOREIGN.search(word.translate(_STRICT))


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
    """Shorten stretched letters (``idiooooot``) to two, or one where two are rare.

    What is left stands for the whole stretch. Three of a kind that are a word by
    themselves (``www``, ``KKK``) stay, and so do Roman numerals.
    """
    stretches = list(_stretches(aligned.text))
    return aligned.merged(stretches) if stretches else aligned


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield what is too much, each with the last letter to be kept before it."""
    for found in _STRETCHED.finditer(text):
        if found["hit"] is None:
            continue
        start, end = found.span("hit")
        at_start = start == 0 or not text[start - 1].isalpha()
        at_end = end == len(text) or not text[end].isalpha()
        if at_start and at_end:
            keep = 3 if end - start == 3 else 2  # noqa: PLR2004 - KKK and www are words
        else:
            keep = _kept(text[start].lower(), at_start=at_start, at_end=at_end)
        if keep < end - start:
            yield start + keep - 1, end


def _kept(letter: str, *, at_start: bool, at_end: bool) -> int:
    if at_start or letter in _EVEN_DOUBLED_IS_RARE:
        return 1
    return 2 if not at_end or letter in _DOUBLED_AT_END else 1
