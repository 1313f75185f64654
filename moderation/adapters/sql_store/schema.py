"""Bringing the schema up to date, and telling whether it is."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from moderation.adapters.sql_store.engine import database_url
from moderation.settings import Settings

Change = Callable[[Config, str], None]
"""``alembic.command.upgrade`` or ``downgrade``."""

_LOCK: Final = 7_263_451_098
"""The PostgreSQL advisory lock of whoever migrates: any number, always the same."""

_PATIENCE_S: Final = 60.0
"""How long a process waits for another one's migration."""


def migrate(settings: Settings, *, change: Change = command.upgrade, to: str = "head") -> None:
    """Bring the database to the newest schema, or by *change* to another revision.

    Several processes may do so at once: one does the work, the others find it done.
    Either all steps are kept or none.
    """
    url = database_url(settings)
    on_sqlite = url.get_backend_name() == "sqlite"
    if on_sqlite and url.database:
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {"timeout": _PATIENCE_S, "isolation_level": None} if on_sqlite else {}
    engine = create_engine(url, hide_parameters=True, connect_args=options)
    try:
        with engine.connect() as connection:
            _lock(connection)
            change(alembic_config(connection), to)
            connection.commit()
    finally:
        engine.dispose()


def schema_is_current(engine: Engine) -> bool:
    """Say whether the database has the schema that this version of the service needs.

    Raises:
        StoreUnavailable: The database cannot be asked.
    """
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        present = connection.execute(text("SELECT version_num FROM alembic_version"))
        return present.scalars().all() == [_newest()]


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, which lives in no file of its own."""
    config = Config()
    config.set_main_option("script_location", str(files("moderation.adapters") / "migrations"))
    config.attributes["connection"] = connection
    return config


@cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
