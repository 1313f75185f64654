"""Requests that hold a thread while a worker works: for a decision, or for a score.

``Prefer: wait=N`` (RFC 7240) is how a site asks to be answered with the decision.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flask import Request as HttpRequest

_WAIT: Final = re.compile(r"(?:^|[,\s])wait\s*=\s*\"?(\d{1,9})\"?\s*(?:[;,]|$)", re.IGNORECASE)


class Waiting:
    """Lends out half of a process's threads, so that the others always answer at once.

    One instance an application, for all that waits: two would lend out every thread.
    """

    def __init__(self, *, threads: int, longest_s: float) -> None:
        self._free = threading.BoundedSemaphore(max(1, threads // 2))
        self._longest_s = longest_s

    @contextmanager
    def thread(self) -> Iterator[bool]:
        """Hold a thread for waiting.

        Yields:
            Whether one was free; if not, answer at once.
        """
        lent = self._free.acquire(blocking=False)
        try:
            yield lent
        finally:
            if lent:
                self._free.release()

    @contextmanager
    def allowed(self, asked: HttpRequest) -> Iterator[float]:
        """Hold a thread for waiting, if the site wants it and one is free.

        Yields:
            How many seconds to wait; 0: answer at once.
        """
        seconds = min(_asked_for(asked), self._longest_s)
        if seconds <= 0:
            yield 0.0
            return
        with self.thread() as lent:
            yield seconds if lent else 0.0


def _asked_for(asked: HttpRequest) -> float:
    """Return N of the first ``wait=N``; 0 for none, and for one that makes no sense."""
    found = _WAIT.search(asked.headers.get("Prefer", ""))
    return 0.0 if found is None else float(found[1])
