"""A site's own correction of the spam logit: bounded, small, and bytes without code in them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

MOST: Final = 4.0
"""How far a correction may move the logit, either way."""

MOST_BY_SIGNALS: Final = 1.5
"""How much of that may come from conduct and company."""

_MOST_WEIGHTS: Final = 20_000
"""Kept of those of the text: the largest."""

Weights = npt.NDArray[np.float32]


class Unreadable(ValueError):
    """The bytes are no correction that this version of the service can use."""


@dataclass(frozen=True, slots=True)
class SiteCorrection:
    """What a site has taught, as weights of what the text model reads, and of signals by name.

    ``columns`` rise; ``weights[i]`` belongs to ``columns[i]``. ``features`` names the way in
    which texts become columns: weights of another way mean nothing.
    """

    version: int
    features: str
    columns: npt.NDArray[np.int64]
    weights: Weights
    signals: Mapping[str, float]

    def shift(self, features: csr_matrix, signals: Mapping[str, float]) -> float:
        """Return how the logit of a comment moves, within ±`MOST`.

        Args:
            features: Its row, of shape (1, width).
            signals: What was measured of it; what is missing has no part.
        """
        by_text = float(text_shifts(features, self.columns, self.weights)[0])
        by_signals = sum(
            weight * signals[name] for name, weight in self.signals.items() if name in signals
        )
        return bounded(by_text, by_signals)

    def to_bytes(self) -> bytes:
        """Return the correction as an npz file; its version is not in it."""
        file = io.BytesIO()
        names = sorted(self.signals)
        np.savez_compressed(
            file,
            features=np.array(self.features),
            # Differences of rising numbers are small, and small numbers pack well.
            steps=np.diff(self.columns, prepend=0).astype(np.uint32),
            weights=self.weights.astype(np.float16),
            names=np.array(names, dtype=np.str_),
            signals=np.array([self.signals[name] for name in names], dtype=np.float32),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, raw: bytes, *, version: int) -> "SiteCorrection":
        """Read what `to_bytes` made.

        Raises:
            Unreadable: It is something else.
        """
        try:
            with np.load(io.BytesIO(raw), allow_pickle=False) as kept:
                named = zip(kept["names"], kept["signals"], strict=True)
                return cls(
                    version=version,
                    features=str(kept["features"]),
                    columns=np.cumsum(kept["steps"], dtype=np.int64),
                    weights=kept["weights"].astype(np.float32),
                    signals={str(name): float(weight) for name, weight in named},
                )
        except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
            raise Unreadable(type(error).__name__) from None


def bounded(by_text: float, by_signals: float) -> float:
    """Return the shift that text and signals make together."""
    by_signals = min(max(by_signals, -MOST_BY_SIGNALS), MOST_BY_SIGNALS)
    return min(max(by_text + by_signals, -MOST), MOST)


def text_shifts(
    features: csr_matrix, columns: npt.NDArray[np.int64], weights: Weights
) -> npt.NDArray[np.float64]:
    """Return, of shape (n,), what the weights make of each row, unbounded."""
    if not len(columns):
        return np.zeros(features.shape[0])
    places = np.minimum(np.searchsorted(columns, features.indices), len(columns) - 1)
    hit = columns[places] == features.indices
    values = np.where(hit, weights[places] * features.data, 0.0)
    totals = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    return np.asarray(totals[features.indptr[1:]] - totals[features.indptr[:-1]])


def largest(dense: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], Weights]:
    """Return the columns and weights worth keeping of a weight for every column."""
    used = np.flatnonzero(dense)
    if len(used) > _MOST_WEIGHTS:
        order = np.argpartition(np.abs(dense[used]), -_MOST_WEIGHTS)[-_MOST_WEIGHTS:]
        used = np.sort(used[order])
    rounded = dense[used].astype(np.float16).astype(np.float32)
    return used.astype(np.int64), rounded
