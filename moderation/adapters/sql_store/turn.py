"""Taking turns with other processes that write to the same SQLite file."""

import fcntl
import os
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_FIRST_PAUSE_S: Final = 0.0005
_LONGEST_PAUSE_S: Final = 0.004
"""Between attempts. Each costs a busy process more than a request's own code: with a pause
of 0.3 ms throughout, two processes spent a third of their time on asking."""


class Turn:
    """The right to be the next writer, held only while waiting for SQLite's own lock.

    SQLite lets whoever asks at the right moment write next, and the process that has just
    written asks first: others starve for tenths of a second. A process that waits holds
    the turn meanwhile, so the last writer comes after it. It orders writers and protects
    nothing: without it, or against a program that does not know it, all stays correct.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-turn")
        self._descriptor = -1
        self._owner = 0

    @contextmanager
    def taken(self, deadline: float) -> Iterator[None]:
        """Hold the turn; go on without it past *deadline* (monotonic) or where it fails."""
        descriptor = self._open()
        held = descriptor >= 0 and poll(lambda: _try_lock(descriptor), deadline)
        try:
            yield
        finally:
            if held:
                fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _open(self) -> int:
        # A forked child would share the parent's turn, so it opens its own.
        if self._owner != os.getpid():
            self._descriptor, self._owner = -1, os.getpid()
            with suppress(OSError):
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
                self._descriptor = os.open(self._path, flags, 0o600)
                weakref.finalize(self, os.close, self._descriptor)
        return self._descriptor


def poll(attempt: Callable[[], bool], deadline: float) -> bool:
    """Call *attempt* ever more seldom until it returns True, or until *deadline* (monotonic)."""
    pause_s = _FIRST_PAUSE_S
    while not attempt():
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
    return True


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
