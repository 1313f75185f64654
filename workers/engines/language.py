"""The language of a text, told only where there is no doubt."""

import lzma
import re
import shutil
import threading
import unicodedata
from collections.abc import Collection
from tempfile import TemporaryFile
from typing import Any, Final

import numpy as np

from moderation.domain.aligned import LINK
from moderation.domain.language import LANGUAGES
from moderation.domain.text import canonical

_SURE: Final = 0.5
"""Least share of the likeliest language: Danish and Norwegian, say, share the rest."""

_DOUBT: Final = 0.03
"""Highest share that the model's languages may have together. Measured, with the two others, in
docs/decisions/0016-languages-are-recognised.md."""

_FEWEST: Final = 16
"""Bytes of letters in UTF-8 that a text needs: sixteen Latin letters, six Chinese signs."""

_READ: Final = 1_000
_PIECES: Final = 10
"""Of a longer text so many characters are read, in so many pieces from all over it."""

_NO_LANGUAGE: Final = "zxx"
"""What the library calls numbers, code and other signs."""

_NO_WORDS: Final = re.compile(rf"{LINK}|[@#]\w+")


class LanguageRecogniser:
    """Tells languages by letter sequences, with the tables of py3langid.

    Of its 139 languages those in `LANGUAGES` are kept. Close relatives of the others take
    their place, which is as good a reason not to score a text. It takes half a second and
    60 MB once the first text is long enough, so nothing is loaded before. For any thread.

    Source: Lui and Baldwin, "langid.py", and Barbaresi, https://github.com/adbar/py3langid.
    """

    def __init__(self, known: Collection[str]) -> None:
        """Tell languages apart from those *known* to a model; there, and in doubt, say nothing."""
        self._known = frozenset(known)
        self._lock = threading.Lock()
        self._identifier: Any = None

    def __call__(self, text: str) -> str | None:
        if not self._known:
            return None
        if (told := self._weigh(text)) is None:
            return None
        language, sure, known = told
        if sure < _SURE or known > _DOUBT:
            return None
        # Lookalikes can make English look like Ukrainian. Accents are gone from the canonical
        # form, so it is only asked whether the model would read it.
        plain = self._weigh(canonical(text).text)
        return None if plain is None or plain[2] >= _SURE else language

    def _weigh(self, text: str) -> tuple[str, float, float] | None:
        """Return the likeliest language, its share and that of all known ones, signs included.

        None where that would be a guess.
        """
        words = _shown(_sample(_NO_WORDS.sub(" ", text)))
        letters = "".join(filter(str.isalpha, words)).encode("utf-8", "replace")
        if len(letters) < _FEWEST:
            return None
        identifier = self._loaded()
        shares = dict(identifier.rank(words))
        if not shares.keys() >= self._known:
            return None
        language = max(shares, key=lambda each: shares[each])
        return language, shares[language], sum(shares[k] for k in (*self._known, _NO_LANGUAGE))

    def _loaded(self) -> Any:
        with self._lock:
            if self._identifier is None:
                self._identifier = _load({*LANGUAGES, *self._known, _NO_LANGUAGE})
            return self._identifier


def _sample(text: str) -> str:
    if len(text) <= _READ:
        return text
    step, size = len(text) // _PIECES, _READ // _PIECES
    return " ".join(text[i : i + size] for i in range(0, step * _PIECES, step))


def _shown(text: str) -> str:
    """Free a text from styled letters and invisible characters, but leave its accents."""
    if text.isascii():
        return text
    seen = [letter for letter in text if unicodedata.category(letter) != "Cf"]
    return unicodedata.normalize("NFKC", "".join(seen))[:_READ]


def _load(languages: Collection[str]) -> Any:
    """Load the library's tables, without the columns of all other languages.

    The library's own loader holds every table twice for a moment, 75 MB more than it needs.
    """
    # Only here: most processes and short texts never need it.
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    with TemporaryFile() as unpacked:
        with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
            shutil.copyfileobj(packed, unpacked)
        unpacked.seek(0)
        with np.load(unpacked, allow_pickle=False) as tables:
            names = tables["classes"].tolist()
            kept = [place for place, name in enumerate(names) if name in languages]
            return LanguageIdentifier(
                np.ascontiguousarray(tables["ptc"][:, kept]),
                tables["pc"][kept],
                [names[place] for place in kept],
                memoryview(tables["nextmove"]),  # as quick as the library's array, uncopied
                tables["out_feat"].tolist(),
                norm_probs=True,
                tk_row=tables["nextmove_row"].tolist(),
            )
