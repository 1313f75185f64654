"""Evidence of robots: a form field that people do not see."""

from collections.abc import Mapping, Sequence

from moderation.domain.comment import Comment
from moderation.ports.scorer import NO_PROBABILITIES


class HoneypotScorer:
    """Emits ``honeypot``: 1 when the hidden field was filled in, else 0."""

    name = "honeypot"
    model_hash: str | None = None
    base_rates: Mapping[str, float] = NO_PROBABILITIES

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        return [{"honeypot": float(comment.honeypot)} for comment in comments]
