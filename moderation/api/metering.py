"""What the API counts, over all its processes."""

import os
from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from moderation.adapters.metrics import ACCEPTED, BACKLOG, OLDEST_PENDING_SECONDS, REQUESTS, counter
from moderation.bootstrap import Services
from moderation.errors import StoreUnavailable

_SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_MOST_COUNTED: Final = 1_000_000


class ApiMetrics:
    """Counters of this process; with the shared folder set, exported as sums over all."""

    def __init__(self, services: Services) -> None:
        self._registry = CollectorRegistry()
        self._accepted = counter(ACCEPTED, self._registry)
        self._requests = counter(REQUESTS, self._registry)
        self._backlog = _Backlog(services)

    def answered(self, method: str, status: int, *, accepted: int) -> None:
        """Count a request, and the comments that it brought."""
        self._requests.labels(method, str(status)).inc()
        if accepted:
            self._accepted.inc(accepted)

    def export(self) -> bytes:
        """Return everything in Prometheus' text format."""
        counted = self._registry
        if os.environ.get(_SHARED_FOLDER):
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        waiting = CollectorRegistry()
        waiting.register(self._backlog)
        return generate_latest(counted) + generate_latest(waiting)


class _Backlog(Collector):
    """Asks the store at every scrape; is silent while the store is away."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterable[Family]:
        services = self._services
        try:
            with services.open_store(reading=True) as store:
                backlog = store.backlog(limit=_MOST_COUNTED)
        except StoreUnavailable:
            return
        oldest = backlog.oldest_received_at
        age_s = 0.0 if oldest is None else (services.now() - oldest).total_seconds()
        for metric, value in ((BACKLOG, float(backlog.pending)), (OLDEST_PENDING_SECONDS, age_s)):
            yield GaugeMetricFamily(metric.name, metric.meaning, value=value)
