"""How each database is opened, and what a commit outlives."""

from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, event, make_url

from moderation.adapters.sql_store.faults import report_unavailability
from moderation.adapters.sql_store.patience import PATIENT, Patience
from moderation.data_folder import DataFolder
from moderation.settings import Settings

_POOL_WAIT_S: Final = 1.0
_CONNECT_S: Final = 2
_LOCK_MS: Final = 1_000
_STATEMENT_MS: Final = 15_000
"""A guard against the unforeseen: every query of the store is bounded."""

BUSY_MS: Final = 700
"""How long SQLite waits for another process's lock. With the writers' own queue in front
(``group_commit.py``) a locked database still answers within 2 s."""


def make_engine(settings: Settings, *, patience: Patience = PATIENT) -> Engine:
    """Return an engine for the settings' database; connects to nothing yet.

    *patience* is for PostgreSQL; SQLite's writers have time-outs of their own.
    """
    url = database_url(settings)
    engine = create_engine(
        url,
        hide_parameters=True,  # comment texts must not reach error messages
        pool_size=settings.api_threads,
        max_overflow=4,
        pool_timeout=_POOL_WAIT_S,
        **(_sqlite_options() if url.get_backend_name() == "sqlite" else _postgresql_options()),
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        # Here, since psycopg takes a fifth of a second to import and SQLite needs none of it.
        from moderation.adapters.sql_store.silence import give_up_on_silence  # noqa: PLC0415

        give_up_on_silence(engine, patience)
    report_unavailability(engine)
    return engine


def database_url(settings: Settings) -> URL:
    """Return the address of the database: as set, or the file in the data folder."""
    if not settings.database_url:
        return make_url(DataFolder.of(settings).database_url)
    url = make_url(settings.database_url)
    if url.password is None and settings.database_password is not None:
        url = url.set(password=settings.database_password.get_secret_value())
    return url


def _sqlite_options() -> dict[str, Any]:
    # isolation_level None: transactions begin where transactions.py says, not where the
    # driver guesses. One connection may serve several threads, one after the other.
    return {"connect_args": {"isolation_level": None, "check_same_thread": False}}


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Make a commit outlive a power cut, and an erased text unreadable in the file."""
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "cache_size = -16384",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _postgresql_options() -> dict[str, Any]:
    return {
        "pool_pre_ping": True,  # a restarted server costs nobody a request
        "connect_args": {
            "connect_timeout": _CONNECT_S,
            "application_name": "moderation",
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": _CONNECT_S * 1_000,
            "options": (
                f"-c timezone=utc -c lock_timeout={_LOCK_MS}"
                f" -c statement_timeout={_STATEMENT_MS}"
                " -c idle_in_transaction_session_timeout=60000"
            ),
        },
    }
