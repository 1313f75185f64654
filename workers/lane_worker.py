"""An RQ worker of one lane that neither forks nor gives up."""

import logging
import time
from contextlib import suppress
from typing import Any, Final

from redis import Redis
from redis.exceptions import RedisError
from rq.exceptions import DequeueTimeout, StopRequested
from rq.job import Job
from rq.queue import Queue
from rq.worker import SimpleWorker

import workers.jobs  # noqa: F401 - what jobs name must be there before the first comes
from moderation.adapters.rq_jobs import SERIALIZER, AllowedJob, JobFailed
from workers.health import Heartbeat
from workers.stopping import Stop

logger = logging.getLogger(__name__)

_POLL_S: Final = 0.5
"""How long a stop may go unnoticed by an idle worker."""

_MAINTENANCE_S: Final = 60
_WORKER_TTL_S: Final = 60
_HEARTBEAT_S: Final = 1.0
_FIRST_PAUSE_S: Final = 0.2
_LONGEST_PAUSE_S: Final = 2.0


class LaneWorker(SimpleWorker):
    """Takes jobs from a single lane and runs them in this process.

    One lane, because RQ then moves a job in one step to where a death leaves it findable. No
    fork, because the model is loaded once, and a forked child hangs if torch has run before.
    No remote commands: nobody listens on RQ's channel. Signals are the `Stop`'s alone; no
    exception is ever thrown into a job.
    """

    def __init__(self, lane: str, redis: Redis, *, stop: Stop, heartbeat: Heartbeat) -> None:
        super().__init__(
            [Queue(lane, connection=redis, serializer=SERIALIZER, job_class=AllowedJob)],
            connection=redis,
            serializer=SERIALIZER,
            job_class=AllowedJob,
            default_result_ttl=0,
            worker_ttl=_WORKER_TTL_S,
            maintenance_interval=_MAINTENANCE_S,
            log_job_description=False,
        )
        self._stop = stop
        self._mark = heartbeat
        self._next_heartbeat = 0.0

    def dequeue_job_and_maintain_ttl(
        self,
        timeout: int | None,
        max_idle_time: int | None = None,  # noqa: ARG002 - RQ's signature
    ) -> tuple[Job, Queue] | None:
        """Wait for a job; None ends the work loop.

        Raises:
            StopRequested: Redis is not there; RQ ends quietly on this.
        """
        try:
            while not self._stop.asked:
                self.heartbeat()
                if self.should_run_maintenance_tasks:
                    self.run_maintenance_tasks()  # type: ignore[no-untyped-call]
                with suppress(DequeueTimeout):
                    return self._next_job(burst=timeout is None)
        except RedisError as error:
            logger.warning("Redis is not there (%s)", type(error).__name__)
            raise StopRequested from None
        return None

    def _next_job(self, *, burst: bool) -> tuple[Job, Queue] | None:
        return self.queue_class.dequeue_any(
            self.queues,
            None if burst else _POLL_S,  # type: ignore[arg-type]
            connection=self.connection,
            job_class=self.job_class,
            serializer=self.serializer,
            death_penalty_class=self.death_penalty_class,
        )

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Renew RQ's mark and ours; RQ itself would do so three times a job."""
        if pipeline is not None:
            super().heartbeat(timeout, pipeline)
            return
        self._mark.beat()
        if time.monotonic() >= self._next_heartbeat:
            self._next_heartbeat = time.monotonic() + _HEARTBEAT_S
            super().heartbeat(timeout)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log what failed, without RQ's traces; see `JobFailed`."""
        kind, error, _ = exc_info
        said = error if kind is JobFailed else kind.__name__
        logger.error("a job on %s failed: %s", job.origin, said)

    def handle_job_failure(self, job: Job, queue: Queue, *args: Any, **more: Any) -> None:
        """Put the job among the failed ones, with nothing about why."""
        super().handle_job_failure(job, queue, *args, **{**more, "exc_string": ""})

    def subscribe(self) -> None:
        """Do not listen for remote commands."""

    def unsubscribe(self) -> None:
        """There is nothing to end."""

    def _install_signal_handlers(self) -> None:
        """Leave the signals to the `Stop`."""


def work(lane: str, redis: Redis, *, stop: Stop) -> None:
    """Work until asked to stop, through every absence of Redis.

    RQ's own worker ends at the first error that it does not expect; a new one then takes its
    place here, after a pause.
    """
    heartbeat = Heartbeat(redis, lane)
    pause_s = _FIRST_PAUSE_S
    while not stop.asked:
        began = time.monotonic()
        try:
            worker = LaneWorker(lane, redis, stop=stop, heartbeat=heartbeat)
            worker.work(logging_level="WARNING")
        except RedisError as error:
            logger.warning("Redis is not there (%s), trying again", type(error).__name__)
        steady = time.monotonic() - began > _LONGEST_PAUSE_S
        pause_s = _FIRST_PAUSE_S if steady else min(pause_s * 2, _LONGEST_PAUSE_S)
        stop.wait(pause_s)
