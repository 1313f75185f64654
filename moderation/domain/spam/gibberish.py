"""Letters that make no words in any language written in Latin letters."""

import re
from itertools import pairwise
from typing import Final

from moderation.domain.aligned import LINK
from moderation.domain.spam.finding import NOTHING, Finding
from moderation.domain.spam.reading import Reading

_ROWS: Final = (
    "01001110000000002000001200 02330420023142137122132314 04140460011131034110132900 "
    "02200220022121014111121511 01000100010000112000000110 12620021033141049121132913 "
    "02120310021131049111130503 02210243022121036020021713 01000101000000011000001100 "
    "04220235151120139312034952 02230422020031039100023513 02210211001011024210011602 "
    "00320320022111009212132913 02000101001110023200111301 01000101000000002000000320 "
    "03230221032132006021132924 49695999499799599995094999 01100110011111023000011310 "
    "02020211010021013200022510 02330220021121039000012100 01100111010000014000012211 "
    "03330433022141039112226902 02220522063220139113254903 13251494194456226542264639 "
    "02001011111100029101121912 02220522031221024221011901"
).split()
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

_WORD: Final = re.compile(rf"{LINK}|[@#]\w+|\b(?P<word>[A-Za-z]{{6,80}}+)\b")
_UNSPOKEN: Final = re.compile(r"[bcdfghjklmnpqrstvxz]{6}")
_LEAST_DISTINCT: Final = 4
"""Different letters of a word; laughter and sighs (hahaha, hmmm, kkkk) have fewer."""

_KEYS: Final = "qwertyuiop asdfghjkl zxcvbnm"
_WALKS: Final = frozenset(
    keys[i : i + 4]
    for keys in (_KEYS, _KEYS[::-1])
    for i in range(len(keys) - 3)
    if " " not in keys[i : i + 4]
) - {"were", "rewq", "tyui", "poiu", "oiuy", "trew", "uytr", "wert", "rtyu", "erty", "ytre"} | {
    "asdf"
}


def gibberish(reading: Reading) -> Finding:
    """Measure the share of Latin letters, in words of six and more, that make no words.

    Links, names of users and other scripts are left out, and so are short words.
    """
    letters, senseless = 0, []
    for found in _WORD.finditer(reading.shown.text):
        if found["word"]:
            letters += len(found["word"])
            if _is_senseless(found["word"].lower()):
                senseless.append(found.span())
    if not senseless:
        return NOTHING
    score = sum(end - start for start, end in senseless) / letters
    places = [reading.shown.span(*place) for place in senseless]
    return Finding(score, "letters that make no words", places)


def _is_senseless(word: str) -> bool:
    if len(set(word)) < _LEAST_DISTINCT:
        return False
    levels = [_RARITY[a + b] for a, b in pairwise(word) if a != b]
    rarity = sum(levels) / len(levels)
    return rarity >= _RARE or (
        (rarity >= _STRANGE and _UNSPOKEN.search(word) is not None) or _walks(word)
    )


def _walks(word: str) -> bool:
    """Say whether fingers walked along a row of keys for at least half of a word."""
    return 2 * sum(word[i : i + 4] in _WALKS for i in range(len(word) - 3)) >= len(word) - 3
