"""Change a comment's text; it is judged anew."""

from collections.abc import Callable
from typing import Final

from moderation.domain.comment import Comment
from moderation.errors import EditConflict
from moderation.ports.jobs import Jobs
from moderation.ports.store import OpenStore
from moderation.usecases.idempotency import Replied, Reply, Request, earlier_reply, finish

_TRIES: Final = 5


def edit_comment(
    comment_id: str,
    body: str,
    request: Request,
    *,
    version: int | None,
    reply: Callable[[Comment], Reply],
    open_store: OpenStore,
    jobs: Jobs,
) -> Replied:
    """Give a comment a new text and wake a worker up; earlier texts are kept.

    Args:
        comment_id: Of the site's comment.
        body: The new text, checked.
        request: Whose comment it is, and when the edit came.
        version: The version that the site saw; None to edit whichever there is.
        reply: Makes the answer from the edited comment.
        open_store: Opens the store.
        jobs: Wakes a worker up.

    Returns:
        The answer, or the one that the same request got before.

    Raises:
        NotFound: The site has no such comment.
        EditConflict: It is at another version.
        BacklogFull: There is no room, and the request is not one that was done before.
        IdempotencyKeyReused, IdempotencyInProgress: See ``reserve``.
    """
    for _ in range(_TRIES):
        try:
            replied = _edit(comment_id, body, request, version, reply, open_store)
        except EditConflict:
            if version is not None:
                raise
            continue  # it was decided meanwhile: the edit still holds, read it again
        if not replied.replayed:
            jobs.score(comment_id)
        return replied
    raise EditConflict(comment_id)


def _edit(
    comment_id: str,
    body: str,
    request: Request,
    version: int | None,
    reply: Callable[[Comment], Reply],
    open_store: OpenStore,
) -> Replied:
    with open_store() as store:
        earlier = earlier_reply(store, request)
        if earlier is not None:
            return earlier
        comment = store.comment(request.site_id, comment_id)
        if version is not None and version != comment.version:
            raise EditConflict(comment_id, version=comment.version, status=comment.status.value)
        edited = comment.edited(body, now=request.now)
        store.save(edited)
        answer = reply(edited)
        finish(store, request.once, answer)
    return Replied(answer, comment_id)
