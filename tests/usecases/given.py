"""What tests of managing and reviewing begin with: a site, a moderator, a held comment."""

from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher

from moderation.adapters.argon2_passwords import Argon2Passwords
from moderation.adapters.privacy import KeyedPrivacy
from moderation.domain.comment import Comment
from moderation.domain.decision import POLICY, Decision
from moderation.domain.policy import Action
from moderation.domain.signal import Span
from moderation.domain.site import Moderator
from moderation.domain.verdict import Reason
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore
from moderation.usecases.moderators import create_moderator
from moderation.usecases.recording import record_with_deliveries
from moderation.usecases.sites import NewSite, create_site

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PRIVACY = KeyedPrivacy("a secret for tests, of at least 32 characters")
PASSWORDS = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD = "correct horse battery"  # noqa: S105 - opens nothing


class CountedJobs:
    """``ports.Jobs`` that remembers what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def score(self, comment_id: str) -> None:
        self.asked.append(comment_id)

    def deliver(self) -> None:
        self.asked.append("deliver")


def a_site(open_store: OpenStore, name: str = "Gazette", *, at: datetime = NOW) -> NewSite:
    return create_site(name, open_store=open_store, now=at)


def a_moderator(
    open_store: OpenStore, *site_ids: str, email: str = "ann@gazette.example"
) -> Moderator:
    return create_moderator(
        email,
        name="Ann",
        password=PASSWORD,
        site_ids=site_ids,
        open_store=open_store,
        passwords=PASSWORDS,
        now=NOW,
    )


def a_comment(
    open_store: OpenStore,
    site_id: str,
    *,
    body: str = "What a turnip you are",
    risk: float | None = 0.7,
    action: Action = Action.HOLD,
    at: datetime = NOW,
    external_id: str | None = None,
    spans: tuple[Span, ...] = (),
) -> Comment:
    """Store a comment; it stays pending if *risk* is None, else the policy has decided it."""
    pending = Comment(
        id=new_id(at), site_id=site_id, body=body, received_at=at, external_id=external_id
    )
    with open_store() as store:
        store.add_comment(pending)
        if risk is None:
            return pending
        judged = pending.judged(action, risk=risk, now=at + timedelta(seconds=1))
        record_with_deliveries(
            store,
            judged,
            Decision(
                id=new_id(at + timedelta(seconds=1)),
                site_id=site_id,
                comment_id=pending.id,
                comment_version=judged.version,
                text_version=1,
                action=action,
                before=pending.status,
                decided_by=POLICY,
                decided_at=at + timedelta(seconds=1),
                reasons=(Reason(code="toxicity>=0.60", action=action, text="toxicity 0.70"),),
                scores={"toxicity": risk, "link_density": 0.0},
                spans=spans,
                policy_version=1,
                model_hash="ab" * 32,
                code_version="0.1.0",
            ),
        )
        return judged
