"""What the kernel does for us, so that no process outlives its parent.

Linux only; elsewhere these do nothing, and parents and children watch each other instead.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36


def death_wish() -> Callable[[], None]:
    """Return what a child runs before its program starts, so that it ends with this process.

    Start such children from the main thread: the kernel watches the *thread* that started them.
    """
    _prctl()  # loaded now, since little may be done between fork and exec
    return partial(die_with, os.getpid())


def die_with(parent: int) -> None:
    """Have the kernel send this process SIGTERM when its parent dies; leave if it has already.

    SIGTERM, since whoever loses the parent still finishes its work.
    """
    prctl = _prctl()
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies."""
    prctl = _prctl()
    if prctl is not None:
        prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def own_children() -> list[int]:
    """Return the ids of this process's children, adopted ones included; empty if unknowable."""
    me = os.getpid()
    try:
        return [int(pid) for pid in Path(f"/proc/{me}/task/{me}/children").read_text().split()]
    except OSError:
        return []


def send(signum: signal.Signals, pid: int) -> None:
    """Signal one process; one that is gone already is no error."""
    try:
        os.kill(pid, signum)
    except ProcessLookupError:
        return


def reap() -> dict[int, int]:
    """Collect every child that has ended: id to exit code, negative for a signal."""
    ended: dict[int, int] = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = os.waitstatus_to_exitcode(status)


@cache
def _prctl() -> Callable[[int, int, int, int, int], int] | None:
    if sys.platform != "linux":
        return None
    function: Callable[[int, int, int, int, int], int] = ctypes.CDLL(None, use_errno=True).prctl
    return function
