"""Rates: how many comments came before one, of its author, from its address, on its site."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    Row,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from moderation.adapters.sql_store.session import Session
from moderation.adapters.sql_store.tables import traces
from moderation.domain.comment import Comment
from moderation.domain.spam.conduct import ADDRESS_WINDOWS, AUTHOR_WINDOWS, SITE_WINDOWS, Window
from moderation.domain.spam.traces import address_mark, author_mark
from moderation.ports.traces import Counts

_AT_ONCE: Final = 8
_BY: Final[tuple[tuple[str, Column[Any], tuple[Window, ...]], ...]] = (
    ("author", traces.c.author, AUTHOR_WINDOWS),
    ("address", traces.c.address, ADDRESS_WINDOWS),
    ("site_id", traces.c.site_id, SITE_WINDOWS),
)
_TIME: Final = traces.c.received_at.type


class SqlCounts(Session):
    """``ports.Traces.counts``."""

    def counts(self, comments: Sequence[Comment]) -> list[Counts]:
        counted: list[Counts] = []
        for start in range(0, len(comments), _AT_ONCE):
            some = comments[start : start + _AT_ONCE]
            given: dict[str, Any] = {}
            for number, comment in enumerate(some):
                given |= _given(number, comment)
            rows = {row.number: row for row in self._all(_statement(len(some)), given)}
            counted += [_counts(rows[number], comment) for number, comment in enumerate(some)]
        return counted


@cache
def _statement(comments: int) -> Executable:
    """Return one statement that counts for so many comments."""
    return union_all(*(_of_one(number) for number in range(comments)))


def _of_one(number: int) -> Any:
    return select(
        literal(number).label("number"),
        *(
            _count(number, by, column, at, window).label(f"{by}_{at}")
            for by, column, windows in _BY
            for at, window in enumerate(windows)
        ),
    )


def _count(
    number: int, by: str, column: Column[Any], at: int, window: Window
) -> ColumnElement[int]:
    """Count the comments in a window, as far as its full number, from the index alone."""
    found = (
        select(literal(1).label("one"))
        .where(
            column == bindparam(f"{by}{number}", type_=column.type),
            traces.c.received_at > bindparam(f"{by}{at}_since{number}", type_=_TIME),
            traces.c.received_at <= bindparam(f"until{number}", type_=_TIME),
        )
        .limit(window.full)
        .subquery()
    )
    return select(func.count()).select_from(found).scalar_subquery()


def _given(number: int, comment: Comment) -> dict[str, Any]:
    given: dict[str, Any] = {
        f"author{number}": author_mark(comment),
        f"address{number}": address_mark(comment),
        f"site_id{number}": comment.site_id,
        f"until{number}": comment.received_at,
    }
    for by, _, windows in _BY:
        for at, window in enumerate(windows):
            given[f"{by}{at}_since{number}"] = comment.received_at - window.length
    return given


def _counts(row: Row[Any], comment: Comment) -> Counts:
    """Count the comment itself where it has left no trace and nobody else did."""
    found = {
        by: tuple(max(getattr(row, f"{by}_{at}"), 1) for at in range(len(windows)))
        for by, _, windows in _BY
    }
    return Counts(
        author=found["author"] if comment.author.key is not None else None,
        address=found["address"] if comment.ip_hash is not None else None,
        site=found["site_id"],
    )
