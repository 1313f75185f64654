"""Domain values for tests: complete, distinct, and made by saying only what matters."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from moderation.domain.comment import Article, Author, Comment, Status
from moderation.domain.decision import POLICY, Decision
from moderation.domain.delivery import Delivery, Webhook, WebhookSecret
from moderation.domain.policy import Action
from moderation.domain.signal import Span
from moderation.domain.site import Key, Moderator, Site
from moderation.domain.verdict import Reason
from moderation.identifiers import new_id

NOW = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)

_seconds = count()


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def a_site(name: str = "gazette") -> Site:
    return Site(id=new_id(NOW), name=name, created_at=NOW)


def a_comment(site: Site, body: str = "Well said.", **known: Any) -> Comment:
    """Return a pending comment, received a second after the one made before."""
    received_at = known.pop("received_at", None) or later(next(_seconds))
    return Comment(
        id=new_id(received_at), site_id=site.id, body=body, received_at=received_at, **known
    )


def a_full_comment(site: Site, **known: Any) -> Comment:
    """Return a pending comment with every field set."""
    return a_comment(
        site,
        external_id=f"ext-{next(_seconds)}",
        article=Article(id="a1", url="https://news.example/a1", title="Talks", section="world"),
        author=Author(id="u1", name="Ann", email_hash="e" * 64, url="https://ann.example"),
        ip_hash="f" * 64,
        user_agent="Browser/1.0",
        referrer="https://search.example",
        language="en",
        honeypot=True,
        form_seconds=12.5,
        created_at=NOW,
        **known,
    )


def a_decision(comment: Comment, action: Action = Action.HOLD, **known: Any) -> Decision:
    """Return the decision that produced *comment* in its present version."""
    return Decision(
        id=new_id(NOW),
        site_id=comment.site_id,
        comment_id=comment.id,
        comment_version=comment.version,
        text_version=comment.text_version,
        action=action,
        before=known.pop("before", Status.PENDING),
        decided_by=known.pop("decided_by", POLICY),
        decided_at=NOW,
        reasons=(
            Reason(
                code="toxicity>=0.60",
                action=action,
                text="toxicity 0.71 is at or above 0.60",
                signal="toxicity",
                score=0.71,
                at_least=0.6,
            ),
        ),
        scores={"toxicity": 0.71, "insult": 0.125},
        spans=(Span(0, 4, "slurs"),),
        policy_version=1,
        model_hash="a" * 64,
        code_version="0.1.0",
        **known,
    )


def a_webhook(site: Site, **known: Any) -> Webhook:
    return Webhook(
        id=new_id(NOW),
        site_id=site.id,
        url="https://site.example/hook",
        secrets=(WebhookSecret("sealed-1"), WebhookSecret("sealed-0", later(60))),
        created_at=NOW,
        **known,
    )


def a_delivery(comment: Comment, webhook: Webhook, **known: Any) -> Delivery:
    return Delivery(
        id=new_id(NOW),
        site_id=comment.site_id,
        webhook_id=webhook.id,
        comment_id=comment.id,
        comment_version=known.pop("comment_version", comment.version),
        body=known.pop("body", '{"type": "comment.decided"}'),
        created_at=NOW,
        next_attempt_at=known.pop("next_attempt_at", NOW),
        **known,
    )


def a_moderator(*sites: Site, email: str = "mod@gazette.example") -> Moderator:
    return Moderator(
        id=new_id(NOW),
        email=email,
        name="Mo",
        password_hash="$argon2id$v=19$…",  # noqa: S106 - a made-up hash
        site_ids=frozenset(site.id for site in sites),
        created_at=NOW,
    )


def a_key(prefix: str = "cmsite_0123456789ab", **owner: Any) -> Key:
    return Key(id=new_id(NOW), prefix=prefix, digest="d" * 64, created_at=NOW, **owner)
