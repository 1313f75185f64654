"""Letters that make no words in any language written in Latin letters."""

import re
from itertools import pairwise
from typing import Final

from moderation.domain.spam.finding import NOTHING, Finding
from moderation.domain.spam.reading import Reading

_ROWS: Final = (
    *("01001110000000002000001200", "02330420023142137122132314", "04140460011131034110132900"),
    *("02200220022121014111121511", "01000100010000112000000110", "12620021033141049121132913"),
    *("02120310021131049111130503", "02210243022121036020021713", "01000101000000011000001100"),
    *("04220235151120139312034952", "02230422020031039100023513", "02210211001011024210011602"),
    *("00320320022111009212132913", "02000101001110023200111301", "01000101000000002000000320"),
    *("03230221032132006021132924", "49695999499799599995094999", "01100110011111023000011310"),
    *("02020211010021013200022510", "02330220021121039000012100", "01100111010000014000012211"),
    *("03330433022141039112226902", "02220522063220139113254903", "13251494194456226542264639"),
    *("02001011111100029101121912", "02220522031221024221011901"),
)
"""How rare each pair of letters is, 0 to 9: row by first letter, column by second.

Twice the negative decimal logarithm of its share of all pairs, less 4, in the one of 33 languages
that has it most: counted in translations of free programs and, for English, in harmless talk
comments of Wikipedia.
"""

_RARITY: Final = {
    chr(97 + i) + chr(97 + j): int(level)
    for i, row in enumerate(_ROWS)
    for j, level in enumerate(row)
}
_RARE: Final = 1.8
"""Mean rarity from which a word is none. Of English words one in 600 reaches it, names of programs
most of all; of random letters one word in two."""

_STRANGE: Final = 1.0
"""Mean rarity from which a word is none if it cannot be spoken."""

_WORD: Final = re.compile(r"(?<![\w@#./:=&?%+-])[A-Za-z]{6,80}+(?![A-Za-z\d_@/=&%]|[.:-]\w)")
"""A long word that is no part of a link, of an address or of a name of a user."""

_LETTER: Final = re.compile(r"[A-Za-z]")

_UNSPOKEN: Final = re.compile(r"[bcdfghjklmnpqrstvxz]{6}")
_STRETCHED: Final = re.compile(r"(.)\1+")
_LEAST, _LEAST_CAPITALS, _LEAST_DISTINCT = 6, 9, 5
"""Letters of a word without stretches, of one in capitals, and different ones of either. Laughter
and sighs (hahaha, hmmm, kkkk) have fewer; acronyms are short, and names in mixed case are code."""

_ROWS_OF_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_STEPS: Final = frozenset(
    step for keys in _ROWS_OF_KEYS for a, b in pairwise(keys) for step in (a + b, b + a)
)
_STEADY: Final = 0.85
"""Share of steps to a neighbouring key from which fingers only walked. *Brewer* has 0.8."""


def gibberish(reading: Reading) -> Finding:
    """Measure the share of Latin letters that stand in long words which are none.

    Links, names of users and other scripts are left out.
    """
    text = reading.shown.text
    senseless = [each.span() for each in _WORD.finditer(text) if _is_senseless(each.group())]
    if not senseless:
        return NOTHING
    score = sum(end - start for start, end in senseless) / len(_LETTER.findall(text))
    places = [reading.shown.span(*place) for place in senseless]
    return Finding(score, "letters that make no words", places)


def _is_senseless(written: str) -> bool:
    if not written[1:].islower() and not (written.isupper() and len(written) >= _LEAST_CAPITALS):
        return False
    word = _STRETCHED.sub(r"\1", written.lower())
    if len(word) < _LEAST:
        return False
    steps = list(map("".join, pairwise(word)))
    if sum(map(_STEPS.__contains__, steps)) >= _STEADY * len(steps):
        return True
    rarity = sum(map(_RARITY.__getitem__, steps)) / len(steps)
    return len(set(word)) >= _LEAST_DISTINCT and (
        rarity >= _RARE or (rarity >= _STRANGE and _UNSPOKEN.search(word) is not None)
    )
