"""Second looks at a text: what a model reads worse than a person does.

Every function leaves each character where it was, so that places in what it returns are places
in what it was given; what is left out becomes spaces.
"""

import re
from collections.abc import Collection
from typing import Final

from workers.engines.reading import EMOJI

_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST_PHRASE: Final = 3
"""Words of a phrase whose repetition is noticed."""

_MOST_SAID: Final = 2
"""Times in a row that a phrase is read."""

OWN_WORDS: Final = frozenset(
    """asswipe bastards bigoted bigots cunts dipshit dumbass faggot faggots gypsies moron morons
    retard retarded retards scumbag scumbags sluts trannies twats wanker wankers whores""".split()  # noqa: SIM905 - a list is longer
)
"""Words that a vocabulary may lack and that are misspelt on purpose."""

_SHORTEST_MISSPELT: Final = 5
_LONGEST_MISSPELT: Final = 20


def said_twice(text: str) -> str:
    """Leave out what is said for the third time in a row and more often.

    A hundred kind words around a hostile sentence would water it down.
    """
    words = list(_WORD.finditer(text))
    spelt = [word.group().lower() for word in words]
    left_out = bytearray(len(words))
    for length in range(1, _LONGEST_PHRASE + 1):
        same = 0  # words in a row that are the same as those one phrase before
        for i in range(length, len(spelt)):
            same = same + 1 if spelt[i] == spelt[i - length] else 0
            if same > (_MOST_SAID - 1) * length:
                left_out[i] = 1
    if not any(left_out):
        return text
    letters = list(text)
    for word, out in zip(words, left_out, strict=True):
        if out:
            letters[word.start() : word.end()] = " " * len(word.group())
    return "".join(letters)


def without_emoji(text: str) -> str:
    """Put spaces for emoji; where nothing else is said, they stay."""
    if text.isascii():
        return text
    plain = EMOJI.sub(lambda found: " " * len(found.group()), text)
    return plain if _WORD.search(plain) else text


def swapped_back(text: str, known: Collection[str]) -> str:
    """Swap two letters back inside words that are no words, but would be: ``stpuid``.

    Args:
        text: Any.
        known: Words in small letters; the first swap that gives one of them counts.
    """
    return _WORD.sub(lambda found: _meant(found.group(), known), text)


def _meant(word: str, known: Collection[str]) -> str:
    if not _SHORTEST_MISSPELT <= len(word) <= _LONGEST_MISSPELT:
        return word
    small = word.lower()
    if small in known or len(small) != len(word):
        return word
    for i in range(1, len(small) - 2):
        if small[:i] + small[i + 1] + small[i] + small[i + 2 :] in known:
            return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    return word
