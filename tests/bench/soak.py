"""Hours under half of the load that the service can drain: memory and Redis's keys stay flat.

``make soak`` runs it. ``SOAK_MINUTES`` says how long, ``SOAK_WARM_UP_MINUTES`` how much of that
does not count, since caches fill and connections open at first, ``SOAK_SAMPLE_S`` how often is
looked. What grows is told as a share of what there was after the warm-up, for ten minutes, so
that a run of any length can be held to the same promise. In less than half an hour the keys of
the few jobs under way, which come and go, look like growth.
"""

import os
import random
import sys
import time
from collections.abc import Mapping, Sequence
from statistics import linear_regression, median
from typing import Final

import psutil

from tests.bench.draining import drained
from tests.bench.running import Service, service
from tests.bench.submitting import Reader
from tests.bench.table import Row, show
from tests.bench.texts import news_texts
from tests.waiting import eventually

_MINUTES: Final = float(os.environ.get("SOAK_MINUTES", "60"))
_WARM_UP_MINUTES: Final = float(os.environ.get("SOAK_WARM_UP_MINUTES", str(_MINUTES / 3)))
_SAMPLE_S: Final = float(os.environ.get("SOAK_SAMPLE_S", "10"))
_COMMENTS: Final = 600
_MIB: Final = 1024 * 1024
_TEN_MINUTES_S: Final = 600.0
_MOST: Final = 0.01
"""What may grow in ten minutes, as a share."""

_LEAST: Final = 100.0
"""What is less counts as this much: of twenty keys one more is five per cent, and no leak."""

KEYS: Final = "Redis keys"
Sample = tuple[float, Mapping[str, float]]
"""When, in seconds from the start, and what was seen, by name."""


def soak() -> bool:
    """Run the service under load; print how it grew, and return whether that is as promised."""
    texts = news_texts(_COMMENTS)
    with service() as running:
        drained(running, texts[:64])
        rate = drained(running, texts).rate / 2
        samples = under_load(running, texts, rate=rate, lasts_s=_MINUTES * 60, every_s=_SAMPLE_S)
        eventually(lambda: not running.pending(), within_s=60)
    counted = [each for each in samples if each[0] >= _WARM_UP_MINUTES * 60]
    print(  # noqa: T201
        f"{rate:.1f} comments/s for {_MINUTES:g} minutes, the first {_WARM_UP_MINUTES:g} not"
        f" counted; load of the machine {os.getloadavg()[0]:.1f}\n"
    )
    growths = {name: growth(series(counted, name)) for name in counted[0][1]}
    show([_row(name, series(counted, name), growths[name]) for name in sorted(growths)])
    return all(each < _MOST for each in growths.values())


def under_load(
    running: Service, texts: Sequence[str], *, rate: float, lasts_s: float, every_s: float
) -> list[Sample]:
    """Submit texts at random moments, *rate* a second on average; look every so often.

    The machine that measures is the one that works: a single reader keeps its own share small.
    """
    dice = random.Random(7)  # noqa: S311 - the same readers every time
    reader = Reader(running)
    samples: list[Sample] = []
    began = time.monotonic()
    due = look_at = 0.0
    while due < lasts_s:
        if due >= look_at:
            samples.append((time.monotonic() - began, look(running)))
            look_at += every_s
        due += dice.expovariate(rate)
        time.sleep(max(0.0, began + due - time.monotonic()))
        reader.submit(dice.choice(texts))
    reader.close()
    samples.append((time.monotonic() - began, look(running)))
    return samples


def look(running: Service) -> dict[str, float]:
    """Return the MiB that each program and its children occupy, and how many keys Redis has."""
    seen = {f"{name}, MiB": _rss_mib(each.pid) for name, each in running.programs.items()}
    return {**seen, KEYS: float(running.redis.client().dbsize())}


def series(samples: Sequence[Sample], name: str) -> list[tuple[float, float]]:
    """Return one thing's course: seconds and figure."""
    return [(at, seen[name]) for at, seen in samples]


def growth(points: Sequence[tuple[float, float]]) -> float:
    """Return by what share of its median a thing grows in ten minutes, by least squares."""
    usual = median(figure for _, figure in points)
    slope = linear_regression(*zip(*points, strict=True)).slope
    return slope * _TEN_MINUTES_S / max(usual, _LEAST)


def _row(name: str, points: Sequence[tuple[float, float]], grows: float) -> Row:
    first, last = points[0][1], points[-1][1]
    return f"{name}, from {first:.0f} to {last:.0f}: in 10 min", f"{grows:+.2%}", f"< {_MOST:.0%}"


def _rss_mib(pid: int) -> float:
    program = psutil.Process(pid)
    occupied = 0
    for each in [program, *program.children(recursive=True)]:
        try:
            occupied += each.memory_info().rss
        except psutil.NoSuchProcess:  # it ended while we looked
            continue
    return occupied / _MIB


if __name__ == "__main__":
    sys.exit(0 if soak() else 1)
