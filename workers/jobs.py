"""The functions that RQ calls. Each takes ids and leads to one use case; all are idempotent."""

import logging

from moderation.domain.comment import Comment
from moderation.errors import ScoringUnavailable, StoreUnavailable
from moderation.ports.scorer import ScoredText
from moderation.usecases.judge import Judged, drain
from moderation.usecases.judge_spam import judge_spam
from moderation.usecases.marking import DEFAULT_POLICY, marked
from moderation.usecases.measuring import measure
from workers import context, wake_up

logger = logging.getLogger(__name__)


def score_comments(comment_id: str) -> None:
    """Judge this comment and all else that is pending.

    Without the store there is nothing to be done and nothing lost: the sweep asks again.
    """
    ctx = context.current()
    try:
        drain(ctx.judge, first=comment_id, stopping=lambda: ctx.stop.asked, report=_count)
    except StoreUnavailable:
        logger.warning("the store cannot be reached; comments wait for the sweep")
        ctx.stop.wait(1.0)


def score_text(key: str) -> None:
    """Score a text that must not be stored, and answer whoever waits for it.

    If a scorer fails there is no answer but that: scores without its signals would look like
    those of a harmless text.
    """
    ctx = context.current()
    asked = ctx.instant.take(key)
    if asked is None:
        return
    comment = Comment(
        id="",
        site_id="",
        body=asked.text,
        language=asked.language,
        received_at=ctx.judge.clock(),
    )
    scored: ScoredText | None = None
    try:
        [measured] = measure(ctx.text_scorers, [comment], recognise=ctx.judge.recognise)
        if not measured.failed:
            words = marked(ctx.judge.marker, comment, DEFAULT_POLICY, measured.scores)
            scored = ScoredText(measured.scores, words)
    finally:
        ctx.instant.answer(key, scored)


def check_spam(key: str) -> None:
    """Judge the spam side of a comment that must not be stored, and answer whoever waits for it.

    What breaks is answered as such at once: nobody waits in vain, and nothing passes for it.
    """
    ctx = context.current()
    comment = ctx.checks.take(key)
    if comment is None:
        return
    judge = ctx.judge
    try:
        action = judge_spam(
            comment,
            scorers=ctx.spam_scorers,
            recognise=judge.recognise,
            matchers=judge.matchers,
            open_store=judge.open_store,
        )
    except (ScoringUnavailable, StoreUnavailable):
        ctx.checks.give_up(key)
    except BaseException:
        ctx.checks.give_up(key)
        raise
    else:
        ctx.checks.answer(key, action)


def deliver_owed() -> None:
    """Have owed webhooks sent, by the thread that waits for this."""
    wake_up.DELIVERIES.set()


def _count(judged: Judged) -> None:
    metrics = context.current().metrics
    for one in judged.decided:
        metrics.decided(one.comment.status.value, waited_s=one.waited.total_seconds())
    for _ in range(judged.measured):
        metrics.scored(judged.measuring.total_seconds() / judged.measured)
