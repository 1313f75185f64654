"""Post records through the API, several in flight, and wait for their decisions."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from moderation.cli.outcomes import Outcome, label
from moderation.cli.records import Record
from moderation.cli.service_client import Posted, ServiceClient

_FIELDS: Final = frozenset(
    {
        *("body", "article", "author", "parent_id", "external_id", "ip", "user_agent"),
        *("referrer", "language", "honeypot", "form_seconds", "created_at"),
    }
)
"""What ``POST /v1/comments`` takes. Whatever else a record holds is not sent."""

_FIRST_PAUSE_S: Final = 0.05
_LONGEST_PAUSE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Sent:
    """A record that was posted, with its label."""

    posted: Posted
    toxic: bool | None


def post_all(
    records: Iterable[Record],
    client: ServiceClient,
    *,
    in_flight: int,
    progress: Callable[[], None],
) -> Iterator[Sent]:
    """Post every record, *in_flight* at a time, and yield what came of each as it comes.

    Args:
        records: Read only as fast as they can be sent.
        client: Shared by the threads that post.
        in_flight: How many requests run at once.
        progress: Called after each record.

    Raises:
        Failed: The service is away or refuses the key; what is in flight is waited for.
    """
    run = uuid4().hex
    running: set[Future[Sent]] = set()
    with ThreadPoolExecutor(max_workers=in_flight) as pool:
        for record in records:
            if len(running) >= in_flight:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from _finished(done, progress)
            running.add(pool.submit(_post, record, client, f"replay-{run}-{record.line}"))
        yield from _finished(wait(running).done, progress)


def decisions(
    sent: Iterable[Sent],
    client: ServiceClient,
    *,
    in_flight: int,
    timeout_s: float,
    progress: Callable[[], None],
) -> Iterator[Outcome]:
    """Yield each comment's outcome once it is decided; ``pending`` when the time is up.

    Args:
        sent: What was posted; comments that were refused are outcomes at once.
        client: Shared by the threads that ask.
        in_flight: How many requests run at once.
        timeout_s: How long to wait after which no decision is expected any more.
        progress: Called for each outcome.
    """
    waiting: list[tuple[str, bool | None]] = []
    for each in sent:
        if each.posted.comment_id is None:
            progress()
            yield Outcome(each.posted.problem or "refused", each.toxic)
        else:
            waiting.append((each.posted.comment_id, each.toxic))
    deadline = time.monotonic() + timeout_s
    pause_s = _FIRST_PAUSE_S
    with ThreadPoolExecutor(max_workers=in_flight) as pool:
        while waiting:
            statuses = pool.map(client.status, [comment_id for comment_id, _ in waiting])
            late = time.monotonic() >= deadline
            still: list[tuple[str, bool | None]] = []
            for (comment_id, toxic), status in zip(waiting, statuses, strict=True):
                if status == "pending" and not late:
                    still.append((comment_id, toxic))
                else:
                    progress()
                    yield Outcome(status, toxic)
            waiting = still
            if waiting:
                time.sleep(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


def _finished(done: set[Future[Sent]], progress: Callable[[], None]) -> Iterator[Sent]:
    for future in done:
        progress()
        yield future.result()


def _post(record: Record, client: ServiceClient, idempotency_key: str) -> Sent:
    if record.fault is not None:
        return Sent(Posted(None, "unreadable line"), None)
    comment = comment_of(record.values)
    posted = client.post_comment(comment, idempotency_key=idempotency_key)
    return Sent(posted, label(record.values))


def comment_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return the comment in a record; a text under ``text`` is taken as its body."""
    comment = {name: value for name, value in values.items() if name in _FIELDS}
    if "body" not in comment and "text" in values:
        comment["body"] = values["text"]
    if isinstance(comment.get("form_seconds"), str):  # as CSV has it
        comment["form_seconds"] = _number(comment["form_seconds"])
    return comment


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
