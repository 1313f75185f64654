"""Put a text in the order and with the gaps in which a reader sees it."""

import re
import unicodedata
from typing import Final

from moderation.domain.aligned import Aligned
from moderation.domain.confusables import REGIONAL

SHORTEST_MEAN_WORD: Final = 2.5
"""Letters between blanks, on average, from which the blanks are taken for spaces."""

SCARCE_SPACES: Final = 4
"""Blanks for each ordinary space, from which the blanks are taken for spaces."""

BLANKS: Final = "\u115f\u1160\u2800\u3164\uffa0"
_IS_BLANK: Final = re.compile(f"[{BLANKS}]")
_SPACE: Final = re.compile(r"\s+")
_BLANK_OR_SPACE: Final = re.compile(rf"[\s{BLANKS}]+")
DIRECTIONS: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_DIRECTED: Final = re.compile(f"[{DIRECTIONS}]")
_OVERRIDDEN: Final = re.compile(f"\u202e([^{DIRECTIONS}\n]*)|[{DIRECTIONS}]")
_FLAG_HALVES: Final = re.compile("[\U0001f1e6-\U0001f1ff]+")


def as_displayed(text: str) -> Aligned:
    """Return *text* without blank letters, direction controls and flags that spell words."""
    return _spelt_out(_in_reading_order(_without_blanks(Aligned.whole(text))))


def _without_blanks(aligned: Aligned) -> Aligned:
    """Drop blank letters inside words; where they serve as the spaces, make them spaces."""
    text = aligned.text
    blanks = sum(text.count(blank) for blank in BLANKS)
    if not blanks:
        return aligned
    words = len(_BLANK_OR_SPACE.split(text))
    part_words = blanks > max(2, SCARCE_SPACES * len(_SPACE.findall(text)))
    if part_words and len(text) - blanks >= SHORTEST_MEAN_WORD * words:
        return aligned.respelt(_IS_BLANK.sub(" ", text))
    return aligned.kept([ch not in BLANKS for ch in text])


def _in_reading_order(aligned: Aligned) -> Aligned:
    """Turn round what a right-to-left override shows turned round, and drop the controls.

    Right-to-left letters read the same under an override, so such text stays.
    """
    if not _DIRECTED.search(aligned.text):
        return aligned
    parts: list[slice] = []
    done = 0
    for found in _OVERRIDDEN.finditer(aligned.text):
        parts.append(slice(done, found.start()))
        if found[1]:
            start, end = found.span(1)
            turned = slice(end - 1, start - 1, -1)  # an override stands before it: start > 0
            parts.append(slice(start, end) if _is_right_to_left(found[1]) else turned)
        done = found.end()
    parts.append(slice(done, None))
    return aligned.arranged(parts)


def _is_right_to_left(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(ch) in {"R", "AL"} for ch in text)


def _spelt_out(aligned: Aligned) -> Aligned:
    """Make letters of flag halves that do not pair up."""
    if not _FLAG_HALVES.search(aligned.text):
        return aligned
    return aligned.respelt(_FLAG_HALVES.sub(_spelling, aligned.text))


def _spelling(halves: re.Match[str]) -> str:
    run = halves.group()
    return "".join([REGIONAL[ch] for ch in run]) if len(run) % 2 else run
