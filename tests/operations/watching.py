"""Seeing which processes there are."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil


def processes_with(variable: str, value: str) -> list[psutil.Process]:
    """Return every living process that was started with this variable in its environment.

    Or whose command line holds the value: Redis writes its title over its environment.
    """
    found = []
    for process in psutil.process_iter():
        try:
            marked = process.environ().get(variable) == value or any(
                value in word for word in process.cmdline()
            )
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
