import json
import logging
from importlib import import_module
from pathlib import Path

import pytest
from redis import Redis
from rq.queue import Queue
from rq.registry import FailedJobRegistry

from moderation.adapters import rq_jobs
from moderation.adapters.redis_client import make_redis
from moderation.adapters.rq_jobs import AllowedJob, RqJobs
from moderation.settings import Settings
from tests.servers import RedisServer
from workers.health import Heartbeat, is_alive
from workers.lane_worker import LaneWorker
from workers.stopping import Stop


def lane(redis: Redis, name: str = rq_jobs.SCORING) -> Queue:
    return Queue(name, connection=redis, serializer="json", job_class=AllowedJob)


def work_off(redis: Redis, name: str = rq_jobs.SCORING) -> None:
    LaneWorker(name, redis, stop=Stop(), heartbeat=Heartbeat(redis, name)).work(burst=True)


@pytest.mark.parametrize("path", sorted(rq_jobs.FUNCTIONS))
def test_every_job_name_points_at_a_function(path: str) -> None:
    module, _, name = path.rpartition(".")

    assert callable(getattr(import_module(module), name))


def test_a_wake_up_carries_the_id_and_expires(redis: Redis) -> None:
    RqJobs(redis, job_timeout_s=30).score("c1")

    [job] = lane(redis).jobs
    assert (job.func_name, job.args) == (rq_jobs.SCORE, ["c1"])
    assert (job.result_ttl, job.failure_ttl, job.timeout) == (0, 3600, 30)
    assert job.description == rq_jobs.SCORE
    assert redis.ttl(job.key) > 3600


def test_wake_ups_beyond_a_few_waiting_ones_are_not_enqueued(redis: Redis) -> None:
    jobs = RqJobs(redis, job_timeout_s=30)
    for number in range(100):
        jobs.score(f"c{number}")
        jobs.deliver()

    assert len(lane(redis)) == 4
    assert len(lane(redis, rq_jobs.UPKEEP)) == 1
    assert redis.dbsize() == 8  # five jobs, two lanes and the set of lanes


def test_a_lost_redis_is_logged_and_does_not_fail_the_caller(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    redis = make_redis(Settings(redis_url=redis_server.url))
    jobs = RqJobs(redis, job_timeout_s=30)
    redis_server.kill()

    with caplog.at_level(logging.WARNING):
        jobs.score("c1")

    assert "could not enqueue" in caplog.text
    redis.close()


def forge(redis: Redis, data: object, **fields: str) -> str:
    job = {"data": json.dumps(data), "origin": "scoring", "status": "queued", **fields}
    redis.hset("rq:job:forged", mapping=job)  # type: ignore[arg-type]
    redis.rpush("rq:queue:scoring", "forged")
    return "forged"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(["os.system", None, ["touch {marker}"], {}], id="another function"),
        pytest.param(["workers.jobs.os.system", None, ["touch {marker}"], {}], id="by detour"),
        pytest.param(["system", "os", ["touch {marker}"], {}], id="a method"),
        pytest.param([rq_jobs.SCORE, None, [{"id": 1}], {}], id="an object as an argument"),
        pytest.param([rq_jobs.SCORE, None, [], {"comment_id": "c1"}], id="by keyword"),
        pytest.param("nonsense", id="nonsense"),
        pytest.param([["os.system"], None, [], {}], id="a list as a name"),
    ],
)
def test_a_forged_job_is_refused_and_the_worker_goes_on(
    redis: Redis, tmp_path: Path, data: object
) -> None:
    marker = tmp_path / "ran"
    forged = forge(redis, json.loads(json.dumps(data).replace("{marker}", str(marker))))

    work_off(redis)

    assert not marker.exists()
    assert FailedJobRegistry(queue=lane(redis)).get_job_ids() == [forged]


def test_callbacks_and_webhooks_of_a_forged_job_are_not_even_read(
    redis: Redis, tmp_path: Path
) -> None:
    marker = tmp_path / "ran"
    forge(
        redis,
        [rq_jobs.DELIVER, None, [], {}],
        success_callback_name="os.system",
        failure_callback_name="os.system",
        webhooks=json.dumps([{"url": "http://127.0.0.1:1", "events": ["failed"]}]),
        repeats_left="3",
        repeat_intervals="[0]",
    )
    job = AllowedJob.fetch("forged", connection=redis)

    assert job.success_callback is None
    assert job.failure_callback is None
    assert not job.webhooks
    assert job.repeats_left is None
    assert not marker.exists()


def test_a_worker_leaves_a_sign_of_life(redis: Redis) -> None:
    assert not is_alive(redis, rq_jobs.UPKEEP)

    work_off(redis, rq_jobs.UPKEEP)

    assert is_alive(redis, rq_jobs.UPKEEP)
    assert not is_alive(redis, rq_jobs.SCORING)
