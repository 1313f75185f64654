"""A scoring worker: how soon it scores, how much memory it holds, how fast its engine is."""

import time
from collections.abc import Sequence
from functools import partial
from statistics import median
from typing import Final

import psutil

from tests.bench.bare_engine import PROCESSES, ways
from tests.bench.decisions_seen import DecisionsSeen
from tests.bench.memory import peak_mib
from tests.bench.pace import by_turns, pace
from tests.bench.running import service
from tests.bench.table import Row, show
from tests.bench.texts import news_texts, samples
from tests.waiting import eventually

_ROUNDS: Final = 3
_COMMENTS: Final = 200
_LONGEST: Final = 20_000
"""Characters: the longest text that the API takes."""

_MIB: Final = 2**20


def main() -> None:
    starts = [_started() for _ in range(_ROUNDS)]
    first, memory, peak = (median(figures) for figures in zip(*starts, strict=True))
    texts = news_texts(_COMMENTS)
    with ways() as engine:
        rates = by_turns(engine, texts, _ROUNDS)
        short = pace(partial(engine[PROCESSES], samples()), len(samples())).rate
    show(
        [
            ("process start to first decision", f"{first:.2f} s", "first score <= 2 s"),
            ("resident memory after scoring", f"{memory:.0f} MB", "<= 250 MB"),
            ("at its highest", f"{peak:.0f} MB", ""),
            *_engine_rows(rates),
            (f"engine, {PROCESSES}, short texts/s", f"{short:.1f}", ""),
        ]
    )


def _started() -> tuple[float, float, float]:
    """Start a worker to which a comment waits, then give it much and long ones to do.

    Returns:
        Seconds until the first decision is committed; resident memory at the end and the
        highest it was, in megabytes of 2**20 bytes.
    """
    with service(start=False) as running, DecisionsSeen(running) as seen:
        running.wake(running.accept(["The minister has a point."]))
        began = time.perf_counter()
        worker = running.programs["scoring-1"]
        worker.start()
        first = min(eventually(lambda: dict(seen.at), within_s=30).values()) - began
        long = [" ".join(news_texts(200))[:_LONGEST]] * 4
        running.wake(running.accept([*news_texts(_COMMENTS), *long]))
        eventually(lambda: not running.pending(), within_s=120)
        process = psutil.Process(worker.pid)
        return first, process.memory_info().rss / _MIB, peak_mib(worker.pid)


def _engine_rows(rates: Sequence[dict[str, float]]) -> list[Row]:
    """Return a row for each way of using two cores, the fastest first."""
    middle = {way: median(each[way] for each in rates) for way in rates[0]}
    best_first = sorted(middle, key=middle.__getitem__, reverse=True)
    return [
        (f"engine, {way}: texts/s", f"{middle[way]:.1f}", "" if place else ">= 100")
        for place, way in enumerate(best_first)
    ]
