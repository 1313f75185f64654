"""Wake-ups for the workers, over RQ: by name, so that nothing here imports them."""

import logging
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from redis import Redis
from redis.commands.core import Script
from redis.exceptions import RedisError
from rq.job import Job, JobStatus
from rq.queue import Queue
from rq.utils import now

from moderation.adapters.redis_client import RedisUnavailable

logger = logging.getLogger(__name__)

SCORING: Final = "scoring"
LIVE: Final = "live"
UPKEEP: Final = "upkeep"
LANES: Final = (SCORING, LIVE, UPKEEP)
"""One lane per worker process: with two, a death after the pop lost the job for good."""

SCORE: Final = "workers.jobs.score_comments"
SCORE_TEXT: Final = "workers.jobs.score_text"
CHECK_SPAM: Final = "workers.jobs.check_spam"
DELIVER: Final = "workers.jobs.deliver_owed"
FUNCTIONS: Final = frozenset({SCORE, SCORE_TEXT, CHECK_SPAM, DELIVER})
"""Every function that a job may name."""

SERIALIZER: Final = "json"

_ENOUGH_WAITING: Final = 4
_FAILURES_KEPT_S: Final = 3600

_ENQUEUE: Final = """
-- KEYS: lane, job, set of lanes.  ARGV: most waiting, job id, expiry, then the job's fields.
if tonumber(ARGV[1]) > 0 and redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[1]) then
  return 0
end
redis.call('SADD', KEYS[3], KEYS[1])
redis.call('HSET', KEYS[2], unpack(ARGV, 4))
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('RPUSH', KEYS[1], ARGV[2])
return 1
"""

_WAITING_KEPT_S: Final = 24 * 3600

_FIELDS: Final = frozenset(
    {
        *("data", "origin", "description", "status", "timeout", "result_ttl", "failure_ttl"),
        *("created_at", "enqueued_at", "started_at", "ended_at", "last_heartbeat"),
        "worker_name",
    }
)


class ForgedJob(ValueError):
    """A job names a function that is not ours, or calls it in a way that we do not."""


class JobFailed(Exception):
    """A job ended by an error. Says its kind and place, not its message: that may quote a text."""

    def __init__(self, error: BaseException) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        super().__init__(f"{type(error).__name__} at {place}")


class AllowedJob(Job):
    """A job that can only call `FUNCTIONS`, with texts as arguments.

    Whoever can write to Redis could otherwise run any function of any module in a worker,
    the JSON serializer notwithstanding. Fields that RQ would act on (callbacks, webhooks,
    dependencies, repeats) are not read at all.
    """

    def __init__(self, id: str | None = None, connection: Any = None, **_: Any) -> None:  # noqa: A002 - RQ's name
        super().__init__(id=id, connection=connection, serializer=SERIALIZER)

    def restore(self, raw_data: Mapping[Any, Any]) -> Any:
        kept = {k: v for k, v in raw_data.items() if _text(k) in _FIELDS}
        return super().restore(kept)

    @property
    def func(self) -> Any:
        """The function to call.

        Raises:
            ForgedJob: It is not one of ours.
        """
        plain = isinstance(self.args, list | tuple) and all(isinstance(a, str) for a in self.args)
        if self.func_name not in FUNCTIONS or self.instance or self.kwargs or not plain:
            raise ForgedJob("the job is none of this service's")
        return super().func

    def perform(self) -> Any:
        """Call the function.

        Raises:
            JobFailed: Instead of whatever it raised, and with no trace of it. RQ would write
                the message to the log and into Redis; so would whoever logs what came after.
        """
        try:
            return super().perform()
        except BaseException as error:  # noqa: BLE001 - Rust's panics quote texts and are no Exception
            failed = JobFailed(error)
        raise failed


def _text(key: bytes | str) -> str:
    return key.decode(errors="replace") if isinstance(key, bytes) else key


class Lanes:
    """Puts jobs on lanes. One round trip each; RQ's own enqueue takes three times the CPU."""

    def __init__(self, redis: Redis, *, job_timeout_s: int) -> None:
        self._redis = redis
        self._timeout_s = job_timeout_s
        self._script: Script = redis.register_script(_ENQUEUE)

    def put(
        self,
        lane: str,
        function: str,
        args: Sequence[str],
        *,
        most_waiting: int = 0,
        expires_s: int = _WAITING_KEPT_S,
        client: Any = None,
    ) -> None:
        """Enqueue a job under a fresh id.

        Args:
            lane: One of `LANES`.
            function: One of `FUNCTIONS`.
            args: Ids and numbers as texts, never anything that a reader wrote.
            most_waiting: Do nothing if this many jobs wait already; 0: enqueue always.
            expires_s: After this long a job that nobody took is forgotten.
            client: A pipeline to put the command on, instead of sending it now.

        Raises:
            RedisError: Redis did not answer, or refused.
        """
        job = AllowedJob.create(
            function,
            args=list(args),
            connection=self._redis,
            result_ttl=0,
            failure_ttl=_FAILURES_KEPT_S,
            description=function,
            origin=lane,
            timeout=self._timeout_s,
            status=JobStatus.QUEUED,
            serializer=SERIALIZER,
        )
        job.enqueued_at = now()
        fields = [part for pair in job.to_dict().items() for part in pair]
        keys = [Queue.redis_queue_namespace_prefix + lane, job.key, Queue.redis_queues_keys]
        self._script(
            keys=keys,
            args=[most_waiting, job.id, expires_s, *cast("list[str]", fields)],
            client=client,
        )


class RqJobs:
    """``ports.Jobs`` over Redis.

    Wake-ups are coalesced. A job that still *waits* when this is called has not looked at
    the store yet; the comment asked for was committed before the call; so whoever runs that
    job will see the comment, and judges all that is pending, not only the one it names.
    Hence a further job adds nothing but a worker, and with a few waiting no worker is idle.
    A job that has *started* may have looked already and does not count.

    Losing one, to a crash or to Redis, is made up for by the sweep.
    """

    def __init__(self, redis: Redis, *, job_timeout_s: int) -> None:
        self._lanes = Lanes(redis, job_timeout_s=job_timeout_s)

    def score(self, comment_id: str) -> None:
        self._ask(SCORING, SCORE, [comment_id], most_waiting=_ENOUGH_WAITING)

    def deliver(self) -> None:
        self._ask(UPKEEP, DELIVER, [], most_waiting=1)

    def _ask(self, lane: str, function: str, args: Sequence[str], *, most_waiting: int) -> None:
        try:
            self._lanes.put(lane, function, args, most_waiting=most_waiting)
        except RedisError as error:
            known = isinstance(error, RedisUnavailable)  # and said already, when it failed
            level = logging.DEBUG if known else logging.WARNING
            logger.log(level, "could not enqueue on %s: %s", lane, type(error).__name__)
