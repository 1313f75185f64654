"""Whether there is room for one more comment to be judged."""

import threading
import time
from collections.abc import Callable
from typing import Final

from moderation.ports.store import OpenStore

_BELIEVED_S: Final = 0.5


class BackPressure:
    """Counts the backlog at most twice a second in each process.

    So the limit may be overshot by what the processes accept in half a second.
    """

    def __init__(
        self,
        open_store: OpenStore,
        *,
        max_backlog: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_store = open_store
        self._max = max_backlog
        self._clock = clock
        self._counting = threading.Lock()
        self._room = True
        self._until = 0.0

    def room(self) -> bool:
        """Say whether fewer comments are pending than the limit.

        Raises:
            StoreUnavailable: They cannot be counted.
        """
        if self._clock() < self._until:
            return self._room
        first_ever = self._until == 0.0
        if self._counting.acquire(blocking=first_ever):  # others use the last count meanwhile
            try:
                if self._clock() >= self._until:
                    self._count()
            finally:
                self._counting.release()
        return self._room

    def _count(self) -> None:
        with self._open_store(reading=True) as store:
            pending = store.backlog(limit=self._max).pending
        self._room = pending < self._max
        self._until = self._clock() + _BELIEVED_S
