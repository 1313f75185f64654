"""Where the sentences of a text lie."""

import re
from collections.abc import Iterator
from typing import Final

_WORD: Final = re.compile(r"(\S+)(\s*)")
_ENDS: Final = (".", "!", "?", "\u2026")
_CLOSING: Final = "\"')]}*_"
"""What may follow the mark that ends a sentence."""


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence starts and ends, the space after it included.

    A sentence ends with a word that ends in a mark, or with its line. Takes time in
    proportion to the text.
    """
    start = 0
    for word in _WORD.finditer(text):
        if "\n" in word[2] or word[1].rstrip(_CLOSING).endswith(_ENDS):
            yield start, word.end()
            start = word.end()
    if start < len(text):
        yield start, len(text)
