"""Reading stays flat because every query is read off an index: no table is ever walked."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Engine, event

from moderation.adapters.sql_store import sql_store
from moderation.domain.comment import Author, Status
from moderation.domain.delivery import DeliveryStatus
from moderation.domain.spam.traces import trace_of
from moderation.errors import NotFound
from moderation.identifiers import new_id
from moderation.ports.store import CommentFilter, ReviewOrder, Store
from moderation.settings import Settings
from tests.builders import NOW, a_comment, a_site, later

ID = new_id(NOW)
A_COMMENT = a_comment(a_site(), author=Author(id="u1"), ip_hash="f" * 64)
TRACE = trace_of(A_COMMENT, tuple(range(64)))

_BY_INDEX = re.compile(
    r"SEARCH \w+ USING (COVERING )?INDEX|SCAN comments USING (COVERING )?INDEX ix_comments_pending"
    r"|SCAN feedback USING (COVERING )?INDEX ix_feedback_new"
    r"|SCAN (\(subquery-\d+\)|anon_\d+)|SEARCH \w+ USING INTEGER PRIMARY KEY"
    r"|MERGE|LEFT|RIGHT|CO-ROUTINE|MATERIALIZE|COMPOUND QUERY|UNION ALL|LIST SUBQUERY"
    r"|CORRELATED SCALAR SUBQUERY|SCALAR SUBQUERY|SCAN (constant row|CONSTANT ROW)"
    r"|USE TEMP B-TREE FOR ORDER BY$"
    # What is asked for, as a list of values, and the few rows that were found for it.
    r"|SCAN json_each VIRTUAL TABLE|SCAN shared$|USE TEMP B-TREE FOR (GROUP BY|count)"
    r"|SEARCH \w+ USING PRIMARY KEY"
)


def _lists() -> Iterator[CommentFilter]:
    for article in (None, "a1"):
        for author in (None, "id:u1"):
            for status in (None, *Status):
                for since in (None, NOW):
                    yield CommentFilter(
                        article_id=article, author_key=author, status=status, since=since
                    )


def _listing(where: CommentFilter) -> Callable[[Store], object]:
    return lambda store: store.comments(ID, where, before=ID, limit=50)


def _reviewing(order: ReviewOrder) -> Callable[[Store], object]:
    return lambda store: store.review([ID, ID], order=order, after=(0.5, ID), limit=50)


QUERIES: list[Callable[[Store], object]] = [
    *map(_listing, _lists()),
    *map(_reviewing, ReviewOrder),
    lambda store: store.backlog(limit=20_000),
    lambda store: store.owed(now=NOW, limit=100),
    lambda store: store.approved_count(ID, "id:u1", limit=5),
    lambda store: store.lease(now=NOW, until=later(15), limit=32, first=ID),
    lambda store: store.release([ID]),
    lambda store: store.comment_by_external_id(ID, "42"),
    lambda store: store.latest_decisions([ID]),
    lambda store: store.deliveries(ID, status=None, limit=9),
    lambda store: store.deliveries(ID, status=DeliveryStatus.OWED, limit=9, comment_id=ID),
    lambda store: store.lease_deliveries(now=NOW, until=later(15), limit=9),
    lambda store: store.sites_to_teach(),
    lambda store: store.lessons(ID, per_source=9, limit=9),
    lambda store: store.settle_feedback(ID, learnt=[ID], refused=[ID], version=1, until=NOW),
    lambda store: store.set_feedback_aside(ID, since=1),
    lambda store: store.correction_in_force(ID),
    lambda store: store.corrections(ID),
    lambda store: store.key_by_prefix("cmsite_1"),
    lambda store: store.answer(ID, "k", now=NOW),
    lambda store: store.drop_answers(now=NOW),
    lambda store: store.drop_deliveries(settled_before=NOW, limit=1_000),
    lambda store: store.policy(ID),
    lambda store: store.delete_comment(ID, ID),
    lambda store: store.leave_traces([TRACE]),
    lambda store: store.bodies([ID]),
    lambda store: store.traces([ID]),
    lambda store: store.alike([TRACE, TRACE]),
    lambda store: store.counts([A_COMMENT, A_COMMENT]),
    lambda store: store.record_domains(A_COMMENT, {"shop.example": True}, now=NOW),
    lambda store: store.domain_records(ID, ["shop.example"]),
    lambda store: store.drop_traces(before=NOW, domains_before=NOW, limit=9),
]


@contextmanager
def _statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Collect every statement that is sent, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_no_query_walks_a_table(
    sqlite_settings: Settings, engines: Callable[[Settings], Engine]
) -> None:
    engine = engines(sqlite_settings)
    open_store = sql_store(engine)
    with _statements(engine) as sent:
        for query in QUERIES:
            with open_store() as store:
                _ask(query, store)

    walks = []
    with engine.connect() as connection:
        for statement, parameters in sent:
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                steps = [row.detail for row in plan]
                walks += [(step, statement) for step in steps if not _BY_INDEX.search(step)]
    assert len(sent) > len(QUERIES)
    assert walks == []


def _ask(query: Callable[[Store], object], store: Store) -> None:
    """Ask, of an empty store: that nothing is found does not matter here."""
    with suppress(NotFound):
        query(store)
