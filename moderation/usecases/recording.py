"""The one way a decision enters the record: comment, decision and what is owed, together."""

from collections.abc import Sequence

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision
from moderation.domain.delivery import Delivery, Webhook
from moderation.domain.delivery_body import delivery_body
from moderation.identifiers import new_id
from moderation.ports.store import Store


def record_with_deliveries(store: Store, comment: Comment, decision: Decision) -> int:
    """Write the decided comment, its decision, and a delivery to each enabled webhook.

    All of it joins the caller's transaction. Every delivery carries the same body. Call
    ``jobs.deliver()`` after the commit; a nudge that is lost is made up for by the sweep.

    Args:
        store: Open for writing.
        comment: As the decision leaves it: one version above the stored one.
        decision: Its ``comment_version`` is the comment's version.

    Returns:
        How many deliveries are owed now.

    Raises:
        EditConflict: Somebody changed the comment since it was read; nothing was written.
    """
    store.save(comment)
    store.record(decision)
    owed = _deliveries(comment, decision, _listening(store, comment.site_id))
    for delivery in owed:
        store.add_delivery(delivery)
    return len(owed)


def record_judged(store: Store, judged: Sequence[tuple[Comment, Decision]]) -> tuple[set[str], int]:
    """Write many as `record_with_deliveries` writes one, in few statements.

    Returns:
        The ids of the comments written, and how many deliveries are owed for them. A comment
        that somebody changed since it was read is left out.
    """
    written = {comment.id for comment in store.save_judged(judged)}
    kept = [(comment, decision) for comment, decision in judged if comment.id in written]
    listening = {site_id: _listening(store, site_id) for site_id in {c.site_id for c, _ in kept}}
    owed = [
        delivery
        for comment, decision in kept
        for delivery in _deliveries(comment, decision, listening[comment.site_id])
    ]
    if owed:
        store.add_deliveries(owed)
    return written, len(owed)


def _listening(store: Store, site_id: str) -> list[Webhook]:
    return [webhook for webhook in store.webhooks(site_id) if webhook.disabled_at is None]


def _deliveries(
    comment: Comment, decision: Decision, listening: Sequence[Webhook]
) -> list[Delivery]:
    body = delivery_body(comment, decision) if listening else ""
    return [
        Delivery(
            id=new_id(decision.decided_at),
            site_id=comment.site_id,
            webhook_id=webhook.id,
            comment_id=comment.id,
            comment_version=comment.version,
            body=body,
            created_at=decision.decided_at,
            next_attempt_at=decision.decided_at,
        )
        for webhook in listening
    ]
