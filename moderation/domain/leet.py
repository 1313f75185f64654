"""Read digits and signs as the letters they stand for, inside words only."""

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from moderation.domain.aligned import LINK, Aligned

_Word: TypeAlias = tuple[int, str]

_TOKEN: Final = re.compile(
    rf"{LINK}|(?<![\w@$!|])(?P<hit>[A-Za-z]*+[0-9@$!|][A-Za-z0-9@$!|]*+)(?![\w\\])"
)
_ENDS: Final = "!|"
_LONGEST: Final = 24
_LONGEST_BANGED: Final = 8

_LETTERS: Final = str.maketrans("034579@$!|6", "oeastgasiig")
_ONE_AS_L: Final = re.compile(r"(?<=[aeou])1+(?=[aeiouy]|$)|(?<=i)1+|^1(?=[aeou])", re.IGNORECASE)

_A_LETTER: Final = re.compile(r"[A-Za-z]|^@\$\$")
_NO_WORD: Final = re.compile(
    r"[28]|(?<!6)6(?!6)|(?<!9)9(?!9)|[0-9]{5}|(?<![a-z0-9])[0-9]{3}|^0x|^[0-9a-f]{6,}$",
    re.IGNORECASE,
)
_NAMES: Final = frozenset(
    "w3c,a1c,h1b,l1b,h1n1,h5n1,h7n9,c3po,hba1c,mp3,mp3s,mp4,mp4s,ps3,ps4,ps5".split(",")  # noqa: SIM905 - a list is longer
)
_MEASURE: Final = re.compile(
    r"[0-9]+(?:st|nd|rd|th|s|[ap]m|[kmgt]b?|[kmc]m|kg|lbs?|ft|in|[mk]ph"  # codespell:ignore nd
    r"|secs?|mins?|hrs?|h|hours?|days?|weeks?|years?|yrs?|x|d|p)",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"[A-Za-z]+[0-9]+s?")
_PLURAL: Final = re.compile(r"[a-z]{3,}[013457]{1,2}s")

_INSIDE: Final = re.compile(
    r"[A-Za-z](?:[013457@$]{1,2}|66|99)[A-Za-z]|[a-z](?![0-9]*00)[013457@$]{3,4}[a-z]"
)
_MIDDLE: Final = re.compile(r"[a-z][0134@$][a-z]")
_BANG: Final = re.compile(r"([A-Za-z]+)[!|]([A-Za-z]+)")
_VOWEL: Final = re.compile(r"[aeiouy]", re.IGNORECASE)
_SIGN_FIRST: Final = re.compile(
    r"@(?:[s$5]{2}|(?:rse|nal|nus)(?![a-z]))|\$(?:h[i1!|]t|lut|[t7]up|uck|exy?(?![a-z])|cum|hag|kank)",
    re.IGNORECASE,
)
_SIGNS_LAST: Final = re.compile(r"[A-Za-z]\$\$$|[a-z]{3}\$$")
_PRICE_OR_STOCK: Final = re.compile(r"\$[A-Za-z]+|\$[0-9]+[A-Za-z]*")
_SIGN: Final = re.compile(r"[0-9@$!|]")
_LITTLE_WORDS: Final = frozenset(
    """a about after again all also am an and any are as ask at away i if in into is it its of on or
    so to too""".split()  # noqa: SIM905 - a list is longer
)
"""What may be written in nothing but digits and signs."""

_LEAST_SHARE: Final = 0.15
"""Share of surely disguised words from which the whole text is taken to be written so."""

_LEAST_SUSPECTS: Final = 3
_LEAST_SHARE_OF_SUSPECTS: Final = 0.25
"""The same for words that are or may be disguised, of which one surely is."""


def unleeted(aligned: Aligned) -> Aligned:
    """Read ``1d10t``, ``@ss`` and ``sh!t``; leave numbers, ``$20``, ``3rd``, ``B2B``.

    A word is surely disguised when a sign stands between its letters. Where such words make up
    a good part of a text, words with a sign at an end are read, too, and little ones of signs
    alone (``15``, ``70``).
    """
    hits = [found for found in _TOKEN.finditer(aligned.text) if found["hit"] is not None]
    words = [(m.end() - len(m["hit"].lstrip(_ENDS)), m["hit"].strip(_ENDS)) for m in hits]
    sure, rest = _parted([word for word in words if _is_legible(word[1])], _is_disguised)
    if not sure:
        return aligned
    suspects = _parted(rest, _may_be)[0]
    if _all_is_disguised(len(sure), len(suspects), len(aligned.text.split())):
        sure += suspects
        sure += _little(aligned.text, hits)
    letters = list(aligned.text)
    for start, word in sure:
        letters[start : start + len(word)] = _read(word)
    return aligned.respelt("".join(letters))


def _all_is_disguised(sure: int, suspects: int, words: int) -> bool:
    return (sure > 1 and sure >= _LEAST_SHARE * words) or (
        sure + suspects >= max(_LEAST_SUSPECTS, _LEAST_SHARE_OF_SUSPECTS * words)
    )


def _little(text: str, hits: list[re.Match[str]]) -> list[_Word]:
    """Find the little words, those that start with ``!``, and what is left after an apostrophe."""
    found: list[_Word] = []
    for hit in hits:
        word, start = hit["hit"].rstrip(_ENDS), hit.end() - len(hit["hit"])
        if not word:
            continue
        meant = _read(word).lower()
        if text[start - 1 : start] == "'":
            is_one = meant in {"t", "s"}
        elif word[0] in _ENDS:
            is_one = len(word) <= _LONGEST and meant.isalpha()
        else:
            is_one = meant in _LITTLE_WORDS and word.lower() != "4m"
        if is_one:
            found.append((start, word))
    return found


def _parted(words: list[_Word], test: Callable[[str], bool]) -> tuple[list[_Word], list[_Word]]:
    passed: list[_Word] = []
    failed: list[_Word] = []
    for word in words:
        (passed if test(word[1]) else failed).append(word)
    return passed, failed


def _read(word: str) -> str:
    """Return the word meant; it has as many letters as there were signs."""
    plain = word.translate(_LETTERS)
    return _ONE_AS_L.sub(lambda ones: "l" * len(ones.group()), plain).replace("1", "i")


def _is_disguised(word: str) -> bool:
    """Say whether this is a disguised word, whatever surrounds it."""
    if len(word) > 3 and _INSIDE.search(word) and not _is_plain(word):  # noqa: PLR2004 - W3C
        return True
    return (
        _SIGN_FIRST.match(word) is not None
        or _SIGNS_LAST.search(word) is not None
        or _MIDDLE.fullmatch(word) is not None
        or _is_banged(word)
    )


def _may_be(word: str) -> bool:
    """Say whether this is a disguised word when those around it are."""
    if _BANG.fullmatch(word):
        return False
    if word.endswith(("@", "$")):
        return len(word) > 2  # noqa: PLR2004 - ``i$`` is a little word
    if word.startswith("$"):
        return len(word) > 2 and word[1:].islower() and not word[1].isdigit()  # noqa: PLR2004
    if word.startswith("@"):
        return _SIGN.search(word, 1) is not None
    return not _is_plain(word) or _PLURAL.fullmatch(word) is not None


def _is_legible(word: str) -> bool:
    return (
        len(word) <= _LONGEST
        and _A_LETTER.search(word) is not None
        and word.lower() not in _NAMES
        and not _NO_WORD.search(word)
    )


def _is_plain(word: str) -> bool:
    """Say whether digits and signs are what they seem: ``10th``, ``AR15s``, ``@john``."""
    return (
        word.startswith("@")
        or word.endswith("@")
        or _PRICE_OR_STOCK.fullmatch(word) is not None
        or _MEASURE.fullmatch(word) is not None
        or (word.endswith("s") and _NUMBERED.fullmatch(word) is not None)
    )


def _is_banged(word: str) -> bool:
    """Say whether ``!`` or ``|`` is the vowel of a word and not the end of a sentence."""
    found = _BANG.fullmatch(word)
    if found is None or not 3 < len(word) <= _LONGEST_BANGED:  # noqa: PLR2004 - ``x|y`` is code
        return False
    left, right = found.groups()
    return not (_VOWEL.search(left) and _VOWEL.search(right)) or len(left) == len(right) == 2  # noqa: PLR2004
