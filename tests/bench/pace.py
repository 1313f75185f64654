"""How fast work goes, and how much of the processors it takes."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import psutil

Drain = Callable[[Sequence[str]], object]
"""Scores texts, however it does it."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Things per second, and milliseconds of processor time for each of them.

    The second tells the truth on a machine that has other work to do, as the first does not.
    """

    rate: float
    cpu_ms: float


def pace(work: Callable[[], object], count: int) -> Pace:
    """Do *work* on *count* things; this process and all its descendants are what it costs."""
    before = {process: _cpu_s(process) for process in _family()}
    began = time.perf_counter()
    work()
    taken_s = time.perf_counter() - began
    cpu_s = sum(_cpu_s(process) - before.get(process, 0.0) for process in _family())
    return Pace(count / taken_s, cpu_s / count * 1_000)


def by_turns(
    drains: Mapping[str, Drain], texts: Sequence[str], rounds: int
) -> list[dict[str, float]]:
    """Let each of *drains* have the same texts, one after another, so many times.

    Returns:
        Texts per second by name, a dict for each round: what disturbs a round disturbs all.
    """
    return [
        {name: pace(partial(drain, texts), len(texts)).rate for name, drain in drains.items()}
        for _ in range(rounds)
    ]


def _family() -> list[psutil.Process]:
    myself = psutil.Process()
    return [myself, *myself.children(recursive=True)]


def _cpu_s(process: psutil.Process) -> float:
    """Return the processor time of a process and of those that it has outlived."""
    return sum(process.cpu_times()[:4])
