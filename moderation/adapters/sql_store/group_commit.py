"""SQLite's writers: one at a time, many to a commit.

A commit that outlives a power cut waits for the disk, about as long as ten transactions
compute. So the transactions of a process's threads that come one upon the other share one
commit: each is a savepoint, and each answers only after the disk has it. A thread whose
transaction fails takes back its own savepoint only; if the commit fails, it fails for all.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from moderation.adapters.sql_store.engine import BUSY_MS
from moderation.adapters.sql_store.faults import is_unavailability
from moderation.adapters.sql_store.turn import Turn, poll
from moderation.errors import StoreUnavailable

_QUEUE_S: Final = 0.8
"""How long a thread waits for its own process's writers; then ``BUSY_MS`` for others."""

_RESCUE_S: Final = 0.05


class GroupCommit:
    """Write transactions on one SQLite database, for all threads of a process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = Turn(Path(engine.url.database or ""))
        self._gate = Lock()
        """Held by the thread whose transaction is running, and through a commit."""
        self._count = Lock()
        self._waiting = 0
        self._group: _Group | None = None
        """The group whose commit is still to come. Touched only by who holds the gate."""

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Run a transaction; on return from a clean exit the disk has it.

        Raises:
            StoreUnavailable: Nothing of this transaction was kept.
        """
        group = self._enter()
        try:
            with group.member():
                yield group.connection
        finally:
            self._leave(group)
        while not group.settled(_RESCUE_S):
            self._rescue(group)

    def _enter(self) -> "_Group":
        with self._count:
            self._waiting += 1
        try:
            admitted = self._gate.acquire(timeout=_QUEUE_S)
        finally:
            with self._count:
                self._waiting -= 1
        if not admitted:
            raise StoreUnavailable
        try:
            if self._group is None:
                self._group = self._begin()
        except BaseException:
            self._gate.release()
            raise
        return self._group

    def _leave(self, group: "_Group") -> None:
        """Commit, unless another thread waits: then that one, or one after it, will."""
        with self._count:
            last = self._waiting == 0
        try:
            if last or group.broken:
                self._commit(group)
        finally:
            self._gate.release()

    def _rescue(self, group: "_Group") -> None:
        """Commit where the thread that should have followed gave up waiting."""
        if self._gate.acquire(blocking=False):
            try:
                if self._group is group:
                    self._commit(group)
            finally:
                self._gate.release()

    def _commit(self, group: "_Group") -> None:
        self._group = None
        group.commit()

    def _begin(self) -> "_Group":
        deadline = time.monotonic() + BUSY_MS / 1_000
        try:
            connection = self._engine.connect()
        except PoolTimeout as error:
            raise StoreUnavailable from error
        try:
            driver = driver_of(connection)
            connection.begin()
            with self._turn.taken(deadline):
                _begin_immediate(driver, deadline)
        except BaseException:
            connection.close()
            raise
        return _Group(connection, driver)


class _Group:
    """Transactions that share a commit."""

    def __init__(self, connection: Connection, driver: sqlite3.Connection) -> None:
        self.connection = connection
        self._driver = driver
        self._done = Event()
        self._kept = False

    @property
    def broken(self) -> bool:
        """Whether SQLite has undone the whole transaction, as it may when the disk is full."""
        return not self._driver.in_transaction

    @contextmanager
    def member(self) -> Iterator[None]:
        """Run one of the transactions: its failure undoes nothing of the others."""
        self._driver.execute("SAVEPOINT member")
        try:
            yield
        except BaseException:
            self._undo_member()
            raise
        else:
            if not self.broken:
                self._driver.execute("RELEASE member")

    def commit(self) -> None:
        """Commit and let the members go. Raises nothing: each learns it by ``settled``."""
        try:
            if not self.broken:
                self.connection.commit()
                self._kept = True
        except StoreUnavailable:
            pass  # ``_kept`` says it
        finally:
            try:
                self.connection.close()
            finally:
                self._done.set()

    def settled(self, timeout_s: float) -> bool:
        """Say whether the commit is done, after waiting for it.

        Raises:
            StoreUnavailable: It is, and nothing was kept.
        """
        if not self._done.wait(timeout_s):
            return False
        if not self._kept:
            raise StoreUnavailable
        return True

    def _undo_member(self) -> None:
        if self.broken:
            return
        try:
            self._driver.execute("ROLLBACK TO member")
            self._driver.execute("RELEASE member")
        except sqlite3.Error:
            self._driver.rollback()  # half of a transaction must not be kept with the others


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Return the driver's connection: savepoints need none of SQLAlchemy's bookkeeping."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("not a SQLite connection")
    return driver


def _begin_immediate(driver: sqlite3.Connection, deadline: float) -> None:
    """Take SQLite's write lock, asking often: its own waiting sleeps too long.

    Raises:
        StoreUnavailable: Somebody kept it past *deadline* (monotonic).
    """

    def begun() -> bool:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            if is_unavailability(error):
                raise StoreUnavailable from error
            raise
        return True

    driver.execute("PRAGMA busy_timeout = 0")
    try:
        if not poll(begun, deadline):
            raise StoreUnavailable
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
