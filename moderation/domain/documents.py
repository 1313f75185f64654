"""Sites, keys, moderators, webhooks and messages as JSON, for those who manage them.

No secret, no digest and no password hash is ever part of a document; whoever made a secret
shows it once beside it.
"""

from datetime import datetime
from typing import Any

from moderation.domain.decision import Decision
from moderation.domain.delivery import Delivery, Webhook
from moderation.domain.site import Key, Moderator, Site
from moderation.domain.verdict import Reason

Document = dict[str, Any]


def site_document(site: Site) -> Document:
    """Return the document of a site."""
    return {"id": site.id, "name": site.name, "created_at": moment(site.created_at)}


def key_document(key: Key) -> Document:
    """Return a key's document; ``prefix`` is how its secret begins."""
    return {
        "id": key.id,
        "prefix": key.prefix,
        "site_id": key.site_id,
        "moderator_id": key.moderator_id,
        "created_at": moment(key.created_at),
        "expires_at": moment(key.expires_at),
    }


def moderator_document(moderator: Moderator) -> Document:
    """Return the document of a moderator."""
    return {
        "id": moderator.id,
        "email": moderator.email,
        "name": moderator.name,
        "site_ids": sorted(moderator.site_ids),
        "active": moderator.active,
        "created_at": moment(moderator.created_at),
    }


def webhook_document(webhook: Webhook) -> Document:
    """Return a webhook's document; ``secrets`` tells when each ends, newest first."""
    return {
        "id": webhook.id,
        "site_id": webhook.site_id,
        "url": webhook.url,
        "enabled": webhook.disabled_at is None,
        "disabled_at": moment(webhook.disabled_at),
        "created_at": moment(webhook.created_at),
        "secrets": [{"expires_at": moment(secret.expires_at)} for secret in webhook.secrets],
    }


def delivery_document(delivery: Delivery) -> Document:
    """Return the document of one message owed to a webhook."""
    return {
        "id": delivery.id,
        "webhook_id": delivery.webhook_id,
        "comment_id": delivery.comment_id,
        "comment_version": delivery.comment_version,
        "status": delivery.status.value,
        "attempts": delivery.attempts,
        "last_error": delivery.last_error,
        "created_at": moment(delivery.created_at),
        "next_attempt_at": moment(delivery.next_attempt_at),
        "settled_at": moment(delivery.settled_at),
    }


def decision_document(decision: Decision) -> Document:
    """Return the document of a decision with all that it rests on."""
    return {
        "id": decision.id,
        "comment_id": decision.comment_id,
        "version": decision.comment_version,
        "text_version": decision.text_version,
        "action": decision.action.name.lower(),
        "before": decision.before.value,
        "decided_by": decision.decided_by,
        "decided_at": moment(decision.decided_at),
        "reasons": [reason_document(reason) for reason in decision.reasons],
        "scores": dict(decision.scores),
        "policy_version": decision.policy_version,
        "model_hash": decision.model_hash,
        "code_version": decision.code_version,
        "note": decision.note,
    }


def reason_document(reason: Reason) -> Document:
    """Return the document of one reason of a decision."""
    return {
        "code": reason.code,
        "action": reason.action.name.lower(),
        "text": reason.text,
        "signal": reason.signal,
        "score": reason.score,
        "at_least": reason.at_least,
    }


def moment(at: datetime | None) -> str | None:
    """Return a time as RFC 3339, or None for none."""
    return None if at is None else at.isoformat()
