"""From a client of Perspective to a worker and back, over a real Redis."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from werkzeug.test import TestResponse

from moderation.adapters.metrics import PipelineMetrics
from moderation.adapters.redis_instant import InstantTexts
from moderation.adapters.rq_jobs import LIVE
from moderation.api.app import create_app
from moderation.bootstrap import Services, build_services
from moderation.settings import Settings
from moderation.usecases.sites import create_site
from tests.fakes import WordScorer, german_recognised
from tests.servers import RedisServer
from tests.usecases.newsroom import Newsroom
from tests.waiting import eventually
from workers import context
from workers.health import Heartbeat
from workers.lane_worker import LaneWorker
from workers.stopping import Stop

PRIVATE = "A turnip that nobody may find. Well said \U0001f600!"


@pytest.fixture
def services(sqlite_settings: Settings, redis_server: RedisServer) -> Iterator[Services]:
    changed = {"redis_url": redis_server.url, "redis_timeout_s": 2.0}
    made = build_services(sqlite_settings.model_copy(update=changed))
    yield made
    made.close()


def test_sentences_are_scored_by_a_worker_and_the_text_is_kept_nowhere(
    services: Services, redis_server: RedisServer
) -> None:
    key = create_site("Gazette", open_store=services.open_store, now=services.now()).issued.secret
    scorers = [WordScorer({"turnip": 0.75}, otherwise=0.25, model_hash="f" * 64)]
    judge = replace(Newsroom(services.open_store).judge(scorers), recognise=german_recognised)
    answers: list[TestResponse] = []
    body: dict[str, Any] = {
        "comment": {"text": PRIVATE},
        "requestedAttributes": {"TOXICITY": {}},
        "spanAnnotations": True,
        "doNotStore": True,
    }

    def ask() -> None:
        client = create_app(services).test_client()
        path = "/v1alpha1/comments:analyze"
        answers.append(client.post(path, json=body, query_string={"key": key}))

    with redis_server.client() as redis:
        stop = Stop()
        context.install(
            context.WorkerContext(
                judge=judge,
                text_scorers=scorers,
                instant=InstantTexts(redis, services.privacy),
                metrics=PipelineMetrics(CollectorRegistry()),
                stop=stop,
            )
        )
        thread = threading.Thread(target=ask)
        thread.start()
        eventually(lambda: redis.llen(f"rq:queue:{LIVE}"))
        LaneWorker(LIVE, redis, stop=stop, heartbeat=Heartbeat(redis, LIVE)).work(burst=True)
        thread.join()
        kept = [*redis_server._folder.iterdir(), *services.settings.data_dir.rglob("*")]

    told = answers[0].get_json()["attributeScores"]["TOXICITY"]
    assert [
        (each["begin"], each["end"], each["score"]["value"]) for each in told["spanScores"]
    ] == [
        (0, 30, 0.75),
        (31, 44, 0.25),
    ]
    assert told["summaryScore"]["value"] == 0.75
    assert answers[0].headers["X-Model-Hash"] == "f" * 64
    assert not [path for path in kept if path.is_file() and b"nobody may" in path.read_bytes()]
