"""Teach the spam model: words first, then what to make of them beside all else that is found.

The combination must not learn from logits of texts that the text model was taught, which are
surer than any others: each comment's logit is that of a model taught without the comment's fold.
A fold holds one YouTube video and a share of every other source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from moderation.domain.spam.content import content_scores
from workers.evaluation.metrics import Numbers, Reached
from workers.scorers.spam_lists import shipped_lists
from workers.spam.combination import FURTHEST, INPUTS, TENS, Combination, inputs
from workers.spam.reading import as_read
from workers.spam.self_promotion import kinds_of_asking
from workers.spam.text_model import TextModel
from workers.training.curves import fit_curve
from workers.training.spam_data import YOUTUBE, SpamExample

BASE_RATE: Final = 0.10
"""Share of spam among comments that is reckoned with. Stated, not counted: sites differ."""

WEIGHTS: Final[Mapping[str, float]] = {
    YOUTUBE: 5.0,
    "telegram": 1.0,
    "sms": 0.3,
    "wikipedia_links": 1.0,
    "wikipedia": 0.5,
    "news": 1.0,
    "news_toxic": 0.5,
    "news_sentences": 0.5,
}
"""What a text of each source counts: comments of readers most, telephone messages least."""

SPAM_SHARES: Final[Mapping[str, float]] = {YOUTUBE: 6.0, "telegram": 2.0, "sms": 2.0}
CLEAN_SHARES: Final[Mapping[str, float]] = {YOUTUBE: 3.0, "news": 3.0, "wikipedia": 2.0, "sms": 1.0}
"""Of which comments a probability is told: so many parts of each source."""

_STRENGTH: Final = 10.0
_ROUNDS: Final = 2_000
_NEAR_ENOUGH: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Prepared:
    """Texts as the models see them, row by row; ``folds`` numbers the fold of each."""

    features: csr_matrix
    others: Numbers
    spam: Reached
    families: npt.NDArray[np.str_]
    sources: npt.NDArray[np.str_]
    folds: npt.NDArray[np.int64]

    def only(self, chosen: Reached) -> "Prepared":
        """Return the chosen rows."""
        return Prepared(
            features=self.features[np.flatnonzero(chosen)],
            others=self.others[chosen],
            spam=self.spam[chosen],
            families=self.families[chosen],
            sources=self.sources[chosen],
            folds=self.folds[chosen],
        )


@dataclass(frozen=True, slots=True)
class Taught:
    """A text model and the combination that was fitted on models like it."""

    text: TextModel
    combination: Combination

    def probabilities(self, texts: Prepared) -> Numbers:
        """Return the probability of spam of each text."""
        given = _with_text(self.text.logits(texts.features), texts.others)
        weights = np.array([self.combination.weights[name] for name in INPUTS])
        return self.combination.curve.probabilities(given @ weights + self.combination.offset)


def prepare(examples: Sequence[SpamExample], *, folds: int, seed: int) -> Prepared:
    """Read texts once for all that is taught and measured."""
    lists = shipped_lists()
    read = [as_read(each.text) for each in examples]
    others = [
        list(inputs(0.0, kinds_of_asking(r), content_scores(e.text, lists=lists)).values())
        for r, e in zip(read, examples, strict=True)
    ]
    sources = np.array([each.source for each in examples])
    families = np.array([each.family for each in examples])
    drawn = np.random.default_rng(seed).integers(0, folds, len(examples))
    for i, video in enumerate(sorted(set(sources[families == YOUTUBE]))):
        drawn[sources == video] = i % folds
    return Prepared(
        TextModel.untaught().features_of(read),
        np.array(others, dtype=float),
        np.array([each.spam for each in examples]),
        families,
        sources,
        drawn,
    )


def teach(texts: Prepared) -> Taught:
    """Teach both models with all of *texts*, which hold two folds or more."""
    logits = np.zeros(len(texts.spam))
    for fold in sorted(set(texts.folds.tolist())):
        there = texts.folds == fold
        logits[there] = _taught_words(texts.only(~there)).logits(texts.only(there).features)
    given = _with_text(logits, texts.others)
    counted = _counted(texts.families)
    weights, offset = _fit_combination(given, texts.spam, counted)
    curve = fit_curve(
        texts.spam.astype(float), given @ weights + offset, _as_in_life(texts), BASE_RATE
    )
    told = {name: round(float(weight), 4) for name, weight in zip(INPUTS, weights, strict=True)}
    return Taught(_taught_words(texts), Combination(told, round(offset, 4), curve))


def _taught_words(texts: Prepared) -> TextModel:
    learner = LogisticRegression(
        C=_STRENGTH,
        solver="liblinear",
        dual=True,
        max_iter=_ROUNDS,
        tol=_NEAR_ENOUGH,
        random_state=0,
    )
    learner.fit(texts.features, texts.spam, sample_weight=_counted(texts.families))
    return TextModel(learner.coef_[0].astype(np.float32), float(learner.intercept_[0]))


def _counted(families: npt.NDArray[np.str_]) -> Numbers:
    return np.array([WEIGHTS[family] for family in families])


def _with_text(logits: Numbers, others: Numbers) -> Numbers:
    """Return all inputs: the text's, which comes first, and those that stay."""
    text = np.clip(logits / TENS, -FURTHEST, FURTHEST)
    return np.concatenate([text[:, None], others[:, 1:]], axis=1)


def _fit_combination(given: Numbers, spam: Reached, counted: Numbers) -> tuple[Numbers, float]:
    """Find the likeliest weights, none below nought, drawn to nought a little."""
    sign = np.where(spam, 1.0, -1.0)

    def loss(found: Numbers) -> tuple[float, Numbers]:
        margin = sign * (given @ found[:-1] + found[-1])
        pull = -sign * counted * np.exp(-np.logaddexp(0.0, margin))
        slope = np.append(given.T @ pull + found[:-1], pull.sum())
        return float(counted @ np.logaddexp(0.0, -margin) + 0.5 * found[:-1] @ found[:-1]), slope

    start = np.zeros(given.shape[1] + 1)
    bounds = [(0.0, None)] * given.shape[1] + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found[:-1], float(found[-1])


def _as_in_life(texts: Prepared) -> Numbers:
    """Weigh texts so that spam adds up to the base rate, and sources to their shares."""
    weights = np.zeros(len(texts.spam))
    for kind, shares, part in (
        (texts.spam, SPAM_SHARES, BASE_RATE),
        (~texts.spam, CLEAN_SHARES, 1.0 - BASE_RATE),
    ):
        present = {f: s for f, s in shares.items() if (kind & (texts.families == f)).any()}
        for family, share in present.items():
            rows = kind & (texts.families == family)
            weights[rows] = part * share / sum(present.values()) / rows.sum()
    return weights
