"""What every serving process opens at its start and lets go of at its end."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, start_http_server
from redis import Redis

from moderation.adapters.metrics import PipelineMetrics
from moderation.adapters.redis_client import make_worker_redis
from moderation.bootstrap import Services, build_services
from moderation.settings import Settings
from workers.stopping import Stop

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Process:
    """The connections, counters and stop signal of one process."""

    services: Services
    redis: Redis
    metrics: PipelineMetrics
    stop: Stop


@contextmanager
def opened(
    settings: Settings, stop: Stop, metrics: PipelineMetrics | None = None
) -> Iterator[Process]:
    """Open a process around its work; neither Redis nor the store need be up.

    Its metrics, *metrics* if something counts already, are served from here on, so call it once
    the process can work.
    """
    services = build_services(settings)
    redis = make_worker_redis(settings)
    metrics = metrics or PipelineMetrics(CollectorRegistry())
    close_metrics = _serve(settings, metrics)
    try:
        yield Process(services, redis, metrics, stop)
    finally:
        close_metrics()
        services.close()
        redis.close()


def _serve(settings: Settings, metrics: PipelineMetrics) -> Callable[[], None]:
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
