"""When a worker ends: after the job it is doing, unless it is told twice."""

import os
import signal
import time
from types import FrameType
from typing import Final

_STEP_S: Final = 0.1
_ECHO_S: Final = 1.0


class Stop:
    """Turned on by SIGTERM or SIGINT: finish the current job, then end with code 0.

    A second signal within a second is taken for an echo of the first, as when a supervisor
    and a terminal both tell; a later one ends the process at once. That is safe: whatever it
    was doing is leased to it, and the lease runs out.
    """

    def __init__(self) -> None:
        self.asked = False
        self._asked_at = 0.0

    def listen(self) -> None:
        """Take over the signals. Only in the main thread."""
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._note)

    def wait(self, seconds: float) -> bool:
        """Sleep, but no longer than until asked to stop; say whether that is so.

        In steps, because a lock taken by a signal handler might be held by what it interrupts.
        """
        until = time.monotonic() + seconds
        while not self.asked and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _STEP_S))
        return self.asked

    def _note(self, _signum: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if not self.asked:
            self.asked, self._asked_at = True, now
        elif now - self._asked_at >= _ECHO_S:
            os._exit(1)
