"""Whether database, schema and Redis are there."""

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from moderation.adapters.sql_store import schema_is_current
from moderation.errors import StoreUnavailable


class Database:
    """The database answers a query."""

    name = "database"
    essential = True

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def holds(self) -> bool:
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except (StoreUnavailable, SQLAlchemyError):
            return False
        return True


class Schema:
    """The database has the schema that this version of the service needs."""

    name = "schema"
    essential = True

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def holds(self) -> bool:
        try:
            return schema_is_current(self._engine)
        except (StoreUnavailable, SQLAlchemyError):
            return False


class WakeUps:
    """Redis answers. Without it comments are still accepted, and judged when the sweep comes."""

    name = "redis"
    essential = False

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def holds(self) -> bool:
        try:
            return bool(self._redis.ping())
        except RedisError:
            return False
