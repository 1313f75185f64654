"""Evidence of spam in the text and its links, with no model: cheap enough to run first."""

from collections.abc import Mapping, Sequence

from moderation.domain.comment import Comment
from moderation.domain.signal import Scores
from moderation.domain.spam.content import content_scores
from moderation.domain.spam.reading import SpamLists
from moderation.ports.scorer import NO_PROBABILITIES
from workers.scorers.spam_lists import shipped_lists


class ContentScorer:
    """Emits the signals of `CONTENT`, measurements all, each with what was found and where.

    Links to the site itself, whose address is the article's, count in ``link_density`` alone.
    What each signal looks for, and how often it errs, is in docs/scorers/content.md.
    """

    name = "content"
    model_hash: str | None = None
    base_rates: Mapping[str, float] = NO_PROBABILITIES

    def __init__(self, lists: SpamLists | None = None) -> None:
        """Look links up in *lists*, else in those that ship."""
        self._lists = shipped_lists() if lists is None else lists

    def score(self, comments: Sequence[Comment]) -> list[Scores]:
        return [
            content_scores(
                comment.body,
                lists=self._lists,
                article_url=comment.article.url,
                author_url=comment.author.url,
            )
            for comment in comments
        ]
