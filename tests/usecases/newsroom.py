"""A site with a policy, and a judge for it, on a store of the test's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moderation.domain.comment import Article, Author, Comment
from moderation.domain.delivery import Webhook, WebhookSecret
from moderation.domain.site import Site
from moderation.identifiers import new_id
from moderation.ports.language import RecogniseLanguage, recognise_none
from moderation.ports.marking import NoWords, WordMarker
from moderation.ports.scorer import Scorer
from moderation.ports.store import OpenStore
from moderation.usecases.evidence import WordMatchers
from moderation.usecases.judge import Judge, Limits
from tests.fakes import RecordedJobs

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
POLICY: Mapping[str, Any] = {
    "rules": [
        {"signal": "toxicity", "at_least": 0.5, "action": "hold"},
        {"signal": "toxicity", "at_least": 0.9, "action": "reject"},
    ],
    "required": ["toxicity"],
}


@dataclass
class Clock:
    """Stands still unless it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Newsroom:
    """One site. Comments are received a second apart, so that the oldest is known."""

    open_store: OpenStore
    clock: Clock = field(default_factory=Clock)
    jobs: RecordedJobs = field(default_factory=RecordedJobs)
    site_id: str = field(default_factory=lambda: new_id(NOW))

    def __post_init__(self) -> None:
        with self.open_store() as store:
            store.add_site(Site(id=self.site_id, name="The Gazette", created_at=NOW))
        self.policy(POLICY)

    def policy(self, document: Mapping[str, Any]) -> int:
        with self.open_store() as store:
            return store.add_policy(self.site_id, document, by="test", now=self.clock())

    def receive(
        self,
        body: str = "hello",
        *,
        author_id: str | None = None,
        section: str | None = None,
        **fields: Any,
    ) -> Comment:
        self.clock.pass_by(seconds=1)
        comment = Comment(
            id=new_id(self.clock()),
            site_id=self.site_id,
            body=body,
            received_at=self.clock(),
            author=Author(id=author_id),
            article=Article(id="a1", section=section),
            **fields,
        )
        with self.open_store() as store:
            store.add_comment(comment)
        return comment

    def webhook(self, *, disabled: bool = False) -> Webhook:
        webhook = Webhook(
            id=new_id(self.clock()),
            site_id=self.site_id,
            url="https://gazette.example/hook",
            secrets=(WebhookSecret("whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="),),
            created_at=self.clock(),
            disabled_at=self.clock() if disabled else None,
        )
        with self.open_store() as store:
            store.add_webhook(webhook)
            store.save_webhook(webhook)
        return webhook

    def judge(
        self,
        scorers: Sequence[Scorer],
        *,
        recognise: RecogniseLanguage = recognise_none,
        marker: WordMarker | None = None,
        **limits: Any,
    ) -> Judge:
        bounds: dict[str, Any] = {
            "lease": timedelta(seconds=15),
            "batch_size": 32,
            "max_attempts": 3,
        }
        return Judge(
            scorers=scorers,
            recognise=recognise,
            open_store=self.open_store,
            jobs=self.jobs,
            clock=self.clock,
            limits=Limits(**(bounds | limits)),
            matchers=WordMatchers(),
            marker=marker or NoWords(),
        )

    def look_at(self, comment: Comment) -> Comment:
        with self.open_store(reading=True) as store:
            return store.comment(self.site_id, comment.id)
