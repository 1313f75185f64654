"""The canonical form of a text: what a reader sees, in plain letters.

Scorers and word lists read the canonical form; nothing else is judged. It is made so:

1. styled letters become plain ones (fullwidth, mathematical, circled, ligatures), Latin
   letters lose their accents, invisible characters vanish, typographic quotes become
   plain, text under a right-to-left override is turned round;
2. Cyrillic, Greek and other lookalikes become Latin in words that only pretend to be Latin,
   single letters too where others do;
3. words written letter by letter are joined;
4. digits and signs are read as letters inside words, and instead of little words (``15``)
   where much of the text is written so;
5. letters stretched over three or more places are shortened to one, or to two where that
   makes a word with a double letter.

Case, emoji, links, e-mail addresses, line breaks and other scripts stay. No visible word is
ever dropped, and the form is at most four times as long as the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from moderation.domain.aligned import Aligned
from moderation.domain.disguises import calmed, gathered, in_latin
from moderation.domain.folding import folded, invisible
from moderation.domain.leet import unleeted

_STEPS: Final = (in_latin, gathered, unleeted, calmed)
_ROUNDS: Final = 4
"""Passes after which a text is taken as it is: a joined word may be stretched. Mostly two."""

_KEPT: Final = 16
"""Forms that are kept: some megabytes if all are of the longest bodies."""

_SEEN_AT_ONCE: Final = re.compile(r"[!-~]")
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Canonical:
    """A text in plain letters, each of which knows where it stands in the original.

    Character i of ``text`` stands for ``original[offsets[i]:ends[i]]``. Offsets rise,
    except where a right-to-left override had turned the original round.
    """

    text: str
    offsets: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]`` stands in the original, end exclusive.

        Raises:
            ValueError: Not ``0 <= start <= end <= len(text)``.
        """
        return Aligned(self.text, self.offsets, self.ends).span(start, end)


@lru_cache(maxsize=_KEPT)
def canonical(text: str) -> Canonical:
    """Return the canonical form of *text*; the same again when applied again.

    Takes any string, and time in proportion to its length. The forms made last are kept: tracing,
    each scorer and the word lists read the same text within milliseconds.
    """
    aligned = folded(text)
    idle = 0  # steps in a row that found nothing to do
    for step in _STEPS * _ROUNDS:
        if idle < len(_STEPS):
            before, aligned = aligned.text, step(aligned)
            idle = idle + 1 if aligned.text == before else 0
    return Canonical(aligned.text, aligned.starts, aligned.ends)


def visible(text: str) -> bool:
    """Say whether a reader would see anything of *text*."""
    return _SEEN_AT_ONCE.search(text) is not None or not all(map(invisible, text))


def fault_in_unicode(text: str) -> str | None:
    """Name the first character that no database can keep, or return None.

    The answer quotes nothing of the text, so it may be shown and logged.
    """
    found = _UNSTORABLE.search(text)
    if found is None:
        return None
    name = "U+0000" if found.group() == "\x00" else f"lone surrogate U+{ord(found.group()):04X}"
    return f"{name} at character {found.start()}"
