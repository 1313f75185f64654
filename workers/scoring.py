"""The processes that hold a model: those of the lanes ``scoring`` and ``live``."""

from collections.abc import Sequence
from datetime import timedelta

from prometheus_client import CollectorRegistry

from moderation.adapters.metrics import PipelineMetrics
from moderation.adapters.redis_checks import Checks
from moderation.adapters.redis_instant import InstantTexts
from moderation.adapters.rq_jobs import LIVE
from moderation.bootstrap import Services, utc_now
from moderation.domain.comment import Comment
from moderation.ports.scorer import Scorer
from moderation.settings import Settings
from moderation.usecases.evidence import WordMatchers
from moderation.usecases.judge import Judge, Limits
from moderation.usecases.measuring import measure
from workers import context
from workers.lane_worker import work
from workers.process import opened
from workers.scorers.loading import Loaded, load_scorers
from workers.stopping import Stop


def serve(lane: str, settings: Settings, *, scorers: Sequence[Scorer] | None = None) -> None:
    """Score until SIGTERM, through every absence of Redis and the store.

    Args:
        lane: ``scoring`` or ``live``.
        settings: Complete: with addresses and secret.
        scorers: Instead of those that the settings ask for.

    Raises:
        ModelUnavailable: There is no model to score with; nothing was scored.
    """
    stop = Stop()
    stop.listen()
    metrics = PipelineMetrics(CollectorRegistry())
    if scorers is not None:
        loaded = Loaded(scorers)
    else:
        loaded = load_scorers(settings, counted=metrics.looked_up)
        if lane == LIVE:
            _warm_up(loaded)
    with opened(settings, stop, metrics) as process:
        context.install(
            context.WorkerContext(
                judge=judge_of(process.services, loaded),
                text_scorers=loaded.of_texts or loaded.scorers,
                spam_scorers=loaded.of_spam or loaded.scorers,
                instant=InstantTexts(process.redis, process.services.privacy),
                checks=Checks(process.redis, process.services.privacy),
                metrics=process.metrics,
                stop=stop,
            )
        )
        work(lane, process.redis, stop=stop)


def _warm_up(loaded: Loaded) -> None:
    """Read one text that nobody waits for.

    Tables are read when they are first needed, which takes most of a second: longer than some
    of those wait whom this lane serves.
    """
    text = "Is the minister going to answer, see https://gazette.example/talks?"
    comment = Comment(id="", site_id="", body=text, received_at=utc_now())
    measure(loaded.of_texts, [comment], recognise=loaded.recognise)


def judge_of(services: Services, loaded: Loaded) -> Judge:
    """Return the ports and bounds of judging that *services* stand for."""
    settings = services.settings
    loaded.read_from(services.open_store)
    return Judge(
        scorers=loaded.scorers,
        recognise=loaded.recognise,
        open_store=services.open_store,
        jobs=services.jobs,
        clock=services.now,
        limits=Limits(
            lease=timedelta(seconds=settings.lease_s),
            batch_size=settings.batch_size,
            max_attempts=settings.max_attempts,
        ),
        matchers=WordMatchers(),
        marker=loaded.marker,
    )
