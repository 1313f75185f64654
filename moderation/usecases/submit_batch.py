"""Take many comments at once: each answered for itself, the good ones in one transaction."""

from collections.abc import Callable, Sequence

from moderation.domain.comment import Comment, Submission
from moderation.errors import DuplicateExternalId, Invalid, ModerationError
from moderation.ports.jobs import Jobs
from moderation.ports.privacy import Privacy
from moderation.ports.store import OpenStore, Store
from moderation.usecases.idempotency import Replied, Reply, Request, earlier_reply, finish
from moderation.usecases.submit import add, pending_comment

Item = Submission | ModerationError
"""A submission, or what was wrong with it already."""

Result = str | ModerationError
"""The id of the comment that was stored, or why none was."""


def submit_batch(
    items: Sequence[Item],
    request: Request,
    *,
    reply: Callable[[Sequence[Result]], Reply],
    open_store: OpenStore,
    privacy: Privacy,
    jobs: Jobs,
) -> Replied:
    """Store what can be stored and wake a worker up.

    Args:
        items: In the order of the answer.
        request: Whose comments they are, and when they came; one idempotency key for all.
        reply: Makes the answer from one result an item, in order.
        open_store: Opens the store.
        privacy: Hides e-mail and IP addresses.
        jobs: Wakes a worker up.

    Returns:
        The answer, or the one that the same request got before.

    Raises:
        BacklogFull: There is no room, and the request is not one that was done before.
        IdempotencyKeyReused, IdempotencyInProgress: See ``reserve``.
    """
    prepared = [
        pending_comment(item, site_id=request.site_id, privacy=privacy, now=request.now)
        if isinstance(item, Submission)
        else item
        for item in items
    ]
    with open_store() as store:
        earlier = earlier_reply(store, request)
        if earlier is not None:
            return earlier
        results = [_add(store, each) for each in prepared]
        answer = reply(results)
        finish(store, request.once, answer)
    first = next((result for result in results if isinstance(result, str)), None)
    if first is not None:
        jobs.score(first)  # whoever comes for one sees them all
    return Replied(answer)


def _add(store: Store, each: Comment | ModerationError) -> Result:
    if isinstance(each, ModerationError):
        return each
    try:
        add(store, each)
    except (DuplicateExternalId, Invalid) as error:
        return error
    return each.id
