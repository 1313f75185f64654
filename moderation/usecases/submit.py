"""Take a comment from a site: stored as pending, answered, and judged later."""

from collections.abc import Callable
from datetime import datetime

from moderation.domain.comment import Author, Comment, Submission
from moderation.domain.spam.disposable import is_disposable
from moderation.errors import BacklogFull, Invalid, NotFound
from moderation.identifiers import new_id
from moderation.ports.jobs import Jobs
from moderation.ports.privacy import Privacy
from moderation.ports.store import Answer, OpenStore, Store
from moderation.usecases.idempotency import (
    BACKLOG_RETRY_S,
    Replied,
    Reply,
    Request,
    replayed,
    reserve,
)


def submit_comment(
    submission: Submission,
    request: Request,
    *,
    reply: Callable[[str], Reply],
    wait_until: datetime | None = None,
    open_store: OpenStore,
    privacy: Privacy,
    jobs: Jobs,
) -> Replied:
    """Store a comment and wake a worker up. The wake-up may get lost; the sweep asks again.

    Args:
        submission: What the site sent, checked.
        request: Whose comment it is, and when it came. An idempotency key is reserved in
            the transaction that stores the comment, so that no retry ever makes a second.
        reply: Makes the answer to the site from the comment's id.
        wait_until: Until when the answer is still to come, because the site waits for the
            decision; None if it is answered at once.
        open_store: Opens the store.
        privacy: Hides e-mail and IP address.
        jobs: Wakes a worker up.

    Raises:
        BacklogFull: There is no room, and the request is not one that was done before.
        DuplicateExternalId: The site has a comment under that external id.
        Invalid: The parent is not one of the site's comments.
        IdempotencyKeyReused, IdempotencyInProgress: See ``reserve``.
    """
    comment = pending_comment(submission, site_id=request.site_id, privacy=privacy, now=request.now)
    answer = reply(comment.id)
    with open_store() as store:
        if request.once is not None:
            earlier = reserve(
                store,
                request.once,
                now=request.now,
                reply=answer if wait_until is None else None,
                comment_id=comment.id,
                in_flight_until=wait_until,
            )
            if earlier is not None:
                return _again(earlier, reply)
        if not request.room:
            raise BacklogFull(BACKLOG_RETRY_S)
        add(store, comment)
    jobs.score(comment.id)
    return Replied(answer, comment.id)


def _again(earlier: Answer, reply: Callable[[str], Reply]) -> Replied:
    """Give an answer again.

    One without a body is of a process that died while it waited for the decision. The
    comment is stored, so the site is told what it would have been told at once.
    """
    if earlier.body is None and earlier.comment_id is not None:
        return Replied(reply(earlier.comment_id), earlier.comment_id, True)
    return replayed(earlier)


def pending_comment(
    submission: Submission, *, site_id: str, privacy: Privacy, now: datetime
) -> Comment:
    """Return the comment that a submission makes, without what may not be kept in the clear."""
    email = (submission.author_email or "").strip().lower()
    return Comment(
        id=new_id(now),
        site_id=site_id,
        body=submission.body,
        received_at=now,
        external_id=submission.external_id,
        parent_id=submission.parent_id,
        article=submission.article,
        author=Author(
            id=submission.author_id,
            name=submission.author_name,
            email_hash=privacy.pseudonym(email) if email else None,
            url=submission.author_url,
        ),
        ip_hash=privacy.pseudonym(submission.ip) if submission.ip else None,
        user_agent=submission.user_agent,
        referrer=submission.referrer,
        language=submission.language,
        honeypot=bool(submission.honeypot),
        form_seconds=submission.form_seconds,
        disposable_email=is_disposable(email) if email else None,
        created_at=submission.created_at,
    )


def add(store: Store, comment: Comment) -> None:
    """Add a comment. An unknown parent is the submission's fault, not a missing page."""
    try:
        store.add_comment(comment)
    except NotFound:
        raise Invalid("parent_id", "the site has no such comment") from None
