"""``Prefer: wait=N`` (RFC 7240): sites that want to be answered with the decision."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flask import Request as HttpRequest

_WAIT: Final = re.compile(r"(?:^|[,\s])wait\s*=\s*\"?(\d{1,9})\"?\s*(?:[;,]|$)", re.IGNORECASE)


class Waiting:
    """Lends out half of a process's threads, so that the others always answer at once."""

    def __init__(self, *, threads: int, longest_s: float) -> None:
        self._free = threading.BoundedSemaphore(max(1, threads // 2))
        self._longest_s = longest_s

    @contextmanager
    def allowed(self, asked: HttpRequest) -> Iterator[float]:
        """Hold a thread for waiting, if the site wants it and one is free.

        Yields:
            How many seconds to wait; 0: answer at once.
        """
        seconds = min(_asked_for(asked), self._longest_s)
        if seconds <= 0 or not self._free.acquire(blocking=False):
            yield 0.0
            return
        try:
            yield seconds
        finally:
            self._free.release()


def _asked_for(asked: HttpRequest) -> float:
    """Return N of the first ``wait=N``; 0 for none, and for one that makes no sense."""
    found = _WAIT.search(", ".join(asked.headers.getlist("Prefer")))
    return 0.0 if found is None else float(found[1])
