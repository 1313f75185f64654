"""Doing a request once, however often it is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from moderation.errors import BacklogFull, IdempotencyInProgress, IdempotencyKeyReused
from moderation.ports.store import Answer, Store

BACKLOG_RETRY_S: Final = 10
"""When to try again once the backlog is full."""

_KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """A request that is to be done once. ``fingerprint`` tells it from any other request."""

    site_id: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the site is answered, exactly, now and whenever the request comes again."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Replied:
    """A reply, and whether it was given before to the same request."""

    reply: Reply
    comment_id: str | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What surrounds the thing that a site asks for.

    ``room`` says whether the backlog leaves room for one more comment to be judged.
    """

    site_id: str
    now: datetime
    room: bool = True
    once: Once | None = None


def reserve(
    store: Store,
    once: Once,
    *,
    now: datetime,
    reply: Reply | None = None,
    comment_id: str | None = None,
    in_flight_until: datetime | None = None,
) -> Answer | None:
    """Take the key in this transaction, so that it stands and falls with what the request does.

    Args:
        store: Inside the transaction that does it.
        once: The request.
        now: The present.
        reply: The answer, where it is known already; else ``finish_answer`` brings it.
        comment_id: The comment that the answer is about.
        in_flight_until: Until when others are told that the answer is still to come; after
            that, its process must have died.

    Returns:
        The earlier answer, to be given again; None if there is none and the request is to
        be done now. An earlier answer without a body was never finished.

    Raises:
        IdempotencyKeyReused: The key stands for a different request.
        IdempotencyInProgress: The first request has not been answered yet.
    """
    earlier = store.answer(once.site_id, once.key, now=now)
    if earlier is None:
        mine = Answer(
            fingerprint=once.fingerprint,
            comment_id=comment_id,
            status=None if reply is None else reply.status,
            body=None if reply is None else reply.body,
            in_flight_until=in_flight_until or now,
        )
        if store.begin_answer(once.site_id, once.key, mine, expires_at=now + _KEPT):
            return None
        earlier = store.answer(once.site_id, once.key, now=now)
    if earlier is None:  # whoever was faster has gone again
        raise IdempotencyInProgress
    if earlier.fingerprint != once.fingerprint:
        raise IdempotencyKeyReused
    if earlier.body is None and now < earlier.in_flight_until:
        raise IdempotencyInProgress
    return earlier


def replayed(earlier: Answer) -> Replied:
    """Return an earlier answer to be given again, which was finished."""
    return Replied(Reply(earlier.status or 0, earlier.body or ""), earlier.comment_id, True)


def earlier_reply(store: Store, request: Request) -> Replied | None:
    """Reserve the request's key, if it has one; its answer is brought by ``finish``.

    Returns:
        The reply to give again; None if the request is to be done now.

    Raises:
        BacklogFull: It is new, and there is no room for what it brings.
        IdempotencyKeyReused, IdempotencyInProgress: See ``reserve``.
    """
    earlier = None
    if request.once is not None:
        earlier = reserve(store, request.once, now=request.now)
    if earlier is not None:
        return replayed(earlier)
    if not request.room:
        raise BacklogFull(BACKLOG_RETRY_S)
    return None


def finish(store: Store, once: Once | None, reply: Reply) -> None:
    """Keep the answer of a request that is being done once."""
    if once is not None:
        store.finish_answer(once.site_id, once.key, status=reply.status, body=reply.body)
