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

from moderation.supervisor.processes import (
    adopt_orphans,
    death_wish,
    die_with,
    own_children,
    reap,
    send,
)

_GRACE_S: Final = 10.0

_STEP_S: Final = 0.05


def behind_front(
    body: Callable[[], int], *, follow_parent: bool = False, grace_s: float = _GRACE_S
) -> int:
    """Fork: run *body* in the new process, wait for it in the old one.

    Returns in both processes, with the exit code to leave with. The new process leads a group of
    its own, so that Ctrl-C in a terminal reaches it once, through the front. Call it while this
    process has one thread.

    Args:
        body: Must notice by `os.getppid` that the front has died, where the kernel does not say.
        follow_parent: End when whoever started this process dies, as if told by SIGTERM.
        grace_s: What the orphans of a killed supervisor have between SIGTERM and SIGKILL.
    """
    if follow_parent:
        die_with(os.getppid())
    adopt_orphans()
    wish = death_wish()
    supervisor = os.fork()
    if supervisor == 0:
        os.setpgid(0, 0)
        wish()
        adopt_orphans()
        return body()
    return _wait_for(supervisor, grace_s)


def _wait_for(supervisor: int, grace_s: float) -> int:
    def forward(signum: int, _frame: FrameType | None) -> None:
        send(signal.Signals(signum), supervisor)

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, forward)
    _, status = os.waitpid(supervisor, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        _end_orphans(supervisor, grace_s)
        return 128 - code
    return code


def _end_orphans(group: int, grace_s: float) -> None:
    """End all that a killed supervisor left: its process group, and whoever left that group."""
    for signum in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + grace_s
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
