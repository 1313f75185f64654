"""The store on SQLite and PostgreSQL, through SQLAlchemy Core."""

from moderation.adapters.sql_store.engine import make_engine
from moderation.adapters.sql_store.patience import PATIENT, PROMPT, Patience
from moderation.adapters.sql_store.schema import migrate, schema_is_current
from moderation.adapters.sql_store.tables import metadata
from moderation.adapters.sql_store.transactions import sql_store

__all__ = [
    "PATIENT",
    "PROMPT",
    "Patience",
    "make_engine",
    "metadata",
    "migrate",
    "schema_is_current",
    "sql_store",
]
