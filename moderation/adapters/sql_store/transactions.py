"""Where a transaction begins and ends."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from moderation.adapters.sql_store.group_commit import GroupCommit, driver_of
from moderation.adapters.sql_store.policy_cache import PolicyCache
from moderation.adapters.sql_store.store import SqlStore
from moderation.errors import StoreUnavailable
from moderation.ports.store import OpenStore, Store


def sql_store(engine: Engine) -> OpenStore:
    """Return what opens the store on *engine*, whose schema ``migrate`` made."""
    policies = PolicyCache()
    writers = GroupCommit(engine) if engine.dialect.name == "sqlite" else None

    @contextmanager
    def open_store(*, reading: bool = False) -> Iterator[Store]:
        transaction: AbstractContextManager[Connection]
        if writers is None:
            transaction = _transaction(engine)
        elif reading:
            transaction = _snapshot(engine)
        else:
            transaction = writers.transaction()
        with transaction as connection:
            yield SqlStore(connection, policies)

    return open_store


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    with _connected(engine) as connection, connection.begin():
        yield connection


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Read one state of a SQLite database, while others write."""
    with _connected(engine) as connection, connection.begin():
        driver_of(connection).execute("BEGIN")
        yield connection


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except PoolTimeout as error:
        raise StoreUnavailable from error
    with connection:
        yield connection
