from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from moderation.settings import Settings
from tests.servers import RedisServer
from tests.workers.service import Workers, workers_for


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    """Return a client of an empty Redis."""
    with redis_server.client() as client:
        yield client


@pytest.fixture
def workers(
    sqlite_settings: Settings, redis_server: RedisServer, tmp_path: Path
) -> Iterator[Workers]:
    """Return a service on SQLite; leases and the sweep are quick, so that tests are."""
    quick = {"redis_url": redis_server.url, "lease_s": 2.0, "sweep_interval_s": 0.5}
    yield from workers_for(sqlite_settings.model_copy(update=quick), tmp_path)


@pytest.fixture
def workers_on_both(
    store_settings: Settings, redis_server: RedisServer, tmp_path: Path
) -> Iterator[Workers]:
    """Return the same, once on SQLite and once on PostgreSQL."""
    quick = {"redis_url": redis_server.url, "lease_s": 2.0, "sweep_interval_s": 0.5}
    yield from workers_for(store_settings.model_copy(update=quick), tmp_path)
