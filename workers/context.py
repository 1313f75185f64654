"""What a scoring process holds for its whole life: models, connections, counters."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.adapters.metrics import PipelineMetrics
from moderation.adapters.redis_checks import Checks
from moderation.adapters.redis_instant import InstantTexts
from moderation.ports.scorer import Scorer
from moderation.usecases.judge import Judge
from workers.stopping import Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerContext:
    """Everything that a job may touch.

    ``text_scorers`` measure a text on its own, without a form or an author around it;
    ``spam_scorers`` everything that speaks for spam, of a comment that need not be stored.
    """

    judge: Judge
    text_scorers: Sequence[Scorer]
    spam_scorers: Sequence[Scorer]
    instant: InstantTexts
    checks: Checks
    metrics: PipelineMetrics
    stop: Stop


_current: WorkerContext | None = None


def install(context: WorkerContext) -> None:
    """Set the process's context. Called once, by ``workers.scoring`` or a test."""
    global _current  # noqa: PLW0603 - RQ calls plain functions; this is the one global
    _current = context


def current() -> WorkerContext:
    """Return the installed context."""
    if _current is None:
        raise RuntimeError("workers.context.install() was not called")
    return _current
