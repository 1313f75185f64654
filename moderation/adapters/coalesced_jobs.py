"""One wake-up for all comments that a busy process accepted within a few milliseconds."""

import threading
import time
from typing import Final

from moderation.ports.jobs import Jobs

_PAUSE_S: Final = 0.005


class CoalescedJobs:
    """``ports.Jobs`` that asks in the background, so that no request waits for Redis.

    A wake-up is for everything that waits, not only for the comment it names; so one that
    is sent after several comments were stored serves them all. The first one leaves at
    once, those of the next few milliseconds together. One that is lost because the process
    ends is made up for by the sweep, like any other.
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._wanted = threading.Event()
        self._starting = threading.Lock()
        self._sender: threading.Thread | None = None
        self._newest = ""

    def score(self, comment_id: str) -> None:
        self._newest = comment_id
        self._wanted.set()
        if self._sender is None:
            self._start()

    def deliver(self) -> None:
        self._jobs.deliver()

    def _start(self) -> None:
        """Start the thread where it is first needed: a server may fork before."""
        with self._starting:
            if self._sender is None:
                self._sender = threading.Thread(target=self._send, name="wake-ups", daemon=True)
                self._sender.start()

    def _send(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()  # what is stored from here on sets it again
            self._jobs.score(self._newest)
            time.sleep(_PAUSE_S)
