"""Shouting: capitals and rows of exclamation marks."""

import re
from typing import Final

from moderation.domain.spam.finding import NOTHING, Finding
from moderation.domain.spam.reading import Reading

_ROW: Final = re.compile(
    r"(?<![\w@#/.'-])[A-Z][A-Z']*+(?:[\s,;:!?.&*\"()0-9-]{1,6}+[A-Z][A-Z']*+(?![\w'])){3,}+"
)
_WORD: Final = re.compile(r"[A-Z][A-Z']*")
_LETTER: Final = re.compile(r"[A-Za-z]")
_BANGS: Final = re.compile(r"!{3,}+")

_ACRONYMS: Final = frozenset(
    re.findall(
        r"\w+",
        "ACLU AIDS AIPAC ASAP ASEAN CNBC COVID ECOWAS FEMA FIFA FLOTUS HIPAA HTML HTTP HTTPS IKEA"
        " IMHO IPCC ISIL ISIS JPEG JSON LASER LGBT LGBTQ LGBTQIA LMAO LMFAO MAGA MSNBC NAACP NAFTA"
        " NASA NASCAR NASDAQ NATO NCAA NIMBY NYPD NYSE OECD OPEC OSHA OSCE POTUS RADAR ROFL SCOTUS"
        " SCUBA SWAT SWIFT TIFF UEFA UKIP UNESCO UNHCR UNICEF USAID USDA USSR WWII YMCA",
    )
)
_LEAST_LONG, _LONG = 2, 4
"""A row of four words in capitals shouts if so many of them have so many letters and are no
acronyms; shorter ones are initials, tickers and titles."""

_LEAST_LETTERS: Final = 20
"""Letters in such rows from which a comment shouts at all: a short one cannot say it otherwise."""

_MOST_BANGS: Final = 20
_BANGS_ALONE: Final = 0.4
"""Score of exclamation marks alone, at `_MOST_BANGS`."""


def shouting(reading: Reading) -> Finding:
    """Measure the share of Latin letters that stand in rows of words in capitals.

    Other scripts have no capitals, or are not read for them. Rows of exclamation marks add to it.
    """
    text = reading.shown.text
    rows = [row.span() for row in _ROW.finditer(text) if _shouts(row.group())]
    shouted = sum(len(_LETTER.findall(text, *row)) for row in rows)
    capitals = shouted / len(_LETTER.findall(text)) if shouted >= _LEAST_LETTERS else 0.0
    bangs = [found.span() for found in _BANGS.finditer(text)]
    marks = min(sum(end - start for start, end in bangs) / _MOST_BANGS, 1.0)
    if capitals == marks == 0.0:
        return NOTHING
    told = "much of it is in capitals" if capitals else "rows of exclamation marks"
    places = [reading.shown.span(*place) for place in (rows if capitals else bangs)]
    return Finding(1 - (1 - capitals) * (1 - _BANGS_ALONE * marks), told, places)


def _shouts(row: str) -> bool:
    words = [word for word in _WORD.findall(row) if word not in _ACRONYMS]
    return sum(len(word) >= _LONG for word in words) >= _LEAST_LONG
