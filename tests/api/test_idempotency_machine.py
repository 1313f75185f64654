"""Promise 2 against a model: whatever sites send, in whatever order, each request is done once."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from werkzeug.test import TestResponse

from moderation.api.app import create_app
from moderation.bootstrap import utc_now
from moderation.settings import Settings
from tests.api.desk import Service, desk_of, open_service, problem
from tests.fakes import RecordedJobs

DAY = timedelta(hours=24)
TEN = timedelta(seconds=10)
WAIT_S = 0.001
EXAMPLES = int(os.environ.get("FUZZ_CASES", "240")) // 30
_numbers = count()

keys = st.sampled_from(["k1", "k2", "k3"])
texts = st.sampled_from(["x", "y"])


class Killed(BaseException):
    """The process ends here, as by ``kill -9``."""


@dataclass
class Interrupted(RecordedJobs):
    """``ports.Jobs`` in which something else happens once a comment was stored."""

    meanwhile: Callable[[], None] | None = None

    def score(self, comment_id: str) -> None:
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()


@dataclass(frozen=True)
class Kept:
    """What a key stands for: a request, and its answer unless a process died with it."""

    request: tuple[str, str, str]
    expires_at: datetime
    status: int
    body: bytes
    location: str | None
    in_flight_until: datetime | None = None


class Sites(RuleBasedStateMachine):
    """Two sites that send under few keys, on days that pass quickly."""

    def __init__(self, service: Service, jobs: Interrupted) -> None:
        super().__init__()
        self.clock = service.clock
        self.service = service
        self.jobs = jobs
        self.kept: dict[tuple[int, str], Kept] = {}

    @initialize()
    def open_two_sites(self) -> None:
        self.clock.stopped_at, self.clock.ahead = utc_now(), timedelta()
        self.sites = [
            desk_of(
                f"site {next(_numbers)}", self.service.services, self.service.client, self.clock
            )
            for _ in range(2)
        ]
        self.comments = [0, 0]
        self.edited = [desk.submitted("first") for desk in self.sites]

    @rule(site=st.integers(0, 1), key=keys, text=texts)
    def submit(self, site: int, key: str, text: str) -> None:
        self.sends(site, key, ("POST", "/v1/comments", text), brings=1)

    @rule(site=st.integers(0, 1), key=keys, text=texts)
    def submit_two(self, site: int, key: str, text: str) -> None:
        self.sends(site, key, ("POST", "/v1/comments/batch", text), brings=2)

    @rule(site=st.integers(0, 1), key=keys, text=texts)
    def edit(self, site: int, key: str, text: str) -> None:
        self.sends(site, key, ("PATCH", f"/v1/comments/{self.edited[site]}", text), brings=0)

    @rule(site=st.integers(0, 1), key=keys)
    def send_nonsense(self, site: int, key: str) -> None:
        """What is refused leaves the key as it was."""
        answer = self.sites[site].ask("POST", "/v1/comments", {"body": ""}, Idempotency_Key=key)
        assert problem(answer) == (422, "validation-error")

    @rule(site=st.integers(0, 1), key=keys, text=texts, dies=st.booleans())
    def wait(self, site: int, key: str, text: str, *, dies: bool) -> None:
        """Others send under the same key while a request waits for its decision."""
        request = ("POST", "/v1/comments", text)
        if self.stands_for(site, key) is not None:
            self.sends(site, key, request, brings=1)
            return
        seen: list[TestResponse] = []

        def meanwhile() -> None:
            seen.extend(self.ask(site, key, ("POST", "/v1/comments", each)) for each in "xy")
            if dies:
                raise Killed

        before = {each["id"] for each in self.listed(site)}
        self.jobs.meanwhile = meanwhile
        now = self.clock()
        try:
            answer = self.ask(site, key, request, Prefer="wait=1")
        except Killed:
            answer = None
        same, other = seen if text == "x" else reversed(seen)
        assert problem(same) == (409, "idempotency-in-progress")
        assert problem(other) == (422, "idempotency-key-reused")
        self.comments[site] += 1
        location: str | None
        if answer is None:
            # Not the first listed: ids of one millisecond are in any order.
            [newest] = [each for each in self.listed(site) if each["id"] not in before]
            body = b'{"id":"%b","status":"pending"}' % newest["id"].encode()
            status, location = 202, f"/v1/comments/{newest['id']}"
        else:
            body, status, location = told(answer)
        until = now + timedelta(seconds=WAIT_S) + TEN
        self.kept[site, key] = Kept(
            request, now + DAY, status, body, location, until if dies else None
        )

    @rule(passed=st.sampled_from([TEN, DAY / 2, DAY - TEN, DAY]))
    def let_time_pass(self, passed: timedelta) -> None:
        self.clock.ahead += passed

    @rule()
    def sweep(self) -> None:
        with self.service.services.open_store() as store:
            store.drop_answers(now=self.clock())

    def teardown(self) -> None:
        for site, wanted in enumerate(self.comments):
            assert len(self.listed(site)) == wanted + 1

    def sends(self, site: int, key: str, request: tuple[str, str, str], *, brings: int) -> None:
        """Send a request and compare its answer with what the key stands for."""
        known = self.stands_for(site, key)
        answer = self.ask(site, key, request)
        if known is None:
            assert answer.status_code in {200, 202}
            assert "Idempotent-Replayed" not in answer.headers
            body, status, location = told(answer)
            expires_at = self.clock() + DAY
            self.kept[site, key] = Kept(request, expires_at, status, body, location)
            self.comments[site] += brings
        elif known.request != request:
            assert problem(answer) == (422, "idempotency-key-reused")
        elif known.in_flight_until is not None and self.clock() < known.in_flight_until:
            assert problem(answer) == (409, "idempotency-in-progress")
            assert answer.headers["Retry-After"]
        else:
            assert told(answer) == (known.body, known.status, known.location)
            assert answer.headers["Idempotent-Replayed"] == "true"

    def stands_for(self, site: int, key: str) -> Kept | None:
        known = self.kept.get((site, key))
        return known if known is not None and self.clock() < known.expires_at else None

    def ask(
        self, site: int, key: str, request: tuple[str, str, str], **headers: str
    ) -> TestResponse:
        method, path, text = request
        comment = {"body": text}
        body = {"comments": [comment, comment]} if path.endswith("batch") else comment
        return self.sites[site].ask(method, path, body, Idempotency_Key=key, **headers)

    def listed(self, site: int) -> list[dict[str, Any]]:
        shown = self.sites[site].ask("GET", "/v1/comments?limit=100").get_json()
        comments: list[dict[str, Any]] = shown["comments"]
        return comments


def told(answer: TestResponse) -> tuple[bytes, int, str | None]:
    return answer.get_data(), answer.status_code, answer.headers.get("Location")


def test_every_request_under_a_key_is_done_once_whatever_else_happens(
    store_settings: Settings,
) -> None:
    with open_service(store_settings, max_wait_s=WAIT_S) as opened:
        jobs = Interrupted()
        services = replace(opened.services, jobs=jobs)
        service = replace(opened, services=services, client=create_app(services).test_client())
        run_machine(
            lambda: Sites(service, jobs),  # type: ignore[arg-type]  # is called, no more
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
