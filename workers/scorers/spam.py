"""Spam: everything that is found in a comment's words and links, and one probability of all."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from moderation.domain.comment import Comment
from moderation.domain.language import covers
from moderation.domain.signal import Scores
from moderation.errors import ScorerUnavailable
from moderation.ports.scorer import Scorer
from workers.engines.calibrated import sigmoid
from workers.spam.combination import TEXT
from workers.spam.corrections import NO_CORRECTIONS, Corrections
from workers.spam.model import SELF_PROMOTION, SPAM, SPAM_TEXT, Opinion, SpamModel
from workers.spam.self_promotion import ASKING

MeasureContent = Callable[[Sequence[Comment]], Sequence[Scores]]

_TOLD_OF: Final = 3
"""Reasons told of a score: the heaviest."""
_LIGHTEST: Final = 0.3
"""What a reason adds to the logit before it is worth telling."""
_READS_LIKE: Final = "reads like advertising"
_OWN_SITE: Final = "this site's moderators found its like to be spam"
_FOUND: Final = {"link_density": "links", "link_share": "much of it is links"}
"""Clauses for measurements that tell none."""


class SpamScorer:
    """Emits the content signals, and from them ``spam``, ``spam_text`` and ``self_promotion``.

    ``spam`` is a probability, the others are measurements. A comment in a language that the
    model's card does not list gets the content signals alone: its words say nothing to it.
    """

    name = "spam"

    def __init__(
        self,
        model: SpamModel,
        content: MeasureContent,
        corrections: Corrections = NO_CORRECTIONS,
        circumstances: Sequence[Scorer] = (),
    ) -> None:
        """Weigh what *content* measures, corrected by what a site's moderators have taught.

        *circumstances* measure conduct and company, for sites whose correction reads those; one
        that fails is done without.
        """
        self._model = model
        self._content = content
        self._corrections = corrections
        self._circumstances = circumstances
        self._languages = frozenset(model.card.languages)
        self.model_hash: str | None = model.model_hash
        self.base_rates: Mapping[str, float] = model.base_rates

    def score(self, comments: Sequence[Comment]) -> list[Scores]:
        content = list(self._content(comments))
        readable = [i for i, each in enumerate(comments) if self._understands(each.language)]
        opinions = self._model.opinions(
            [comments[i].body for i in readable], [content[i] for i in readable]
        )
        for i, opinion in zip(readable, opinions, strict=True):
            content[i] = self._with_spam(content[i], opinion, comments[i])
        return content

    def _with_spam(self, content: Scores, opinion: Opinion, comment: Comment) -> Scores:
        correction = self._corrections.for_site(comment.site_id)
        shift = 0.0
        if correction is not None:
            beside = self._beside(comment) if correction.signals else {}
            shift = correction.shift(opinion.features, {**beside, **content})
        scores = {
            SPAM: _share(opinion.logit + shift),
            SPAM_TEXT: _share(opinion.text_logit),
            SELF_PROMOTION: opinion.self_promotion,
        }
        told = {
            SPAM: _clauses({**opinion.weighed, _OWN_SITE: shift}, content.told),
            SPAM_TEXT: _READS_LIKE,
            SELF_PROMOTION: _clauses({kind: opinion.weighed[kind] for kind in ASKING}, ASKING),
        }
        given = {signal: clause for signal, clause in told.items() if clause}
        return Scores({**content, **scores}, told={**content.told, **given}, places=content.places)

    def _beside(self, comment: Comment) -> dict[str, float]:
        """Return what the circumstances of a comment say, as far as they can be known."""
        found: dict[str, float] = {}
        for scorer in self._circumstances:
            try:
                [scores] = scorer.score([comment])
            except ScorerUnavailable:
                continue
            found.update(scores)
        return found

    def _understands(self, language: str | None) -> bool:
        return language is None or covers(self._languages, language)


def _clauses(weighed: Mapping[str, float], told: Mapping[str, str]) -> str:
    """Tell what weighed most, the heaviest first; nothing where nothing did."""
    clauses = {TEXT: _READS_LIKE, _OWN_SITE: _OWN_SITE, **ASKING, **_FOUND, **told}
    heaviest = sorted(weighed, key=lambda name: -weighed[name])[:_TOLD_OF]
    return "; ".join(
        clauses[name] for name in heaviest if weighed[name] >= _LIGHTEST and name in clauses
    )


def _share(logit: float) -> float:
    return float(sigmoid(np.asarray(logit)))
