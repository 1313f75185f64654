"""Spam evidence from links, with no model: cheap enough to run first."""

from collections.abc import Mapping, Sequence
from typing import Final

from moderation.domain.comment import Comment
from moderation.domain.links import find_links
from moderation.ports.scorer import NO_PROBABILITIES

_SATURATION: Final = 5
"""Distinct links at which the score reaches 1. Provisional: chosen, not measured."""


class LinkScorer:
    """Emits ``link_density``: 0 for no links, 1 for five or more."""

    name = "links"
    model_hash: str | None = None
    base_rates: Mapping[str, float] = NO_PROBABILITIES

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        return [{"link_density": _density(comment.body)} for comment in comments]


def _density(text: str) -> float:
    return min(len(find_links(text)) / _SATURATION, 1.0)
