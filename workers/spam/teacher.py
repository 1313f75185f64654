"""The teacher of a site's spam score: what the shipped model reads, and what people said."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack

from moderation.domain.comment import Comment
from moderation.domain.feedback import Lesson
from moderation.domain.policy import Action
from moderation.domain.policy_document import DEFAULT_DOCUMENT, read_policy
from moderation.ports.teaching import Correction
from workers.engines.calibrated import logits_of
from workers.spam.correction import SiteCorrection, largest
from workers.spam.learning import Examples, Lessons, learn
from workers.spam.model import SPAM, SpamModel

Numbers = npt.NDArray[np.float64]
MeasureContent = Callable[[Sequence[Comment]], Sequence[Mapping[str, float]]]

JOINING: Final = (
    "address_rate",
    "author_rate",
    "bad_domain",
    "disposable_email",
    "first_link",
    "honeypot",
    "near_duplicates",
    "quick_form",
    "robot_agent",
    "site_rate",
)
"""Signals of conduct and company, which no labelled data teach: only a site's own decisions."""

JOINED_FROM: Final = 200
"""Lessons of a site from which on they are learnt from."""


_HELD_FROM: Final = next(
    rule.at_least
    for rule in read_policy(DEFAULT_DOCUMENT, version=0).rules
    if rule.signal == SPAM and rule.action is Action.HOLD
)


class SpamBase(Protocol):
    """The shipped model, without any site's correction."""

    features_version: str

    def measured(self, comments: Sequence[Comment]) -> tuple[csr_matrix, Numbers]:
        """Return the text features, of shape (n, width), and logits, of shape (n,).

        A logit of 0 is where the default policy begins to hold.
        """
        ...


class ModelBase:
    """``SpamBase`` of the shipped model."""

    def __init__(self, model: SpamModel, content: MeasureContent) -> None:
        """Weigh what *content* measures, as the scorer does."""
        self._model = model
        self._content = content
        self._held_from = float(logits_of(np.asarray(_HELD_FROM)))
        self.features_version = model.text.features_version

    def measured(self, comments: Sequence[Comment]) -> tuple[csr_matrix, Numbers]:
        content = self._content(comments)
        opinions = self._model.opinions([comment.body for comment in comments], content)
        features = vstack([opinion.features for opinion in opinions], format="csr")
        return features, np.array([opinion.logit - self._held_from for opinion in opinions])


class SpamTeacher:
    """``ports.Teacher``; reads its examples when it first teaches."""

    def __init__(
        self, base: SpamBase, examples: Callable[[], Sequence[tuple[Comment, bool]]]
    ) -> None:
        """Teach on *base*; *examples* are comments from elsewhere, and whether each is spam."""
        self._base = base
        self._read_examples = examples

    def teach(self, lessons: Sequence[Lesson]) -> Correction | None:
        taught = learn(self._measured(lessons), self._examples)
        if taught is None:
            return None
        columns, weights = largest(taught.text)
        names = JOINING if len(taught.signals) else ()
        correction = SiteCorrection(
            version=0,
            features=self._base.features_version,
            columns=columns,
            weights=weights,
            signals=dict(zip(names, map(float, taught.signals), strict=True)),
        )
        heard = (each.feedback for each in lessons if each.feedback.source in taught.heard)
        return Correction(correction.to_bytes(), frozenset(given.id for given in heard))

    def _measured(self, lessons: Sequence[Lesson]) -> Lessons:
        features, base = self._base.measured([lesson.comment for lesson in lessons])
        names = JOINING if len(lessons) >= JOINED_FROM else ()
        signals = [[lesson.scores.get(name, 0.0) for name in names] for lesson in lessons]
        return Lessons(
            features=features,
            base=base,
            spam=np.array([lesson.feedback.spam for lesson in lessons], dtype=bool),
            sources=[lesson.feedback.source for lesson in lessons],
            authors=[_author(lesson.comment) for lesson in lessons],
            signals=np.array(signals, dtype=np.float64).reshape(len(lessons), len(names)),
        )

    @cached_property
    def _examples(self) -> Examples:
        shown = self._read_examples()
        features, base = self._base.measured([comment for comment, _ in shown])
        return Examples(features, base, np.array([spam for _, spam in shown], dtype=bool))


def _author(comment: Comment) -> str:
    """Return what comments of one writer have in common; of nobody known, nothing."""
    return comment.author.key or comment.ip_hash or comment.id
