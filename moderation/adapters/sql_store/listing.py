"""Lists of comments. Each is read off an index in order, whatever the filter."""

from collections.abc import Sequence
from heapq import merge
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, select, tuple_, union_all

from moderation.adapters.sql_store.rows import comment_from
from moderation.adapters.sql_store.session import Session, known, storable
from moderation.adapters.sql_store.tables import HELD, comments
from moderation.domain.comment import Comment, Status
from moderation.identifiers import lowest_id
from moderation.ports.store import CommentFilter, ReviewOrder

_BY_IDS: Final = select(comments).where(comments.c.id.in_(bindparam("ids", expanding=True)))
_APPROVED: Final = (
    select(comments.c.id)
    .where(
        comments.c.site_id == bindparam("site_id"),
        comments.c.author_key == bindparam("author_key"),
        comments.c.status == Status.APPROVED.value,
    )
    .limit(bindparam("limit"))
)
_APPROVED_COUNT: Final = select(func.count()).select_from(_APPROVED.subquery())
_HELD: Final = (
    select(comments.c.review_rank, comments.c.id)
    .where(comments.c.site_id == bindparam("site_id"))
    .limit(bindparam("limit"))
)
_RANK: Final = tuple_(comments.c.review_rank, comments.c.id)
_AFTER: Final = tuple_(
    bindparam("rank", type_=comments.c.review_rank.type), bindparam("id", type_=comments.c.id.type)
)
_BY_RISK: Final = _HELD.where(comments.c.status == HELD).order_by(
    comments.c.review_rank, comments.c.id
)
_BY_AGE: Final = _HELD.where(comments.c.status == Status.HELD.value).order_by(comments.c.id)
_REVIEW: Final = {
    (ReviewOrder.RISK, False): _BY_RISK,
    (ReviewOrder.RISK, True): _BY_RISK.where(_RANK > _AFTER),
    (ReviewOrder.AGE, False): _BY_AGE,
    (ReviewOrder.AGE, True): _BY_AGE.where(comments.c.id > bindparam("id")),
}


class SqlListing(Session):
    """The lists in ``ports.Comments``."""

    def comments(
        self, site_id: str, where: CommentFilter, *, before: str | None, limit: int
    ) -> list[Comment]:
        if not (storable(where.article_id) and storable(where.author_key)):
            return []
        before = None if before is None else known("comment", before)
        conditions = _conditions(known("site", site_id), where, before)
        statuses = list(Status) if where.status is None else [where.status]
        ranges = [_newest(conditions, status, limit) for status in statuses]
        if len(ranges) > 1:
            together = union_all(*(each.subquery().select() for each in ranges)).subquery()
            ids = select(together.c.id).order_by(together.c.id.desc()).limit(limit)
        else:
            [ids] = ranges
        return self._in_order([row.id for row in self._all(ids)])

    def review(
        self,
        site_ids: Sequence[str],
        *,
        order: ReviewOrder,
        after: tuple[float, str] | None,
        limit: int,
    ) -> list[Comment]:
        query = _REVIEW[order, after is not None]
        start: dict[str, Any] = {"limit": limit}
        if after is not None:
            start["id"] = known("comment", after[1])
        if after is not None and order is ReviewOrder.RISK:
            start["rank"] = -after[0]
        # Site by site, each off its index: one query for all would sort all that is held.
        pages = [
            [tuple(row) for row in self._all(query, {**start, "site_id": known("site", site_id)})]
            for site_id in dict.fromkeys(site_ids)
        ]
        by_risk = order is ReviewOrder.RISK
        merged = merge(*pages, key=lambda row: row if by_risk else row[1:])
        return self._in_order([row[1] for row in islice(merged, limit)])

    def approved_count(self, site_id: str, author_key: str, *, limit: int) -> int:
        of_author = {"site_id": site_id, "author_key": author_key, "limit": limit}
        count: int = self._run(_APPROVED_COUNT, of_author).scalar_one()
        return count

    def _in_order(self, ids: list[str]) -> list[Comment]:
        """Return the comments with these ids, in this order."""
        if not ids:
            return []
        found = {row.id: comment_from(row) for row in self._all(_BY_IDS, {"ids": ids})}
        # One that is gone since its id was read is left out.
        return [found[each] for each in ids if each in found]


def _conditions(
    site_id: str, where: CommentFilter, before: str | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [comments.c.site_id == site_id]
    if where.article_id is not None:
        conditions.append(comments.c.article_id == where.article_id)
    if where.author_key is not None:
        conditions.append(comments.c.author_key == where.author_key)
    if where.since is not None:
        conditions.append(comments.c.id >= lowest_id(where.since))
    ends = [before] if before is not None else []
    if where.until is not None:
        ends.append(lowest_id(where.until))
    if ends:
        conditions.append(comments.c.id < min(ends))
    return conditions


def _newest(
    conditions: list[ColumnElement[bool]], status: Status, limit: int
) -> Select[tuple[str]]:
    return (
        select(comments.c.id)
        .where(*conditions, comments.c.status == status.value)
        .order_by(comments.c.id.desc())
        .limit(limit)
    )
