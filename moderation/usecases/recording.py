"""The one way a decision enters the record: comment, decision and what is owed, together."""

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision
from moderation.domain.delivery import Delivery
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
    listening = [hook for hook in store.webhooks(comment.site_id) if hook.disabled_at is None]
    body = delivery_body(comment, decision) if listening else ""
    for webhook in listening:
        store.add_delivery(
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
        )
    return len(listening)
