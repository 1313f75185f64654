"""Alembic's steps from each schema to the next, run by ``sql_store.migrate``."""
