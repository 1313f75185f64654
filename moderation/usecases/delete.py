"""Erase a comment for good."""

from moderation.errors import EditConflict
from moderation.ports.store import OpenStore
from moderation.usecases.idempotency import Replied, Reply, Request, earlier_reply, finish


def delete_comment(
    comment_id: str,
    request: Request,
    *,
    version: int | None,
    reply: Reply,
    open_store: OpenStore,
) -> Replied:
    """Erase a comment's texts and personal data; the record of decisions keeps no words.

    Args:
        comment_id: Of the site's comment.
        request: Whose comment it is. With an idempotency key a retry is answered as the
            first time, without one it finds nothing.
        version: The version that the site saw; None to erase whichever there is.
        reply: The answer.
        open_store: Opens the store.

    Raises:
        NotFound: The site has no such comment, or no longer.
        EditConflict: It is at another version.
        IdempotencyKeyReused, IdempotencyInProgress: See ``reserve``.
    """
    with open_store() as store:
        earlier = earlier_reply(store, request)
        if earlier is not None:
            return earlier
        comment = store.comment(request.site_id, comment_id)
        if version is not None and comment.version != version:
            raise EditConflict(comment_id, version=comment.version, status=comment.status.value)
        store.delete_comment(request.site_id, comment_id)
        finish(store, request.once, reply)
    return Replied(reply, comment_id)
