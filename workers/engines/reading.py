"""What a WordPiece vocabulary cannot read, rewritten so that it can.

Such a tokenizer turns a whole word into one unknown token as soon as one character of it
is unknown, or once it is longer than a hundred: an emoji typed after an insult, or letters
typed without end, would hide it.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from moderation.domain.aligned import Aligned

LONGEST_WORD: Final = 32
"""Characters; a Hangul syllable becomes three of the hundred that WordPiece allows."""

_SHARED: Final = 12
"""Characters that neighbouring pieces of a long word have in common, so none is cut in two."""

_LONG_WORD: Final = re.compile(rf"[^\W_]{{{LONGEST_WORD + 1},}}")
EMOJI_PATTERN: Final = "([\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff])\\1*"
EMOJI: Final = re.compile(EMOJI_PATTERN)
_OWN_NAMES: Final = {
    "\u26a7": "transgender",
    "\u2764": "heart",
    "\U0001f346": "eggplant",
    "\U0001f3fb": "light skin",
    "\U0001f3fc": "light skin",
    "\U0001f3fd": "brown skin",
    "\U0001f3fe": "dark skin",
    "\U0001f3ff": "dark skin",
    "\U0001f47f": "devil",
    "\U0001f52a": "knife",
    "\U0001f595": "middle finger",
    "\U0001f621": "angry face",
    "\U0001f92c": "swearing face",
}


@lru_cache(maxsize=2048)
def _name(emoji: str) -> str:
    """Name an emoji in plain words; one that Python does not know yet stays as it is."""
    if "\U0001f1e6" <= emoji <= "\U0001f1ff":  # two of these letters make a flag
        return chr(ord(emoji) - 0x1F1E6 + ord("a"))
    name = _OWN_NAMES.get(emoji) or unicodedata.name(emoji, emoji).lower()
    return f" {name} "


def _pieces(word: str) -> str:
    step = LONGEST_WORD - _SHARED
    return " ".join(word[i : i + LONGEST_WORD] for i in range(0, len(word) - _SHARED, step))


def for_wordpiece(text: str) -> str:
    """Name emoji, a repeated one once, and break endless words into overlapping pieces."""
    named = text if text.isascii() else EMOJI.sub(lambda match: _name(match[1]), text)
    return _LONG_WORD.sub(lambda match: _pieces(match[0]), named)


def traced_for_wordpiece(text: str) -> Aligned:
    """Rewrite as `for_wordpiece` does, and know where all of it stood: slower.

    A name stands for its emoji, and each piece of an endless word for the whole of it.
    """
    emoji = [(*m.span(), _name(m[1])) for m in EMOJI.finditer(text)]
    named = Aligned.whole(text).edited(emoji)
    return named.edited((*m.span(), _pieces(m[0])) for m in _LONG_WORD.finditer(named.text))
