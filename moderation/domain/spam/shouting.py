"""Shouting: capitals and rows of exclamation marks."""

import re
from typing import Final

from moderation.domain.spam.finding import NOTHING, Finding
from moderation.domain.spam.reading import Reading

_SHOUT: Final = re.compile(
    r"(?<![\w@#/.'-])(?:[A-Z][A-Z'\u2019]*+[\s,;:!?.&*\"()0-9-]{1,6}+){2,}+(?:[A-Z][A-Z'\u2019]*+(?![\w@/.-]*[a-z@/]))?"
)
"""Three or more words in capitals in a row, or two before whatever else."""

_WORD: Final = re.compile(r"[A-Z][A-Z']*")
_LETTER: Final = re.compile(r"[A-Za-z]")
_BANGS: Final = re.compile(r"!{3,}+|(?:!\s?){4,}+")

_LEAST_WORDS, _LEAST_LONG, _LONG = 3, 2, 4
"""A row of capitals shouts from so many words, of which so many have so many letters: fewer and
shorter ones are titles, tickers and acronyms (FBI, NATO, UNESCO)."""

_LEAST_LETTERS: Final = 12
_MOST_BANGS: Final = 20
_BANGS_ALONE: Final = 0.4
"""Score of exclamation marks alone, at `_MOST_BANGS`."""


def shouting(reading: Reading) -> Finding:
    """Measure the share of Latin letters that stand in rows of words in capitals.

    Other scripts have no capitals, or are not read for them. Rows of exclamation marks add to it.
    """
    text = reading.shown.text
    rows = [found.span() for found in _SHOUT.finditer(text) if _shouts(found.group())]
    shouted = sum(len(_LETTER.findall(text, *row)) for row in rows)
    capitals = shouted / len(_LETTER.findall(text)) if shouted >= _LEAST_LETTERS else 0.0
    bangs = [found.span() for found in _BANGS.finditer(text)]
    marks = min(sum(text.count("!", *place) for place in bangs) / _MOST_BANGS, 1.0)
    if capitals == marks == 0.0:
        return NOTHING
    told = "much of it is in capitals" if capitals else "rows of exclamation marks"
    places = [reading.shown.span(*place) for place in (rows if capitals else bangs)]
    return Finding(1 - (1 - capitals) * (1 - _BANGS_ALONE * marks), told, places)


def _shouts(row: str) -> bool:
    words = _WORD.findall(row)
    return len(words) >= _LEAST_WORDS and sum(len(word) >= _LONG for word in words) >= _LEAST_LONG
