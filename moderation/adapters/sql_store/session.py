"""What the parts of the store share: one connection, inside its transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Row

from moderation.adapters.sql_store.policy_cache import PolicyCache
from moderation.errors import NotFound
from moderation.identifiers import is_id


class Session:
    """A connection inside a transaction, that ends when ``transactions.py`` says so."""

    def __init__(self, connection: Connection, policies: PolicyCache) -> None:
        self._connection = connection
        self._policies = policies
        self._dialect = connection.dialect.name

    def _run(
        self,
        statement: Executable,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        return self._connection.execute(statement, values)

    def _all(
        self, query: Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[Row[Any]]:
        return self._run(query, values).all()

    def _one(self, query: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
        """Return the only row, or None."""
        return self._run(query, values).one_or_none()


def storable(text: str | None) -> bool:
    """Say whether any row could hold *text*: no database keeps U+0000 or a lone surrogate."""
    if text is None:
        return True
    return "\x00" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def known(kind: str, identifier: str) -> str:
    """Return *identifier* if it can be one at all.

    Raises:
        NotFound: It is malformed, so nothing has it; a database would call it bad input.
    """
    if not is_id(identifier):
        raise NotFound(kind, identifier)
    return identifier
