"""Worker processes, as they are started in production, but with scorers of the tests'."""

import os

import pytest

from moderation.adapters import rq_jobs
from moderation.domain.comment import Status
from tests.servers import RedisServer
from tests.waiting import eventually
from tests.workers.service import Workers

TEST_WORKER = "tests.chaos.worker_process"
SIGTERMS = int(os.environ.get("CHAOS_SIGTERMS", "10"))


def test_a_submitted_comment_is_decided_on_either_database(workers_on_both: Workers) -> None:
    workers = workers_on_both
    workers.start(TEST_WORKER, "fickle")

    comments = workers.submit(*["hello"] * 20)

    workers.all_decided(within_s=15)
    assert set(workers.decisions(comments).values()) == {1}


def test_a_comment_whose_wake_up_was_lost_is_found_by_the_sweep(workers: Workers) -> None:
    workers.start(TEST_WORKER, "fickle")
    workers.start("workers", "upkeep")
    comments = workers.submit("hello", wake=False)

    workers.all_decided(within_s=15)
    assert workers.decisions(comments).total() == 1


def test_without_the_sweep_a_lost_wake_up_loses_the_comment(workers: Workers) -> None:
    """The negative control of the test before: it can fail."""
    workers.start(TEST_WORKER, "fickle")
    [lost] = workers.submit("hello", wake=False)

    [asked] = workers.submit("hello")
    # A job judges whatever is pending, so the lost one is found only if somebody asks.
    eventually(lambda: workers.status(asked) is not Status.PENDING)
    eventually(lambda: workers.status(lost) is not Status.PENDING)
    eventually(workers.idle)  # else the same job would find the next one, too
    [later] = workers.submit("hello", wake=False)

    with pytest.raises(AssertionError):
        eventually(lambda: workers.status(later) is not Status.PENDING, within_s=3)


def test_wiping_redis_under_load_delays_comments_and_loses_none(
    workers: Workers, redis_server: RedisServer
) -> None:
    workers.start(TEST_WORKER, "slow")
    workers.start("workers", "upkeep")
    comments = []
    for _ in range(6):
        comments += workers.submit(*["hello"] * 20)
        redis_server.wipe()

    workers.all_decided(within_s=30)
    assert set(workers.decisions(comments).values()) == {1}


def test_a_comment_that_kills_its_worker_is_held_and_the_others_are_decided(
    workers: Workers,
) -> None:
    worker = workers.start(TEST_WORKER, "mortal")
    workers.start("workers", "upkeep")
    bodies = ["hello"] * 100
    bodies[37] = "a poison pill"
    comments = workers.submit(*bodies)

    def all_decided() -> bool:
        if not worker.running:
            worker.start()
        return not workers.pending()

    eventually(all_decided, within_s=60)

    poisoned = comments[37]
    with workers.services.open_store(reading=True) as store:
        [decision] = store.decisions(workers.site.id, poisoned.id)
    assert workers.status(poisoned) is Status.HELD
    assert [reason.code for reason in decision.reasons] == ["scoring_failed"]
    innocent = [c for c in comments if c is not poisoned]
    assert set(workers.decisions(innocent).values()) == {1}
    with workers.services.open_store(reading=True) as store:
        latest = store.latest_decisions([comment.id for comment in innocent])
    assert not [d for d in latest.values() if d.reasons and d.reasons[0].code == "scoring_failed"]


@pytest.mark.chaos
def test_a_worker_told_to_end_finishes_its_job_and_strands_nothing(workers: Workers) -> None:
    """No sweep runs here: what a stopped worker leaves must have been asked for again."""
    comments = []
    worker = workers.start(TEST_WORKER, "slow")
    for _ in range(SIGTERMS):
        comments += workers.submit(*["hello"] * 10)
        eventually(lambda: workers.pending() < 10, within_s=20)
        worker.terminate()
        assert worker.exit_code() == 0
        worker.start()

    workers.all_decided(within_s=30)
    assert set(workers.decisions(comments).values()) == {1}


@pytest.mark.parametrize("lane", rq_jobs.LANES)
def test_an_idle_process_ends_with_0_when_told_to(workers: Workers, lane: str) -> None:
    command = ["workers", lane] if lane == rq_jobs.UPKEEP else [TEST_WORKER, "fickle", lane]
    worker = workers.start(*command)
    health = workers.start("workers", "health", lane)
    assert health.exit_code() in {0, 1}

    def is_healthy() -> bool:
        health.start()
        return health.exit_code() == 0

    eventually(is_healthy, within_s=20)
    worker.terminate()

    assert worker.exit_code(5) == 0


def test_workers_outlast_redis_and_take_up_their_work(
    workers: Workers, redis_server: RedisServer
) -> None:
    worker = workers.start(TEST_WORKER, "fickle")
    upkeep = workers.start("workers", "upkeep")
    workers.submit("hello")
    workers.all_decided(within_s=15)

    redis_server.kill()
    comments = workers.submit("hello", "again")
    redis_server.start()

    workers.all_decided(within_s=30)
    assert set(workers.decisions(comments).values()) == {1}
    assert (worker.running, upkeep.running) == (True, True)
