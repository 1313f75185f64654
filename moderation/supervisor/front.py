"""A front process before the supervisor: whichever dies first, the other cleans up after it.

The front is what the terminal, ``make`` or a test started, and it does nothing but wait. If it is
killed, the kernel tells the supervisor, which stops the service in good order. If the supervisor
is killed, its children become the front's, and the front ends them.
"""

import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Final

from moderation.supervisor.processes import adopt_orphans, death_wish, own_children, reap, send

_GRACE_S: Final = 10.0
"""How long orphans of a killed supervisor may take to finish what they are doing."""

_STEP_S: Final = 0.05


def behind_front(body: Callable[[], int]) -> int:
    """Fork: run *body* in the new process, wait for it in the old one.

    Returns in both processes, with the exit code to leave with. The new process leads a group of
    its own, so that Ctrl-C in a terminal reaches it once, through the front. Call it while this
    process has one thread.
    """
    adopt_orphans()
    wish = death_wish()
    supervisor = os.fork()
    if supervisor == 0:
        os.setpgid(0, 0)
        wish()
        adopt_orphans()
        return body()
    return _wait_for(supervisor)


def _wait_for(supervisor: int) -> int:
    def forward(signum: int, _frame: FrameType | None) -> None:
        send(signal.Signals(signum), supervisor)

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, forward)
    _, status = os.waitpid(supervisor, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        _end_orphans(supervisor)
        return 128 - code
    return code


def _end_orphans(group: int) -> None:
    """End all that a killed supervisor left: its process group, and whoever left that group."""
    for signum, patience_s in ((signal.SIGTERM, _GRACE_S), (signal.SIGKILL, _GRACE_S)):
        deadline = time.monotonic() + patience_s
        told: set[int] = set()
        _signal_group(signum, group)
        while time.monotonic() < deadline:
            reap()
            left = own_children()
            if not left and not _signal_group(None, group):
                return
            for pid in set(left) - told:
                told.add(pid)
                send(signum, pid)
            time.sleep(_STEP_S)


def _signal_group(signum: signal.Signals | None, group: int) -> bool:
    """Signal a process group, or with None only ask; say whether anything is in it."""
    try:
        os.killpg(group, signum or 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
