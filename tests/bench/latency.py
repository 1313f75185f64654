"""From a reader's click to the decision, at half of the rate that the service can drain.

Comments come at random moments, as readers do, whether or not the ones before were decided.
The time runs from the moment at which a comment was due to be sent, so that a service which
keeps readers waiting gets no better figures for it, to the moment at which another process
can read the decision. ``BENCH_SECONDS`` says how long.
"""

import os
import queue
import random
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from statistics import quantiles
from typing import Final

from tests.bench.decisions_seen import DecisionsSeen
from tests.bench.draining import drained
from tests.bench.running import Service, service
from tests.bench.submitting import Reader
from tests.bench.table import show
from tests.bench.texts import news_texts
from tests.waiting import eventually

_SECONDS: Final = int(os.environ.get("BENCH_SECONDS", "30"))
_COMMENTS: Final = int(os.environ.get("BENCH_COMMENTS", "600"))
_READERS: Final = 8


def main() -> None:
    texts = news_texts(_COMMENTS)
    with service() as running:
        drained(running, texts[:64])
        rate = drained(running, texts).rate
        taken = submission_to_decision(running, _arrivals(texts, rate / 2))
    percent = quantiles(taken, n=100)
    show(
        [
            ("drained: comments/s", f"{rate:.1f}", ""),
            ("submitted: comments/s", f"{len(taken) / _SECONDS:.1f}", ""),
            ("submission to decision, p50", f"{percent[49] * 1_000:.0f} ms", "<= 60 ms"),
            ("p90", f"{percent[89] * 1_000:.0f} ms", ""),
            ("p99", f"{percent[98] * 1_000:.0f} ms", "<= 300 ms"),
            ("slowest", f"{max(taken) * 1_000:.0f} ms", ""),
        ]
    )


def _arrivals(texts: Sequence[str], rate: float) -> Iterator[tuple[float, str]]:
    """Yield when to send what, in seconds from the start."""
    dice = random.Random(3)  # noqa: S311 - the same readers every time
    due = dice.expovariate(rate)
    while due < _SECONDS:
        yield due, dice.choice(texts)
        due += dice.expovariate(rate)


def submission_to_decision(running: Service, arrivals: Iterable[tuple[float, str]]) -> list[float]:
    """Submit comments when they are due; return the seconds until each one's decision."""
    waiting: queue.Queue[tuple[float, str] | None] = queue.Queue()
    sent: dict[str, float] = {}

    def post() -> None:
        reader = Reader(running)
        while (each := waiting.get()) is not None:
            due, text = each
            sent[reader.submit(text)] = due
        reader.close()

    threads = [threading.Thread(target=post) for _ in range(_READERS)]
    with DecisionsSeen(running) as seen:
        for thread in threads:
            thread.start()
        began = time.perf_counter()
        for after, text in arrivals:
            due = began + after
            time.sleep(max(0.0, due - time.perf_counter()))
            waiting.put((due, text))
        for _ in threads:
            waiting.put(None)
        for thread in threads:
            thread.join()
        eventually(lambda: seen.at.keys() >= sent.keys(), within_s=30)
    return [seen.at[comment_id] - due for comment_id, due in sent.items()]
