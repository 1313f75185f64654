"""Migrations: up, down and up again, by many at once, and the same as the tables."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import Engine, inspect

from moderation.adapters.sql_store import make_engine, metadata, migrate, schema_is_current
from moderation.adapters.sql_store.engine import database_url
from moderation.settings import Settings

Engines = Callable[[Settings], Engine]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Return settings that name a database without tables."""
    if request.param == "sqlite":
        return Settings(data_dir=tmp_path / "new" / "folder")
    return Settings(database_url=request.getfixturevalue("postgres_url"))


def _tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_schema_goes_up_down_and_up_again(empty: Settings, engines: Engines) -> None:
    for _ in range(2):
        migrate(empty)
        engine = engines(empty)
        assert _tables(engine) == set(metadata.tables)
        assert schema_is_current(engine)

        migrate(empty, change=command.downgrade, to="base")
        assert _tables(engine) == set()
        assert not schema_is_current(engine)


def test_the_migrations_make_exactly_the_tables_of_the_code(
    empty: Settings, engines: Engines
) -> None:
    migrate(empty)

    with engines(empty).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_many_processes_may_migrate_at_once(empty: Settings, engines: Engines) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, [empty] * 4))

    assert schema_is_current(engines(empty))


def test_a_database_without_tables_is_not_current(empty: Settings, engines: Engines) -> None:
    empty.data_dir.mkdir(parents=True, exist_ok=True)

    assert not schema_is_current(engines(empty))


def test_a_step_that_fails_leaves_nothing_behind(empty: Settings, engines: Engines) -> None:
    def half(*arguments: object) -> None:
        command.upgrade(*arguments)  # type: ignore[arg-type]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        migrate(empty, change=half)

    assert _tables(engines(empty)) == set()


def test_the_embedded_database_outlives_a_power_cut(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    migrate(settings)
    engine = make_engine(settings)

    with engine.connect() as connection:
        read = connection.exec_driver_sql
        assert read("PRAGMA journal_mode").scalar() == "wal"
        assert read("PRAGMA synchronous").scalar() == 2  # FULL
        assert read("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()
    with sqlite3.connect(tmp_path / "moderation.db") as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    plain.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://mo@db/moderation", "postgresql+psycopg://mo:hidden@db/moderation"),
        ("postgresql://mo:own@db/moderation", "postgresql+psycopg://mo:own@db/moderation"),
    ],
)
def test_a_password_is_put_in_where_the_address_has_none(url: str, expected: str) -> None:
    settings = Settings(database_url=url, database_password=SecretStr("hidden"))

    assert database_url(settings).render_as_string(hide_password=False) == expected
