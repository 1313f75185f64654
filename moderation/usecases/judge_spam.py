"""Judge the spam side of a comment that is not stored."""

from collections.abc import Sequence

from moderation.domain.comment import Comment
from moderation.domain.policy import Action
from moderation.domain.spam.side import spam_side
from moderation.domain.verdict import decide
from moderation.errors import ScoringUnavailable
from moderation.ports.language import RecogniseLanguage
from moderation.ports.scorer import Scorer
from moderation.ports.store import OpenStore
from moderation.usecases.evidence import WordMatchers, approved_before, gather
from moderation.usecases.measuring import measure


def judge_spam(
    comment: Comment,
    *,
    scorers: Sequence[Scorer],
    recognise: RecogniseLanguage,
    matchers: WordMatchers,
    open_store: OpenStore,
) -> Action | None:
    """Return what the site's policy makes of a comment that is not stored; nothing is written.

    Args:
        comment: As it would be stored.
        scorers: Of spam; toxicity is not asked for.
        recognise: Tells the language where the site did not.
        matchers: Find listed words.
        open_store: Opens the store, to read.

    Raises:
        ScoringUnavailable: A scorer broke: what the others say is not all there is to say.
        StoreUnavailable: The policy cannot be read.
    """
    with open_store(reading=True) as store:
        policy = store.policy(comment.site_id)
        approved = approved_before(store, comment, policy)
    policies = {comment.site_id: policy}
    [measured] = measure(scorers, [comment], recognise=recognise, policies=policies)
    if measured.failed:
        raise ScoringUnavailable
    evidence = gather(comment, measured, policy=policy, matchers=matchers, approved_before=approved)
    verdict = decide(policy, evidence)
    return spam_side(policy, comment.article.section, verdict.reasons, measured.scores)
