"""How fast work goes, and how much of the processors it takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil


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


def _family() -> list[psutil.Process]:
    myself = psutil.Process()
    return [myself, *myself.children(recursive=True)]


def _cpu_s(process: psutil.Process) -> float:
    """Return the processor time of a process and of those that it has outlived."""
    return sum(process.cpu_times()[:4])
