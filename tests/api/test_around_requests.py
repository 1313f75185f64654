"""Health, metrics, pages, logs, headers: what surrounds the routes of the API."""

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog

from moderation.adapters.coalesced_jobs import CoalescedJobs
from moderation.adapters.rate_limits import RedisLimits
from moderation.adapters.redis_client import make_redis
from moderation.api.app import create_app
from moderation.api.logs import log_json
from moderation.api.problem_types import ALL
from moderation.errors import RateLimited
from moderation.ports.scorer import ScoredText
from moderation.settings import Settings
from tests.api.desk import Desk, open_desk, problem
from tests.fakes import RecordedJobs
from tests.servers import RedisServer
from tests.waiting import eventually


@pytest.fixture
def desk(sqlite_settings: Settings) -> Iterator[Desk]:
    with open_desk(sqlite_settings, max_wait_s=0.1) as desk:
        yield desk


def test_without_redis_the_service_is_ready_but_degraded(desk: Desk) -> None:
    answer = desk.client.get("/readyz")

    assert answer.status_code == 200
    assert answer.get_json() == {
        "status": "degraded",
        "dependencies": {"database": "ok", "schema": "ok", "redis": "down"},
    }
    assert desk.client.get("/healthz").get_json() == {"status": "ok"}


def test_without_its_schema_the_service_is_not_ready(settings_without_schema: Settings) -> None:
    from moderation.bootstrap import build_services  # noqa: PLC0415 - one use

    services = build_services(settings_without_schema)
    answer = create_app(services).test_client().get("/readyz")
    services.close()

    assert answer.status_code == 503
    assert answer.get_json()["dependencies"]["schema"] == "down"


@pytest.fixture
def settings_without_schema(sqlite_settings: Settings) -> Settings:
    folder = sqlite_settings.data_dir / "bare"
    folder.mkdir()
    return sqlite_settings.model_copy(
        update={"data_dir": folder, "redis_url": "redis://127.0.0.1:1/0"}
    )


def test_metrics_tell_what_was_accepted_and_what_waits(desk: Desk) -> None:
    desk.submitted()
    desk.ask("POST", "/v1/comments/batch", {"comments": [{"body": "x"}, {"body": "y"}, {}]})
    desk.ask("GET", "/nothing")

    told = desk.client.get("/metrics").get_data(as_text=True).splitlines()

    assert "moderation_accepted_total 3.0" in told
    assert "moderation_backlog 3.0" in told
    assert 'moderation_http_requests_total{method="GET",status="404"} 1.0' in told
    assert any(line.startswith("moderation_oldest_pending_seconds ") for line in told)


def test_every_schema_that_the_document_points_to_is_in_it(desk: Desk) -> None:
    document = desk.client.get("/openapi.json").get_json()

    pointed = set(re.findall(r"#/components/schemas/([^\"]+)", json.dumps(document)))

    assert "CommentAnswer" in pointed
    assert pointed <= document["components"]["schemas"].keys()


def test_every_problem_has_a_page_and_the_docs_name_every_operation(desk: Desk) -> None:
    for slug, kind in ALL.items():
        assert kind.title in desk.client.get(f"/problems/{slug}").get_data(as_text=True)
    assert problem(desk.client.get("/problems/nonsense")) == (404, "not-found")
    page = desk.client.get("/docs").get_data(as_text=True)
    for path in desk.client.get("/openapi.json").get_json()["paths"]:
        assert path in page
    assert "<script" not in page
    assert "https://" not in page
    assert "<code>Prefer: wait=N</code>" in page
    assert "`" not in page


def test_answers_carry_safe_headers_and_the_request_id_and_no_cookie(desk: Desk) -> None:
    given_id = desk.ask("GET", "/v1/comments", X_Request_Id="abc-1").headers
    made = desk.ask("GET", "/v1/comments", X_Request_Id="a b").headers

    assert given_id["X-Request-Id"] == "abc-1"
    assert made["X-Request-Id"] != "a b"
    assert given_id["X-Content-Type-Options"] == "nosniff"
    assert given_id["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in given_id


def test_a_wait_that_brings_nothing_ends_as_202(desk: Desk) -> None:
    answer = desk.ask("POST", "/v1/comments", {"body": "x"}, Prefer="wait=9")

    assert answer.status_code == 202
    assert answer.headers["Preference-Applied"] == "wait=0.1"


def test_an_unforeseen_error_is_told_and_logged_without_its_message(desk: Desk) -> None:
    class Broken:
        def score(self, text: str, **_: object) -> ScoredText:
            raise RuntimeError(text)

    services = replace(desk.services, instant=Broken())
    desk.client = create_app(services).test_client()
    with structlog.testing.capture_logs() as logs:
        answer = desk.ask("POST", "/v1/score", {"text": "secret words"})

    assert problem(answer) == (500, "internal-error")
    assert logs[0]["kind"] == "RuntimeError"
    assert "secret" not in repr(logs) + answer.get_data(as_text=True)


def test_logs_are_json_lines_without_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        log_json("info")
        try:
            int("secret words")
        except ValueError:
            logging.getLogger("library").exception("it broke")
    finally:
        root.handlers[:], root.level = before
        structlog.reset_defaults()

    [line] = written.getvalue().splitlines()
    told = json.loads(line)
    assert (told["event"], told["error"]) == ("it broke", "ValueError")
    assert "secret" not in line


def test_one_wake_up_serves_all_comments_of_a_moment() -> None:
    jobs = RecordedJobs()
    coalesced = CoalescedJobs(jobs)
    for number in range(1_000):
        coalesced.score(str(number))
    coalesced.deliver()

    eventually(lambda: jobs.scored[-1:] == ["999"])
    assert len(jobs.scored) < 500
    assert jobs.delivered == 1


def test_a_limit_holds_over_processes_and_says_when_it_ends(redis_server: RedisServer) -> None:
    with redis_server.client() as redis:
        limits = [RedisLimits(redis, limit="4/hour") for _ in range(2)]
        for number in range(4):
            limits[number % 2].take("k")
        for process in limits:
            for _ in range(2):
                with pytest.raises(RateLimited) as refused:
                    process.take("k")
                assert 0 < refused.value.retry_after_s <= 3600
        limits[0].take("another key")


def test_a_limit_is_counted_in_memory_while_redis_is_away() -> None:
    redis = make_redis(Settings(redis_url="redis://127.0.0.1:1/0"))
    limits = RedisLimits(redis, limit="40/hour")
    for _ in range(40):
        limits.take("k")

    with pytest.raises(RateLimited):
        limits.take("k")
    redis.close()
