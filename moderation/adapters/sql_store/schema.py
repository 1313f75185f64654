"""Bringing the schema up to date, and telling whether it is."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, create_engine, inspect, text

from moderation.adapters.sql_store.engine import database_url
from moderation.settings import Settings

if TYPE_CHECKING:  # Alembic takes a third of a second to import, and only migrating needs it
    from alembic.config import Config

Change = Callable[["Config", str], None]
"""``alembic.command.upgrade`` or ``downgrade``."""

_LOCK: Final = 7_263_451_098
"""The PostgreSQL advisory lock of whoever migrates: any number, always the same."""

_PATIENCE_S: Final = 60.0
"""How long a process waits for another one's migration."""


def migrate(settings: Settings, *, change: Change | None = None, to: str = "head") -> None:
    """Bring the database to the newest schema, or by *change* to another revision.

    Several processes may do so at once: one does the work, the others find it done.
    Either all steps are kept or none. No *change* is an upgrade.
    """
    from alembic import command

    url = database_url(settings)
    on_sqlite = url.get_backend_name() == "sqlite"
    if on_sqlite and url.database:
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {"timeout": _PATIENCE_S, "isolation_level": None} if on_sqlite else {}
    engine = create_engine(url, hide_parameters=True, connect_args=options)
    try:
        with engine.connect() as connection:
            _lock(connection)
            (change or command.upgrade)(alembic_config(connection), to)
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
        return present.scalars().all() == [newest_revision()]


def alembic_config(connection: Connection | None = None) -> "Config":
    """Return Alembic's configuration, which lives in no file of its own."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("moderation.adapters") / "migrations"))
    config.attributes["connection"] = connection
    return config


@cache
def newest_revision() -> str:
    """Return the last step's revision, by the names of their files: ``v0001_first_schema.py``."""
    steps = (files("moderation.adapters") / "migrations" / "versions").iterdir()
    return max(step.name[1:5] for step in steps if step.name.startswith("v"))


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
