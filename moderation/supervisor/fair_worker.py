"""How the processes of the API share the connections that clients keep open."""

import socket
import time
from typing import Final

from gunicorn.workers.gthread import ThreadWorker

_STEP_S: Final = 0.0002
_LONGEST_S: Final = 0.005


class FairWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn declares no types
    """gunicorn's threaded worker, which leaves a new connection to a less busy process.

    All processes wake up for it, and whichever is first gets it. Of 32 connections that a
    site opened at once one process had up to 29, so that half of the machine stood idle
    while most requests queued. Here each waits a moment that grows with the connections
    that it has, so that the one with the fewest is first.
    """

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection, if no other process has meanwhile."""
        time.sleep(min(self.nr_conns * _STEP_S, _LONGEST_S))
        super().accept(listener)
