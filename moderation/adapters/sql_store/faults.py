"""Which database errors mean that the store is unavailable. Nothing else is swallowed."""

import sqlite3
from typing import Final

from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import InterfaceError, OperationalError

from moderation.errors import StoreUnavailable

_SQLITE_MISTAKE: Final = sqlite3.SQLITE_ERROR
"""SQLite reports a wrong statement as an OperationalError too, under this code."""


def report_unavailability(engine: Engine) -> None:
    """Raise ``StoreUnavailable`` in place of the driver's errors for a store that is away.

    That is: gone, restarting, full, read-only, locked or busy for too long. A statement
    that is wrong keeps its own error, since trying it again does not help.
    """
    event.listen(engine, "handle_error", _translate)


def is_unavailability(error: BaseException | None) -> bool:
    """Say whether *error*, SQLAlchemy's or the SQLite driver's, comes from a store that is away."""
    if isinstance(error, sqlite3.OperationalError):
        return getattr(error, "sqlite_errorcode", None) != _SQLITE_MISTAKE
    if isinstance(error, OperationalError | InterfaceError):
        return not isinstance(error.orig, sqlite3.Error) or is_unavailability(error.orig)
    return False


def _translate(context: ExceptionContext) -> None:
    if context.is_pre_ping:
        return  # a connection that died in the pool is replaced, if the server is back
    if is_unavailability(context.sqlalchemy_exception or context.original_exception):
        raise StoreUnavailable from context.original_exception
