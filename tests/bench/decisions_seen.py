"""When decisions can be read by anybody: after their commit, as another process sees it."""

import sqlite3
import threading
import time
from typing import Final
from uuid import UUID

from tests.bench.running import Service

_LOOK_S: Final = 0.001


class DecisionsSeen:
    """A thread that notes when each new decision of a SQLite store becomes visible.

    It asks the database whether anything was committed, which costs microseconds, and
    reads only then.
    """

    def __init__(self, service: Service) -> None:
        self.at: dict[str, float] = {}
        """When each comment's decision was first seen, by the clock ``time.perf_counter``."""
        self._file = service.settings.database_url.removeprefix("sqlite:///")
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="decisions")

    def __enter__(self) -> "DecisionsSeen":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _watch(self) -> None:
        database = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, isolation_level=None)
        before, last = None, 0
        ending = False
        while not ending:
            ending = self._ending.wait(_LOOK_S)  # and look once more after it
            version = database.execute("PRAGMA data_version").fetchone()
            if version != before:
                before = version
                rows = database.execute(
                    "SELECT rowid, comment_id FROM decisions WHERE rowid > ?", [last]
                ).fetchall()
                now = time.perf_counter()
                for rowid, comment_id in rows:
                    self.at.setdefault(str(UUID(comment_id)), now)
                    last = rowid
        database.close()
