from collections.abc import Iterator

import pytest
from redis import Redis

from tests.servers import RedisServer


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    """Return a client of an empty Redis."""
    with redis_server.client() as client:
        yield client
