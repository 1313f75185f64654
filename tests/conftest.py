"""Fixtures for all tests: real databases and a real Redis, started once and cleaned each time."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from moderation.adapters.sql_store import make_engine, migrate, sql_store
from moderation.ports.store import OpenStore
from moderation.settings import Settings
from tests.servers import PostgresServer, RedisServer

WHOLE_SYSTEMS = ("tests/bench/", "tests/chaos/", "tests/operations/", "processes.py")
SECRET = SecretStr("a secret for tests, of at least 32 characters")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that start whole systems run one after another, while others run beside them.

    Two such systems at a time would starve each other on two cores.
    """
    for item in items:
        if any(part in item.nodeid.partition("::")[0] for part in WHOLE_SYSTEMS):
            item.add_marker(pytest.mark.xdist_group("systems"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Return a running server. A test that kills it starts it again."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Return the address of an empty database."""
    name = postgres_server.new_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def _running_redis() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.close()


@pytest.fixture
def redis_server(_running_redis: RedisServer) -> Iterator[RedisServer]:
    """Return an empty Redis; the test may kill, pause and start it as it likes."""
    _running_redis.recover()
    yield _running_redis
    _running_redis.recover()


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    migrate(Settings(data_dir=folder))
    return folder / "moderation.db"


@pytest.fixture(scope="session")
def _migrated_database(postgres_server: PostgresServer) -> str:
    name = postgres_server.new_database()
    migrate(Settings(database_url=postgres_server.url(name)))
    return name


@pytest.fixture
def sqlite_settings(tmp_path: Path, _migrated_file: Path) -> Settings:
    """Return settings whose data folder holds a migrated SQLite database."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(_migrated_file, folder / "moderation.db")
    return Settings(data_dir=folder, secret=SECRET)


@pytest.fixture
def postgres_settings(
    tmp_path: Path, postgres_server: PostgresServer, _migrated_database: str
) -> Iterator[Settings]:
    """Return settings that name a migrated PostgreSQL database."""
    url = postgres_server.url(_migrated_database)
    yield Settings(data_dir=tmp_path, database_url=url, secret=SECRET)
    postgres_server.start()
    postgres_server.empty_database(_migrated_database)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_settings(request: pytest.FixtureRequest) -> Settings:
    """Return settings that name a migrated database: one test each for both kinds."""
    names = {"sqlite": "sqlite_settings", "postgresql": "postgres_settings"}
    settings: Settings = request.getfixturevalue(names[request.param])
    return settings


@pytest.fixture
def engines() -> Iterator[Callable[[Settings], Engine]]:
    """Return what makes engines that are closed when the test ends."""
    made: list[Engine] = []

    def make(settings: Settings) -> Engine:
        made.append(make_engine(settings))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def open_store(store_settings: Settings, engines: Callable[[Settings], Engine]) -> OpenStore:
    """Return a store that is empty: one test each for SQLite and PostgreSQL."""
    return sql_store(engines(store_settings))


@pytest.fixture
def sqlite_store(sqlite_settings: Settings, engines: Callable[[Settings], Engine]) -> OpenStore:
    """Return an empty store on SQLite, for tests to which the database makes no difference."""
    return sql_store(engines(sqlite_settings))
