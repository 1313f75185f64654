"""From what people said of a site's comments to a correction, with every influence bounded.

Sources (moderators; the site's key) are heard in the order in which they first spoke. One is
heard only if what the earlier ones decided is not decided worse for it, each lesson being judged
by a fit that has not seen it. Examples that are shipped with the model, of texts from elsewhere,
are rehearsed all the while, and must not move much against what they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack, vstack

from workers.spam.correction import MOST, MOST_BY_SIGNALS
from workers.spam.teaching import correcting_weights
from workers.spam.trust import lesson_weights

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_FOLDS: Final = 4
_REHEARSED: Final = 0.3
"""What an example weighs, beside 1 for a lesson."""

_WORSE: Final = 0.002
"""How much the earlier sources' lessons may lose, in nats a lesson."""

_MOVED: Final = 2.0
"""How far one in a hundred examples may be moved against what it is, in logits."""

_LEAST: Final = 0.2
"""A correction that would have to be made smaller than this share of itself is not worth it."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts with what they are; arrays of the same length, logits without any correction."""

    features: csr_matrix
    base: Numbers
    spam: Flags


@dataclass(frozen=True, slots=True)
class Lessons(Examples):
    """What was said of a site's comments, in the order in which it was said.

    ``signals`` has a column for each signal beside the text that is to be learnt from, 0 where
    it is missing: of shape (n, s), where s may be 0.
    """

    sources: Sequence[str]
    authors: Sequence[str]
    signals: Numbers


@dataclass(frozen=True, slots=True)
class Taught:
    """Weights of the text's columns and of the signals, and the sources that were heard."""

    text: Numbers
    signals: Numbers
    heard: tuple[str, ...]


def learn(lessons: Lessons, examples: Examples) -> Taught | None:
    """Return what the lessons teach; None if nobody is heard."""
    fit = _Fit(lessons, examples)
    heard: tuple[str, ...] = ()
    weights = fit.nothing()
    folded = [weights] * _FOLDS
    for source in dict.fromkeys(lessons.sources):
        wider = (*heard, source)
        found = fit.weights(wider)
        scale = fit.scale(found)
        if scale < _LEAST:
            continue
        again = [scale * fit.weights(wider, without=fold) for fold in range(_FOLDS)]
        if heard and fit.loss(again, heard) > fit.loss(folded, heard) + _WORSE:
            continue
        heard, weights, folded = wider, scale * found, again
    if not heard:
        return None
    width = lessons.features.shape[1]
    return Taught(weights[:width], weights[width:], heard)


class _Fit:
    """Lessons and examples as one table, of which parts are fitted and others looked at."""

    def __init__(self, lessons: Lessons, examples: Examples) -> None:
        self._lessons = lessons
        self._width = lessons.features.shape[1]
        self._table = csr_matrix(hstack([lessons.features, csr_matrix(lessons.signals)]))
        unmeasured = csr_matrix((examples.features.shape[0], lessons.signals.shape[1]))
        shown = csr_matrix(hstack([examples.features, unmeasured]))
        rehearsed = np.arange(shown.shape[0]) % 2 == 0
        self._rehearsed = shown[rehearsed]
        self._rehearsed_base = examples.base[rehearsed]
        self._watched = shown[~rehearsed]
        self._watched_spam = examples.spam[~rehearsed]
        corrects = (lessons.base > 0) != lessons.spam
        # Who says what the model says already asks for no more than that it go on saying so.
        targets = np.where(corrects, lessons.spam.astype(float), _probability(lessons.base))
        self._targets = np.concatenate([targets, _probability(self._rehearsed_base)])
        self._both = vstack([self._table, self._rehearsed], format="csr")
        self._base = np.concatenate([lessons.base, self._rehearsed_base])
        self._fold = np.random.default_rng(0).integers(_FOLDS, size=len(lessons.spam))

    def nothing(self) -> Numbers:
        return np.zeros(self._table.shape[1])

    def weights(self, heard: tuple[str, ...], *, without: int | None = None) -> Numbers:
        """Fit the lessons of these sources, all or *without* a fold of them."""
        lessons = self._lessons
        weighs = lesson_weights(
            lessons.base, lessons.spam, lessons.sources, lessons.authors, set(heard)
        )
        if without is not None:
            weighs = np.where(self._fold == without, 0.0, weighs)
        rehearsed = np.full(self._rehearsed.shape[0], _REHEARSED)
        return correcting_weights(
            self._both, self._base, self._targets, np.concatenate([weighs, rehearsed])
        )

    def scale(self, weights: Numbers) -> float:
        """Return how much of a correction is left when examples are not moved too far by it."""
        moved = self._watched @ weights
        against = np.where(self._watched_spam, -moved, moved)
        worst = [
            float(np.quantile(against[self._watched_spam == kind], 0.99))
            for kind in (True, False)
            if np.any(self._watched_spam == kind)
        ]
        return min(1.0, _MOVED / max(*worst, 1e-9))

    def loss(self, folded: Sequence[Numbers], heard: tuple[str, ...]) -> float:
        """Return the log loss of these sources' lessons, each by the fit without its fold."""
        lessons = self._lessons
        theirs = np.isin(np.array(lessons.sources, dtype=object), list(heard))
        total = 0.0
        for fold, weights in enumerate(folded):
            these = theirs & (self._fold == fold)
            text = self._table[these][:, : self._width] @ weights[: self._width]
            by_signals = lessons.signals[these] @ weights[self._width :]
            shift = text + np.clip(by_signals, -MOST_BY_SIGNALS, MOST_BY_SIGNALS)
            logits = lessons.base[these] + np.clip(shift, -MOST, MOST)
            wrongly = np.where(lessons.spam[these], -logits, logits)
            total += float(np.logaddexp(0.0, wrongly).sum())
        return total / max(int(theirs.sum()), 1)


def _probability(logits: Numbers) -> Numbers:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)))
