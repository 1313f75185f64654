"""A site says whether a comment is spam: something to learn from, no decision."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from moderation.domain.comment import Comment
from moderation.domain.feedback import SITE, Feedback
from moderation.errors import NotFound
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore, Store
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
        given = _keep(store, store.comment(request.site_id, comment_id), said, request.now)
        answer = reply(given)
        finish(store, request.once, answer)
    return Replied(answer, comment_id)


def give_feedback_by_name(
    external_ids: Sequence[str],
    said: Said,
    *,
    site_id: str,
    now: datetime,
    open_store: OpenStore,
) -> bool:
    """Keep what a site says of the comment that it knows by one of these names.

    Args:
        external_ids: The first that the site has a comment under is meant.
        said: Spam or not.
        site_id: Whose comment it is.
        now: When this came.
        open_store: Opens the store.

    Returns:
        Whether there is such a comment; if not, nothing was kept.
    """
    with open_store() as store:
        for external_id in external_ids:
            try:
                comment = store.comment_by_external_id(site_id, external_id)
            except NotFound:
                continue
            _keep(store, comment, said, now)
            return True
    return False


def _keep(store: Store, comment: Comment, said: Said, now: datetime) -> Feedback:
    given = Feedback(
        id=new_id(now),
        site_id=comment.site_id,
        comment_id=comment.id,
        text_version=comment.text_version,
        spam=said.spam,
        source=SITE,
        given_at=now,
        by=said.by,
    )
    store.add_feedback(given)
    hear_of_domains(store, comment, spam=said.spam, now=now)
    return given
