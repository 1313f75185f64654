"""The application as a site sees it, on a store of its own, without Redis."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moderation.adapters.sql_store import metadata
from moderation.api.app import create_app
from moderation.bootstrap import Services, build_services, utc_now
from moderation.domain.comment import Comment
from moderation.domain.policy import Action
from moderation.domain.signal import Span
from moderation.errors import RateLimited, ScoringUnavailable
from moderation.ports.scorer import PLAIN, ScoredText, Wanted
from moderation.settings import Settings
from moderation.usecases.keys import issue_key
from moderation.usecases.sites import create_site
from tests.builders import a_decision
from tests.fakes import RecordedJobs
from tests.usecases.given import PASSWORDS


@dataclass
class Unlimited:
    """``ports.Limits`` that refuses when told to."""

    refusing: bool = False

    def take(self, key_id: str) -> None:
        if self.refusing:
            raise RateLimited(7)


@dataclass
class FixedInstant:
    """``ports.InstantScoring`` with one answer; None: nobody answers."""

    scores: dict[str, float] | None = field(default_factory=lambda: {"toxicity": 0.25})
    spans: tuple[Span, ...] = ()

    def score(
        self, text: str, *, language: str | None, timeout_s: float, wanted: Wanted = PLAIN
    ) -> ScoredText:
        if self.scores is None:
            raise ScoringUnavailable
        return ScoredText(self.scores, self.spans)


@dataclass
class FixedChecks:
    """``ports.InstantChecking`` with one answer, or none in time; remembers what was asked."""

    action: Action | None = Action.APPROVE
    late: bool = False
    asked: list[Comment] = field(default_factory=list)

    def check(self, comment: Comment, *, timeout_s: float) -> Action | None:
        self.asked.append(comment)
        if self.late:
            raise ScoringUnavailable
        return self.action


@dataclass
class Clock:
    """The present, moved on by hand; it may be stopped."""

    ahead: timedelta = timedelta()
    stopped_at: datetime | None = None

    def __call__(self) -> datetime:
        return (self.stopped_at or utc_now()) + self.ahead


@dataclass(frozen=True)
class Service:
    """The application with stand-ins for all that is not the store."""

    services: Services
    client: FlaskClient
    clock: Clock
    jobs: RecordedJobs
    limits: Unlimited
    instant: FixedInstant
    checks: FixedChecks

    def begin_again(self) -> None:
        """Empty the store, and let the stand-ins be as they were."""
        with closing(sqlite3.connect(self.services.settings.data_dir / "moderation.db")) as file:
            file.execute("PRAGMA synchronous = OFF")
            for table in metadata.tables:
                file.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
            file.commit()
        self.clock.ahead, self.clock.stopped_at = timedelta(), None
        self.jobs.scored.clear()
        self.limits.refusing = False
        self.instant.scores = FixedInstant().scores
        self.checks.action, self.checks.late = Action.APPROVE, False
        self.checks.asked.clear()


@dataclass
class Desk:
    """Asks as the site that ``key`` belongs to."""

    services: Services
    client: FlaskClient
    clock: Clock
    site_id: str
    key: str

    def another_site(self, name: str = "Herald") -> "Desk":
        return desk_of(name, self.services, self.client, self.clock)

    def a_key(self, **holder: str) -> str:
        with self.services.open_store() as store:
            return issue_key(store, now=self.services.now(), **holder).secret

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Authorization", f"Bearer {self.key}")
        if body is None:
            return self.client.open(path, method=method, headers=named)
        return self.client.open(path, method=method, json=body, headers=named)

    def raw(self, method: str, path: str, data: bytes, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Authorization", f"Bearer {self.key}")
        named.setdefault("Content-Type", "application/json")
        return self.client.open(path, method=method, data=data, headers=named)

    def submitted(self, body: str = "A fair point", **more: Any) -> str:
        answer = self.ask("POST", "/v1/comments", {"body": body, **more})
        assert answer.status_code == 202, answer.get_data()
        return str(answer.get_json()["id"])

    def judge(self, comment_id: str, action: Action = Action.APPROVE) -> None:
        with self.services.open_store() as store:
            comment = store.comment(self.site_id, comment_id)
            judged = comment.judged(action, risk=0.5, now=self.services.now())
            store.save(judged)
            store.record(a_decision(judged, action))


def desk_of(name: str, services: Services, client: FlaskClient, clock: Clock) -> Desk:
    """Make a site and return its desk."""
    new = create_site(name, open_store=services.open_store, now=services.now())
    return Desk(services, client, clock, new.site.id, new.issued.secret)


@contextmanager
def open_service(settings: Settings, **changes: Any) -> Iterator[Service]:
    """Build the application with *changes* of its settings."""
    nowhere = {"redis_url": "redis://127.0.0.1:1/0", **changes}
    services = build_services(settings.model_copy(update=nowhere))
    clock, jobs, limits, instant = Clock(), RecordedJobs(), Unlimited(), FixedInstant()
    checks = FixedChecks()
    services = replace(
        services,
        jobs=jobs,
        limits=limits,
        instant=instant,
        checks=checks,
        now=clock,
        passwords=PASSWORDS,
    )
    try:
        client = create_app(services).test_client()
        yield Service(services, client, clock, jobs, limits, instant, checks)
    finally:
        services.close()


@contextmanager
def open_desk(settings: Settings, **changes: Any) -> Iterator[Desk]:
    """Build the application with *changes* of its settings, for one site."""
    with open_service(settings, **changes) as service:
        yield desk_of("Gazette", service.services, service.client, service.clock)


def problem(answer: TestResponse) -> tuple[int, str]:
    """Return the status and slug of an answer that must be a problem document."""
    assert answer.content_type == "application/problem+json", answer.get_data()
    document = answer.get_json()
    assert document["status"] == answer.status_code
    return answer.status_code, str(document["type"]).rsplit("/", 1)[-1]
