"""Mark the words that carry a score, where a policy does not let the comment through."""

import logging
from collections.abc import Mapping
from typing import Final

from moderation.domain.comment import Comment
from moderation.domain.policy import Policy
from moderation.domain.policy_document import DEFAULT_DOCUMENT, read_policy
from moderation.domain.signal import Span
from moderation.domain.verdict import carrying
from moderation.ports.marking import WordMarker

logger = logging.getLogger(__name__)

DEFAULT_POLICY: Final = read_policy(DEFAULT_DOCUMENT, version=1)
"""Says which scores are high where no site is known."""


def marked(
    marker: WordMarker, comment: Comment, policy: Policy, scores: Mapping[str, float]
) -> tuple[Span, ...]:
    """Mark the words of a comment that a score holds or rejects.

    Costs nothing where no rule on the marker's signals fires. A marker that fails spoils no
    decision: there are no words then.

    Args:
        marker: Told of at most one comment.
        comment: Its spans count characters of this body.
        policy: Of the comment's site.
        scores: What was measured of it.

    Returns:
        The words in the order of the text, each with the signal that fired; of several that did,
        the one that the strictest rule is on.
    """
    fired = carrying(policy, comment.article.section, scores)
    signal = next((name for name in fired if name in marker.signals), None)
    if signal is None:
        return ()
    try:
        return tuple(Span(start, end, signal) for start, end in marker.mark(comment))
    except Exception as error:  # noqa: BLE001 - whatever a marker does, the comment goes on
        # Its message might quote the comment.
        logger.warning("no words could be marked: %s", type(error).__name__)
        return ()
