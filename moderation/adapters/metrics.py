"""Every metric that the service exports: names, meaning, labels. The one registry of them."""

from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

_SCORING_BUCKETS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_WAITING_BUCKETS: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One exported time series family. ``buckets`` are upper bounds in seconds."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


DECIDED: Final = Metric(
    "moderation_decided",
    "Comments decided by policy, by outcome: approved, held, rejected",
    ("outcome",),
)
SCORING_SECONDS: Final = Metric(
    "moderation_scoring_seconds", "Time to measure one comment", buckets=_SCORING_BUCKETS
)
END_TO_END_SECONDS: Final = Metric(
    "moderation_end_to_end_seconds",
    "Time from a text's receipt to its automatic decision",
    buckets=_WAITING_BUCKETS,
)
WEBHOOK_ATTEMPTS: Final = Metric(
    "moderation_webhook_attempts",
    "Attempts to deliver a webhook, by outcome: delivered, failed, gone",
    ("outcome",),
)
ACCEPTED: Final = Metric("moderation_accepted", "Comments stored, edits included")
BACKLOG: Final = Metric("moderation_backlog", "Comments that wait for the machine's decision")
OLDEST_PENDING_SECONDS: Final = Metric(
    "moderation_oldest_pending_seconds", "Age of the oldest comment that waits for the machine"
)
SCORE_CACHE: Final = Metric(
    "moderation_score_cache",
    "Texts to be scored, by result: hit (scored before, remembered) or miss (read by the model)",
    ("result",),
)
SPAM_FEEDBACK: Final = Metric(
    "moderation_spam_feedback",
    "Opinions on spam that were looked at, by outcome: learnt, refused",
    ("outcome",),
)
REQUESTS: Final = Metric(
    "moderation_http_requests", "Answered requests, by method and status", ("method", "status")
)

METRICS: Final = (
    ACCEPTED,
    BACKLOG,
    DECIDED,
    END_TO_END_SECONDS,
    OLDEST_PENDING_SECONDS,
    REQUESTS,
    SCORE_CACHE,
    SCORING_SECONDS,
    SPAM_FEEDBACK,
    WEBHOOK_ATTEMPTS,
)
"""All of them, by name. Counters are exported with ``_total`` after their name."""


def counter(metric: Metric, registry: CollectorRegistry) -> Counter:
    """Make the counter that *metric* describes."""
    return Counter(metric.name, metric.meaning, metric.labels, registry=registry)


def histogram(metric: Metric, registry: CollectorRegistry) -> Histogram:
    """Make the histogram that *metric* describes."""
    return Histogram(
        metric.name, metric.meaning, metric.labels, buckets=metric.buckets, registry=registry
    )


class PipelineMetrics:
    """What workers and upkeep count, in a registry of their own process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._decided = counter(DECIDED, registry)
        self._scoring = histogram(SCORING_SECONDS, registry)
        self._end_to_end = histogram(END_TO_END_SECONDS, registry)
        self._attempts = counter(WEBHOOK_ATTEMPTS, registry)
        self._cache = counter(SCORE_CACHE, registry)
        self._feedback = counter(SPAM_FEEDBACK, registry)

    def decided(self, outcome: str, *, waited_s: float) -> None:
        """Count an automatic decision, *waited_s* after the text was received."""
        self._decided.labels(outcome).inc()
        self._end_to_end.observe(waited_s)

    def scored(self, seconds: float) -> None:
        """Note how long measuring one comment took."""
        self._scoring.observe(seconds)

    def looked_up(self, hits: int, misses: int) -> None:
        """Count texts that were to be scored."""
        self._cache.labels("hit").inc(hits)
        self._cache.labels("miss").inc(misses)

    def attempted(self, outcome: str) -> None:
        """Count an attempt to deliver a webhook."""
        self._attempts.labels(outcome).inc()

    def taught(self, learnt: int, refused: int) -> None:
        """Count opinions that were to be learnt from."""
        self._feedback.labels("learnt").inc(learnt)
        self._feedback.labels("refused").inc(refused)
