"""Seeing which processes there are, and waiting for things to become so."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil


def wait_until(so: Callable[[], bool], within_s: float = 20.0) -> None:
    """Return once *so*; fail if it does not come true in time."""
    deadline = time.monotonic() + within_s
    while not so():
        assert time.monotonic() < deadline, f"not so after {within_s} s"
        time.sleep(0.02)


def processes_with(variable: str, value: str) -> list[psutil.Process]:
    """Return every living process that was started with this variable in its environment."""
    found = []
    for process in psutil.process_iter():
        try:
            marked = process.environ().get(variable) == value
            if marked and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


@contextmanager
def none_left(variable: str, value: str) -> Iterator[None]:
    """Kill, whatever happens in the block, all that was started with this variable."""
    try:
        yield
    finally:
        for process in processes_with(variable, value):
            process.kill()
