"""Advertising and self-promotion told by their words: a linear model over hashed n-grams."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from workers.engines.errors import ModelUnavailable
from workers.spam.hashing import char_columns, word_columns
from workers.spam.reading import as_read

Numbers = npt.NDArray[np.float64]

WEIGHTS: Final = "weights.npz"
FEATURES: Final = "1"
"""Which text has which features. Whoever keeps weights of their own keeps this with them, and
throws them away when it is another: a column would then mean something else."""

_CHARS: Final = 1 << 17
_WORDS: Final = 1 << 17
_CHAR_LENGTHS: Final = range(2, 6)
_LONGEST_RUN: Final = 2


class TextModel:
    """Says how much a text reads like spam, from its n-grams alone.

    No vocabulary is kept: where an n-gram falls is worked out from itself, so that a site may
    go on learning on the same features.
    """

    width = _CHARS + _WORDS
    features_version = FEATURES

    def __init__(self, weights: npt.NDArray[np.float32], offset: float) -> None:
        if weights.shape != (self.width,):
            raise ValueError(f"{weights.shape} weights for {self.width} features")
        # Of the type of the features: to convert them for each text takes longer than to multiply.
        self._weights = weights.astype(np.float64)
        self._offset = offset

    @classmethod
    def untaught(cls) -> "TextModel":
        """Return a model that says nothing yet: a logit of 0 for every text."""
        return cls(np.zeros(cls.width, dtype=np.float32), 0.0)

    @classmethod
    def read(cls, folder: Path) -> "TextModel":
        """Read the weights that `write` wrote.

        Raises:
            ModelUnavailable: They are missing or of another shape.
        """
        try:
            with np.load(folder / WEIGHTS, allow_pickle=False) as kept:
                return cls(kept["weights"].astype(np.float32), float(kept["offset"]))
        except (OSError, KeyError, ValueError) as error:
            raise ModelUnavailable(f"{folder / WEIGHTS} are no weights: {error}") from error

    def write(self, folder: Path) -> None:
        """Write the weights in half precision; the same ones give the same bytes."""
        half = self._weights.astype(np.float16)
        np.savez_compressed(folder / WEIGHTS, weights=half, offset=self._offset)

    def features(self, texts: Sequence[str]) -> csr_matrix:
        """Return what of each text is weighed.

        Args:
            texts: n comments as their writers wrote them.

        Returns:
            Of shape (n, width), none negative, each row of unit length; half of it are pieces of
            words, half are words and pairs of them. A text without letters has an empty row.
        """
        return self.features_of([as_read(text) for text in texts])

    def features_of(self, read: Sequence[str]) -> csr_matrix:
        """Return the features of texts that `as_read` has read, as `features` does."""
        rows = [_row(text) for text in read]
        columns = [row[0] for row in rows]
        starts = np.cumsum([0, *map(len, columns)])
        values = np.concatenate([row[1] for row in rows]) if rows else np.empty(0)
        every = np.concatenate(columns) if rows else np.empty(0, dtype=np.int64)
        return csr_matrix((values, every, starts), shape=(len(rows), self.width))

    def logits(self, features: csr_matrix) -> Numbers:
        """Return, of shape (n,), how the odds of spam are moved; 0 is undecided."""
        found: Any = features @ self._weights
        return np.asarray(found, dtype=np.float64) + self._offset


def _row(text: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the columns of a text, rising, and their values."""
    chars = char_columns(text, lengths=_CHAR_LENGTHS, width=_CHARS)
    words = word_columns(text, longest=_LONGEST_RUN, width=_WORDS)
    columns = np.concatenate([chars, words + _CHARS])
    halves = 2.0 if len(chars) and len(words) else 1.0
    values = np.concatenate(
        [np.full(len(part), 1.0 / np.sqrt(halves * max(len(part), 1))) for part in (chars, words)]
    )
    return columns, values
