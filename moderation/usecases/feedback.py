"""A site says whether a comment is spam: something to learn from, no decision."""

from collections.abc import Callable
from dataclasses import dataclass

from moderation.domain.feedback import SITE, Feedback
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore
from moderation.usecases.idempotency import Replied, Reply, Request, earlier_reply, finish
from moderation.usecases.learn_domains import hear_of_domains


@dataclass(frozen=True, slots=True)
class Said:
    """What the site says; ``by`` is whom it names, for the record."""

    spam: bool
    by: str | None = None


def give_feedback(
    comment_id: str,
    said: Said,
    request: Request,
    *,
    reply: Callable[[Feedback], Reply],
    open_store: OpenStore,
) -> Replied:
    """Keep what a site says of one of its comments, to be learnt from; its status stays.

    Where no moderator has decided the comment, its domains are learnt of as well.

    Args:
        comment_id: Of the site's comment.
        said: Spam or not.
        request: Whose comment it is, and when this came.
        reply: Makes the answer.
        open_store: Opens the store.

    Raises:
        NotFound: The site has no such comment.
        IdempotencyKeyReused, IdempotencyInProgress: See ``reserve``.
    """
    with open_store() as store:
        earlier = earlier_reply(store, request)
        if earlier is not None:
            return earlier
        comment = store.comment(request.site_id, comment_id)
        given = Feedback(
            id=new_id(request.now),
            site_id=request.site_id,
            comment_id=comment.id,
            text_version=comment.text_version,
            spam=said.spam,
            source=SITE,
            given_at=request.now,
            by=said.by,
        )
        store.add_feedback(given)
        hear_of_domains(store, comment, spam=said.spam, now=request.now)
        answer = reply(given)
        finish(store, request.once, answer)
    return Replied(answer, comment_id)
