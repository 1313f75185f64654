"""Disguises that writers put on, as pure functions: the same seed, the same disguise.

Each leaves a text that a person still reads. None knows which word offends, so each disguises
words wherever they stand. The tables are smaller than those that undo disguises, and their
own: a pair that only the other side knew would never be tried.
"""

# ruff: noqa: RUF001, S311 - lookalikes are the subject here, and chance is no secret

import re
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Final

Transform = Callable[[str, Random], str]

_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_LETTER: Final = re.compile(r"[A-Za-z]")
_GAP: Final = re.compile(r"(?<=\w) +(?=\w)")

_HOMOGLYPHS: Final = {
    "a": "аɑ",
    "c": "сϲ",
    "e": "е",
    "h": "һ",
    "i": "іι",
    "j": "ј",
    "k": "кκ",
    "l": "ӏ",
    "m": "м",
    "n": "ո",
    "o": "оοօ",
    "p": "рρ",
    "s": "ѕ",
    "t": "т",
    "u": "υս",
    "v": "ν",
    "x": "хχ",
    "y": "уү",
    "A": "АΑ",
    "B": "ВΒ",
    "C": "С",
    "E": "ЕΕ",
    "H": "НΗ",
    "I": "ІΙ",
    "K": "КΚ",
    "M": "МΜ",
    "N": "Ν",
    "O": "ОΟ",
    "P": "РΡ",
    "S": "Ѕ",
    "T": "ТΤ",
    "X": "ХΧ",
    "Y": "ΥҮ",
    "Z": "Ζ",
}
_LEET: Final = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7"}
_ALPHABETS: Final = (
    *(0x1D400, 0x1D468, 0x1D4D0, 0x1D56C, 0x1D5A0, 0x1D5D4, 0x1D608, 0x1D63C, 0x1D670),
)
"""First letters of mathematical alphabets that have no letter elsewhere."""
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\ufe0f\u034f"
_BLANK: Final = "\u3164\uffa0"
_MARKS: Final = "".join(map(chr, range(0x300, 0x345)))
_OVERRIDE: Final = ("\u202e", "\u202c")
_EMOJI: Final = "\U0001f600\U0001f602\U0001f60a\U0001f44d\u2764\U0001f525\U0001f389\U0001f921"
_SEPARATORS: Final = (" ", ".", "-", "_", "*")


def homoglyphs(text: str, random: Random) -> str:
    """Put letters of other alphabets for two in three that have a lookalike."""
    return _some(text, random, 2 / 3, _HOMOGLYPHS)


def maths_alphabets(text: str, random: Random) -> str:
    """Write in bold, script, sans-serif or another alphabet of mathematicians."""
    first = random.choice(_ALPHABETS)
    return _LETTER.sub(lambda found: _shifted(found[0], first, first + 26), text)


def fullwidth(text: str, random: Random) -> str:  # noqa: ARG001 - there is one way
    """Write in the wide letters of East Asian fonts."""
    return _LETTER.sub(lambda found: chr(ord(found[0]) + 0xFEE0), text)


def invisible_characters(text: str, random: Random) -> str:
    """Put something that nobody sees between the letters of words."""
    return _inside(text, random, _INVISIBLE)


def blank_letters(text: str, random: Random) -> str:
    """Put a letter that shows as nothing into each word."""

    def split(found: re.Match[str]) -> str:
        at = random.randrange(1, len(found[0]))
        return found[0][:at] + random.choice(_BLANK) + found[0][at:]

    return _WORD.sub(split, text)


def combining_marks(text: str, random: Random) -> str:
    """Stack one to three marks on each letter."""
    return _LETTER.sub(
        lambda found: found[0] + "".join(random.choices(_MARKS, k=random.randint(1, 3))), text
    )


def right_to_left_override(text: str, random: Random) -> str:  # noqa: ARG001 - there is one way
    """Store each line backwards and have it shown forwards."""
    start, end = _OVERRIDE
    return "\n".join(f"{start}{line[::-1]}{end}" if line else "" for line in text.split("\n"))


def leet(text: str, random: Random) -> str:
    """Put digits and signs for two in three letters that have one."""
    return _some(text, random, 2 / 3, _LEET)


def spaced_letters(text: str, random: Random) -> str:
    """Separate the letters of all words, by one sign throughout; words stay three blanks apart."""
    separator = random.choice(_SEPARATORS)
    apart = _GAP.sub("   ", text) if separator == " " else text
    return _WORD.sub(lambda found: separator.join(found[0]), apart)


def stretched_letters(text: str, random: Random) -> str:
    """Repeat one letter of each word three to six times."""

    def stretch(found: re.Match[str]) -> str:
        at = random.randrange(len(found[0]))
        return found[0][:at] + found[0][at] * random.randint(3, 6) + found[0][at + 1 :]

    return _WORD.sub(stretch, text)


def casing(text: str, random: Random) -> str:
    """Make each letter large or small by chance."""
    return _LETTER.sub(lambda found: random.choice((found[0].lower(), found[0].upper())), text)


def emoji_inserted(text: str, random: Random) -> str:
    """Put an emoji into one in three gaps between words, and one at the end."""
    adorned = _GAP.sub(
        lambda found: f" {random.choice(_EMOJI)} " if random.random() < 1 / 3 else found[0], text
    )
    return f"{adorned} {random.choice(_EMOJI)}"


def typos(text: str, random: Random) -> str:
    """Swap two neighbours inside every word of five letters or more, at both ends unchanged."""

    def swap(found: re.Match[str]) -> str:
        word = found[0]
        if len(word) < 5:  # noqa: PLR2004 - shorter ones become unreadable
            return word
        at = random.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return _WORD.sub(swap, text)


def padding(text: str, random: Random) -> str:
    """Add kind words before or after, ten to thirty times."""
    kind = " ".join([random.choice(("love", "thank you", "peace"))] * random.randint(10, 30))
    return f"{kind} {text}" if random.random() < 0.5 else f"{text} {kind}"  # noqa: PLR2004


TRANSFORMS: Final[Mapping[str, Transform]] = MappingProxyType(
    {
        transform.__name__: transform
        for transform in (
            *(homoglyphs, maths_alphabets, fullwidth, invisible_characters, blank_letters),
            *(combining_marks, right_to_left_override, leet, spaced_letters, stretched_letters),
            *(casing, emoji_inserted, typos, padding),
        )
    }
)
"""Every disguise by its name."""


def disguised(text: str, name: str, *, seed: int) -> str:
    """Put one disguise on a text."""
    return TRANSFORMS[name](text, Random(f"{name} {seed}"))


def _some(text: str, random: Random, share: float, others: Mapping[str, str]) -> str:
    return "".join(
        random.choice(others[letter]) if letter in others and random.random() < share else letter
        for letter in text
    )


def _inside(text: str, random: Random, signs: str) -> str:
    def strewn(found: re.Match[str]) -> str:
        word = found[0]
        return word[0] + "".join(random.choice(signs) + letter for letter in word[1:])

    return _WORD.sub(strewn, text)


def _shifted(letter: str, large: int, small: int) -> str:
    if letter.isupper():
        return chr(large + ord(letter) - ord("A"))
    return chr(small + ord(letter) - ord("a"))
