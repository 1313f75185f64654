"""Gather what a policy may look at: scores, listed words, links and plain facts."""

from collections import OrderedDict
from typing import Final

from moderation.domain.comment import Comment, Status
from moderation.domain.links import find_links
from moderation.domain.policy import Policy
from moderation.domain.text import canonical
from moderation.domain.verdict import Evidence, Found
from moderation.domain.words import WordMatcher
from moderation.ports.store import Store
from moderation.usecases.measuring import Measurement

_MATCHERS_KEPT: Final = 256


class WordMatchers:
    """Matchers of the policies used last: building one takes longer than many a comment.

    One instance a process; not for use by several threads.
    """

    def __init__(self, *, kept: int = _MATCHERS_KEPT) -> None:
        self._most = kept
        self._kept: OrderedDict[tuple[str, int], WordMatcher] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, site_id: str, policy: Policy, text: str) -> tuple[Found, ...]:
        """Return the words of the policy's lists in *text*; spans count original characters."""
        if not policy.word_lists:
            return ()
        key = (site_id, policy.version)
        matcher = self._kept.pop(key, None) or WordMatcher(policy.word_lists)
        self._kept[key] = matcher
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return tuple(matcher.find(canonical(text)))


def gather(
    comment: Comment,
    measurement: Measurement,
    *,
    policy: Policy,
    matchers: WordMatchers,
    approved_before: int | None,
) -> Evidence:
    """Put together the evidence on one comment."""
    return Evidence(
        scores=measurement.scores,
        words=matchers.find(comment.site_id, policy, comment.body),
        links=tuple(find_links(comment.body)),
        section=comment.article.section,
        author_id=comment.author.id,
        approved_before=approved_before,
        rejected_by_moderator=comment.rejected_by_moderator,
        language=comment.language,
        recognised=measurement.recognised,
        marked=measurement.marked,
        told=measurement.told,
        places=measurement.places,
    )


def approved_before(store: Store, comment: Comment, policy: Policy) -> int | None:
    """Count the author's other approved comments, as far as the policy wants to know."""
    key = comment.author.key
    if key is None:
        return None
    if policy.hold_first == 0:
        return 0
    itself = int(comment.status is Status.APPROVED)
    return store.approved_count(comment.site_id, key, limit=policy.hold_first + itself) - itself
