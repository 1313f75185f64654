"""What waits for the machine: leases that expire, the backlog, what is owed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, or_, select, update

from moderation.adapters.sql_store.rows import comment_from
from moderation.adapters.sql_store.session import Session
from moderation.adapters.sql_store.tables import PENDING, comments
from moderation.domain.comment import Comment
from moderation.identifiers import is_id
from moderation.ports.store import Backlog

_WAITING: Final = comments.c.status == PENDING
_FREE: Final = or_(
    comments.c.leased_until.is_(None),
    comments.c.leased_until <= bindparam("now", type_=comments.c.leased_until.type),
)
_OLDEST_FREE: Final = (
    select(comments.c.id, comments.c.attempts)
    .where(_WAITING, _FREE)
    .order_by(comments.c.id)
    .limit(bindparam("limit"))
)
# Another caller's candidates are passed over, not waited for. SQLite has no such words
# and needs none: its writers come one after the other.
_CANDIDATES: Final = _OLDEST_FREE.with_for_update(skip_locked=True)
_FIRST: Final = (
    select(comments.c.id, comments.c.attempts)
    .where(comments.c.id == bindparam("id"), _WAITING, _FREE)
    .with_for_update(skip_locked=True)
)
_TAKE: Final = (
    update(comments)
    .where(comments.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        leased_until=bindparam("until", type_=comments.c.leased_until.type),
        attempts=comments.c.attempts + 1,
    )
    .returning(*comments.c)
)
_RELEASE: Final = (
    update(comments)
    .where(
        comments.c.id.in_(bindparam("ids", expanding=True)),
        _WAITING,
        comments.c.leased_until.is_not(None),
    )
    .values(leased_until=None, attempts=comments.c.attempts - 1)
)
_COUNT: Final = select(func.count()).select_from(
    # The order counts for nothing here, but makes SQLite read the index of what waits.
    select(comments.c.id)
    .where(_WAITING)
    .order_by(comments.c.id)
    .limit(bindparam("limit"))
    .subquery()
)
_OLDEST: Final = select(comments.c.received_at).where(_WAITING).order_by(comments.c.id).limit(1)


class SqlLeases(Session):
    """The leases in ``ports.Comments``."""

    def backlog(self, *, limit: int) -> Backlog:
        pending = self._run(_COUNT, {"limit": limit}).scalar_one()
        oldest = self._one(_OLDEST)
        return Backlog(pending=pending, oldest_received_at=oldest[0] if oldest else None)

    def lease(
        self, *, now: datetime, until: datetime, limit: int, first: str | None = None
    ) -> list[Comment]:
        asked = self._first(first, now)
        if asked is not None and (asked.attempts or limit == 1):
            chosen = [asked.id]
        else:
            oldest = self._all(_CANDIDATES, {"now": now, "limit": limit})
            chosen = _choose(asked, oldest, limit)
        if not chosen:
            return []
        taken = self._all(_TAKE, {"ids": chosen, "until": until})
        place = {comment_id: at for at, comment_id in enumerate(chosen)}
        return [comment_from(row) for row in sorted(taken, key=lambda row: place[row.id])]

    def release(self, comment_ids: Sequence[str]) -> None:
        if comment_ids:
            self._run(_RELEASE, {"ids": list(comment_ids)})

    def owed(self, *, now: datetime, limit: int) -> list[str]:
        return [row.id for row in self._all(_OLDEST_FREE, {"now": now, "limit": limit})]

    def _first(self, comment_id: str | None, now: datetime) -> Row[Any] | None:
        if comment_id is None or not is_id(comment_id):
            return None
        return self._one(_FIRST, {"id": comment_id, "now": now})


def _choose(asked: Row[Any] | None, oldest: Sequence[Row[Any]], limit: int) -> list[str]:
    """Return the ids to lease: new ones together, or one that was leased before, alone.

    The oldest decides which, so that neither kind keeps the other waiting.
    """
    if asked is None and oldest and oldest[0].attempts:
        return [oldest[0].id]
    fresh = [row.id for row in oldest if not row.attempts]
    if asked is not None:
        fresh = [asked.id, *(each for each in fresh if each != asked.id)]
    return fresh[:limit]
