"""People decide: what waits for a moderator, and the decision that has the last word."""

from dataclasses import dataclass
from datetime import datetime

from moderation.code_version import code_version
from moderation.domain.comment import Comment
from moderation.domain.decision import Decision
from moderation.domain.feedback import Feedback, says_spam
from moderation.domain.policy import Action
from moderation.domain.review import review_reason
from moderation.domain.verdict import Reason
from moderation.errors import EditConflict, NotFound
from moderation.identifiers import new_id
from moderation.ports.jobs import Jobs
from moderation.ports.store import OpenStore, ReviewOrder, Store
from moderation.usecases.learn_domains import learn_domains
from moderation.usecases.readers import Reader, active_moderator, comment_for
from moderation.usecases.recording import record_with_deliveries


@dataclass(frozen=True, slots=True)
class Held:
    """A comment that waits for a moderator, with the decision that held it."""

    comment: Comment
    decision: Decision | None


def review_queue(
    moderator_id: str,
    *,
    order: ReviewOrder,
    site_id: str | None = None,
    after: tuple[float, str] | None = None,
    limit: int,
    open_store: OpenStore,
) -> list[Held]:
    """Return held comments of the moderator's sites, riskiest or longest waiting first.

    Args:
        moderator_id: Who asks.
        order: By risk or by age.
        site_id: Only this site's; None: those of every site the moderator has.
        after: (risk, id) of the last comment already seen; None: from the start.
        limit: How many at most.
        open_store: Opens the store.

    Raises:
        NotFound: The moderator does not have that site.
        Unauthorized: The moderator is not active.
    """
    with open_store(reading=True) as store:
        moderator = active_moderator(store, moderator_id)
        if site_id is not None and site_id not in moderator.site_ids:
            raise NotFound("site", site_id)
        site_ids = sorted(moderator.site_ids) if site_id is None else [site_id]
        held = store.review(site_ids, order=order, after=after, limit=limit)
        decisions = store.latest_decisions([comment.id for comment in held])
    return [Held(comment, decisions.get(comment.id)) for comment in held]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a moderator makes of a comment.

    ``version`` is the comment's version that the moderator has seen. ``reason`` is a code of
    ``domain.review.REVIEW_REASONS``, ``note`` the moderator's own words.
    """

    moderator_id: str
    version: int
    action: Action
    reason: str
    note: str | None = None


def decide_as_moderator(
    comment_id: str, review: Review, *, open_store: OpenStore, jobs: Jobs, now: datetime
) -> Decision:
    """Approve or reject a comment of any status, a pending one too, and tell the site.

    What it says of spam is kept with it, to be learnt from.

    Raises:
        EditConflict: The comment is at another version, which is told: somebody edited or
            decided it.
        Invalid: The reason does not fit the action, or the note is missing or too long.
        NotFound: There is no such comment on the moderator's sites.
        Unauthorized: The moderator is not active.
    """
    reason = review_reason(review.action, review.reason, review.note)
    try:
        with open_store() as store:
            decision = _record(store, comment_id, review, reason, now=now)
    except EditConflict as conflict:
        if conflict.version is not None:
            raise
        with open_store(reading=True) as store:  # somebody was quicker by less than a reading
            raise _conflict(store.comment_anywhere(comment_id)) from None
    jobs.deliver()
    return decision


def _record(
    store: Store, comment_id: str, review: Review, reason: Reason, *, now: datetime
) -> Decision:
    moderator_id = review.moderator_id
    comment = comment_for(store, Reader(moderator_id=moderator_id), comment_id)
    if comment.version != review.version:
        raise _conflict(comment)
    reviewed = comment.reviewed(review.action, now=now)
    decision = Decision(
        id=new_id(now),
        site_id=comment.site_id,
        comment_id=comment.id,
        comment_version=reviewed.version,
        text_version=reviewed.text_version,
        action=review.action,
        before=comment.status,
        decided_by=moderator_id,
        decided_at=now,
        reasons=(reason,),
        code_version=code_version(),
        note=review.note,
    )
    record_with_deliveries(store, reviewed, decision)
    learn_domains(store, comment, review.action, review.reason, now=now)
    spam = says_spam(review.action, review.reason)
    if spam is not None:
        store.add_feedback(
            Feedback(
                id=new_id(now),
                site_id=comment.site_id,
                comment_id=comment.id,
                text_version=comment.text_version,
                spam=spam,
                source=moderator_id,
                given_at=now,
            )
        )
    return decision


def _conflict(comment: Comment) -> EditConflict:
    return EditConflict(comment.id, version=comment.version, status=comment.status.value)
