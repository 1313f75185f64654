"""Ask again for whatever is owed, and forget what has expired."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from moderation.ports.jobs import Jobs
from moderation.ports.store import OpenStore

_WAKE_UPS: Final = 4
"""Each wakes one worker, and each worker judges all that is pending."""


_DROPPED_AT_ONCE: Final = 1_000
"""Old deliveries and traces: no transaction is long, and the next sweep takes the next ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long things are kept: settled webhooks, traces of comments, what was made of domains."""

    webhooks: timedelta
    traces: timedelta
    domains: timedelta


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: whether comments were owed, and how much it forgot."""

    owed: bool
    answers_dropped: int
    deliveries_dropped: int
    traces_dropped: int


def sweep(*, open_store: OpenStore, jobs: Jobs, now: datetime, kept: Kept) -> Swept:
    """Wake the workers for comments that nobody holds and for webhooks that are due.

    This is what makes every lost wake-up harmless: a Redis that was wiped or down when a
    comment came, a worker killed between taking a job and settling it. Comments that only
    arrived a moment ago are asked for twice then, which costs nothing.

    Forgotten is what *kept* says: deliveries by when they were settled, traces by when their
    comments were received, notes on domains by when they were decided.
    """
    with open_store() as store:
        answers = store.drop_answers(now=now)
        deliveries = store.drop_deliveries(
            settled_before=now - kept.webhooks, limit=_DROPPED_AT_ONCE
        )
        traces = store.drop_traces(
            before=now - kept.traces, domains_before=now - kept.domains, limit=_DROPPED_AT_ONCE
        )
        owed = store.owed(now=now, limit=_WAKE_UPS)
    for comment_id in owed:
        jobs.score(comment_id)
    jobs.deliver()
    return Swept(bool(owed), answers, deliveries, traces)
