"""Draining against the bare engine, and against what a first build does, by turns in one run.

The texts, the cores and the weights are the same for all. The bare engine is the fastest of
the ways in `bare_engine`. ``BENCH_ROUNDS``, ``BENCH_COMMENTS`` (a round) and ``BENCH_JOBS``
(of the first build, a round) change how long it takes.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Final

from tests.bench.bare_engine import ways
from tests.bench.first_build import FirstBuild, first_build
from tests.bench.pace import Drain, Pace, pace
from tests.bench.running import Service, service
from tests.bench.submitting import submit_all
from tests.bench.table import Row, show
from tests.bench.texts import news_texts

_ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "3"))
_COMMENTS: Final = int(os.environ.get("BENCH_COMMENTS", "600"))
_JOBS: Final = int(os.environ.get("BENCH_JOBS", "2"))
_LOOK_S: Final = 0.01


@dataclass(frozen=True, slots=True)
class Round:
    """The same comments, each way."""

    engine: Pace
    drained: Pace
    over_http: Pace
    first_build: Pace


def main() -> None:
    texts = news_texts(_COMMENTS)
    few = texts[: len(texts) // 5]
    with ways() as engine, service() as running, first_build(running) as naive:
        drained(running, few)
        best = max(engine, key=lambda way: pace(partial(engine[way], few), len(few)).rate)
        rounds = [_round(engine[best], running, naive, texts) for _ in range(_ROUNDS)]
    show([*_pace_rows(best, rounds), *_ratio_rows(rounds)])


def _round(engine: Drain, running: Service, naive: FirstBuild, texts: Sequence[str]) -> Round:
    return Round(
        engine=pace(lambda: engine(texts), len(texts)),
        drained=drained(running, texts),
        over_http=pace(lambda: _submit_and_drain(running, texts), len(texts)),
        first_build=pace(lambda: naive.work(texts[:_JOBS]), _JOBS),
    )


def drained(running: Service, texts: Sequence[str]) -> Pace:
    """Return the pace from the wake-up to the last decision, all texts accepted before."""
    ids = running.accept(texts)

    def drain() -> None:
        running.wake(ids)
        _until_decided(running)

    return pace(drain, len(texts))


def _submit_and_drain(running: Service, texts: Sequence[str]) -> None:
    submit_all(running, texts)
    _until_decided(running)


def _until_decided(running: Service) -> None:
    while running.pending():
        time.sleep(_LOOK_S)


def _pace_rows(best: str, rounds: Sequence[Round]) -> list[Row]:
    named: dict[str, Callable[[Round], Pace]] = {
        f"bare engine, {best}": lambda each: each.engine,
        "accepted comments drained": lambda each: each.drained,
        "submitted over HTTP and drained": lambda each: each.over_http,
        "model loaded in each job": lambda each: each.first_build,
    }
    rows: list[Row] = []
    for name, of in named.items():
        rate = median(of(each).rate for each in rounds)
        cpu_ms = median(of(each).cpu_ms for each in rounds)
        figure = f"{rate:.1f}" if rate >= 1 else f"{rate:.3f}"
        rows += [(f"{name}, per second", figure, ""), ("CPU ms for each", f"{cpu_ms:.1f}", "")]
    return rows


def _ratio_rows(rounds: Sequence[Round]) -> list[Row]:
    drained = median(each.drained.rate / each.engine.rate for each in rounds)
    over_http = median(each.over_http.rate / each.engine.rate for each in rounds)
    first = median(each.drained.rate / each.first_build.rate for each in rounds)
    return [
        ("drained / bare engine", f"{drained:.2f}", ">= 0.85"),
        ("submitted and drained / bare engine", f"{over_http:.2f}", ">= 0.70"),
        ("drained / model loaded in each job", f"{first:.0f}", ">= 250"),
    ]
