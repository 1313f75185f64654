"""The application as a site sees it, on a store of its own, without Redis."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moderation.api.app import create_app
from moderation.bootstrap import Services, build_services, utc_now
from moderation.domain.policy import Action
from moderation.errors import RateLimited, ScoringUnavailable
from moderation.settings import Settings
from moderation.usecases.keys import issue_key
from moderation.usecases.sites import create_site
from tests.builders import a_decision
from tests.fakes import RecordedJobs


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

    def score(self, text: str, *, language: str | None, timeout_s: float) -> dict[str, float]:
        if self.scores is None:
            raise ScoringUnavailable
        return self.scores


@dataclass
class Clock:
    """The present, moved on by hand."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@dataclass
class Desk:
    """Asks as the site that ``key`` belongs to."""

    services: Services
    client: FlaskClient
    clock: Clock
    key: str = ""
    site_id: str = ""

    def __post_init__(self) -> None:
        new = create_site("Gazette", open_store=self.services.open_store, now=self.services.now())
        self.site_id, self.key = new.site.id, new.issued.secret

    def another_site(self) -> "Desk":
        services = self.services
        new = create_site("Herald", open_store=services.open_store, now=services.now())
        other = replace_desk(self)
        other.site_id, other.key = new.site.id, new.issued.secret
        return other

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


def replace_desk(desk: Desk) -> Desk:
    other = object.__new__(Desk)
    other.services, other.client, other.clock = desk.services, desk.client, desk.clock
    return other


@contextmanager
def open_desk(settings: Settings, **changes: Any) -> Iterator[Desk]:
    nowhere = {"redis_url": "redis://127.0.0.1:1/0", **changes}
    services = build_services(settings.model_copy(update=nowhere))
    clock = Clock()
    services = replace(
        services, jobs=RecordedJobs(), limits=Unlimited(), instant=FixedInstant(), now=clock
    )
    try:
        yield Desk(services, create_app(services).test_client(), clock)
    finally:
        services.close()


def problem(answer: TestResponse) -> tuple[int, str]:
    """Return the status and slug of an answer that must be a problem document."""
    assert answer.content_type == "application/problem+json", answer.get_data()
    document = answer.get_json()
    assert document["status"] == answer.status_code
    return answer.status_code, str(document["type"]).rsplit("/", 1)[-1]
