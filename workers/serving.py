"""Build a worker process around its lane, and run it until it is told to end."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from prometheus_client import CollectorRegistry, start_http_server
from redis import Redis

from moderation.adapters.metrics import PipelineMetrics
from moderation.adapters.redis_client import make_worker_redis
from moderation.adapters.redis_instant import InstantTexts
from moderation.adapters.rq_jobs import LIVE, SCORING, UPKEEP
from moderation.bootstrap import Services, build_services
from moderation.ports.scorer import Scorer
from moderation.settings import Settings
from moderation.usecases.evidence import WordMatchers
from moderation.usecases.judge import Judge, Limits
from workers import context
from workers.lane_worker import work
from workers.scorers.loading import load_scorers, load_text_scorers
from workers.stopping import Stop
from workers.upkeep import Upkeep

logger = logging.getLogger(__name__)


def serve(lane: str, settings: Settings, *, scorers: Sequence[Scorer] | None = None) -> None:
    """Work a lane until SIGTERM.

    Neither Redis nor the store need be up, now or later.

    Args:
        lane: One of ``rq_jobs.LANES``.
        settings: Complete: with addresses and secret.
        scorers: Instead of those that the settings ask for.

    Raises:
        ModelUnavailable: There is no model to score with; nothing was scored.
    """
    stop = Stop()
    stop.listen()
    if scorers is None:
        scorers = _scorers_of(lane, settings)
    services = build_services(settings)
    redis = make_worker_redis(settings)
    metrics = PipelineMetrics(CollectorRegistry())
    upkeep = Upkeep(services, metrics, stop)
    context.install(
        context.WorkerContext(
            judge=judge_of(services, scorers),
            text_scorers=scorers,
            instant=InstantTexts(redis, services.privacy),
            metrics=metrics,
            stop=stop,
            deliver=upkeep.wake,
        )
    )
    close_metrics = _serve_metrics(settings, metrics)
    try:
        _work(lane, redis, stop, upkeep)
    finally:
        close_metrics()
        services.close()
        redis.close()


def judge_of(services: Services, scorers: Sequence[Scorer]) -> Judge:
    """Return the ports and bounds of judging that *services* stand for."""
    settings = services.settings
    return Judge(
        scorers=scorers,
        open_store=services.open_store,
        jobs=services.jobs,
        clock=services.now,
        limits=Limits(
            lease=timedelta(seconds=settings.lease_s),
            batch_size=settings.batch_size,
            max_attempts=settings.max_attempts,
        ),
        matchers=WordMatchers(),
    )


def _scorers_of(lane: str, settings: Settings) -> Sequence[Scorer]:
    if lane == SCORING:
        return load_scorers(settings)
    return load_text_scorers(settings) if lane == LIVE else ()


def _work(lane: str, redis: Redis, stop: Stop, upkeep: Upkeep) -> None:
    if lane != UPKEEP:
        work(lane, redis, stop=stop)
        return
    upkeep.start()
    try:
        work(lane, redis, stop=stop)
    finally:
        stop.asked = True
        upkeep.join()


def _serve_metrics(settings: Settings, metrics: PipelineMetrics) -> Callable[[], None]:
    """Serve the metrics if a port is set; one that is taken costs no comment its decision."""
    if not settings.metrics_port:
        return lambda: None
    try:
        server, thread = start_http_server(
            settings.metrics_port, addr=settings.metrics_host, registry=metrics.registry
        )
    except OSError as error:
        logger.warning("no metrics on port %d: %s", settings.metrics_port, error.strerror)
        return lambda: None

    def close() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return close
