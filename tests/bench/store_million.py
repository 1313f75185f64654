"""Listing and reading stay flat: the same queries over 10,000 and over 1,000,000 comments.

``BENCH_POSTGRESQL=1`` measures PostgreSQL beside SQLite. ``BENCH_COMMENTS`` says how
many the larger store holds.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from moderation.adapters.sql_store import make_engine, migrate, sql_store
from moderation.domain.comment import Comment, Status
from moderation.domain.policy import Action
from moderation.domain.site import Site
from moderation.ports.store import CommentFilter, OpenStore, ReviewOrder, Store
from moderation.settings import Settings
from tests.bench.filling import fill
from tests.builders import NOW, a_comment, a_decision, later
from tests.servers import PostgresServer

FEW: Final = 10_000
MANY: Final = int(os.environ.get("BENCH_COMMENTS", "1000000"))
_RUNS: Final = 200
_PAGE: Final = 50

Query = Callable[[Store, Site, Comment], object]
"""Asks the store something about a comment picked at random."""


def _list(*, deep: bool = False, **known: object) -> Query:
    def ask(store: Store, site: Site, about: Comment) -> object:
        its = {"article_id": about.article.id, "author_key": about.author.key}
        asked = {name: its[name] if value is True else value for name, value in known.items()}
        before = about.id if deep else None
        where = CommentFilter(**asked)  # type: ignore[arg-type]
        return store.comments(site.id, where, before=before, limit=_PAGE)

    return ask


def _review(order: ReviewOrder, *, deep: bool) -> Query:
    def ask(store: Store, site: Site, about: Comment) -> object:
        after = (0.5, about.id) if deep else None
        return store.review([site.id], order=order, after=after, limit=_PAGE)

    return ask


def _lease(store: Store, _site: Site, _about: Comment) -> object:
    leased = store.lease(now=NOW, until=later(15), limit=32)
    store.release([comment.id for comment in leased])
    return leased


def _accept(store: Store, site: Site, _about: Comment) -> object:
    store.add_comment(comment := a_comment(site, received_at=NOW))
    return comment


def _judge(store: Store, site: Site, _about: Comment) -> object:
    new = [a_comment(site, received_at=NOW) for _ in range(32)]
    for comment in new:
        store.add_comment(comment)
    judged = [comment.judged(Action.APPROVE, risk=0.1, now=NOW) for comment in new]
    return store.save_judged([(comment, a_decision(comment)) for comment in judged])


READS: Final[dict[str, Query]] = {
    "one comment by id": lambda store, site, about: store.comment(site.id, about.id),
    "one comment by external id": lambda store, site, about: store.comment_by_external_id(
        site.id, about.external_id or ""
    ),
    "all, first page": _list(),
    "all, deep page": _list(deep=True),
    "held, first page": _list(status=Status.HELD),
    "held, deep page": _list(status=Status.HELD, deep=True),
    "an article's, first page": _list(article_id=True),
    "an article's, deep page": _list(article_id=True, deep=True),
    "an article's approved": _list(article_id=True, status=Status.APPROVED),
    "an author's": _list(author_key=True),
    "an author's rejected": _list(author_key=True, status=Status.REJECTED),
    "an author's under an article": _list(article_id=True, author_key=True),
    "of an hour": _list(since=later(-9_000), until=later(-5_400)),
    "review by risk, first page": _review(ReviewOrder.RISK, deep=False),
    "review by risk, deep page": _review(ReviewOrder.RISK, deep=True),
    "review by age, first page": _review(ReviewOrder.AGE, deep=False),
    "review by age, deep page": _review(ReviewOrder.AGE, deep=True),
    "backlog": lambda store, _site, _about: store.backlog(limit=20_000),
    "owed": lambda store, _site, _about: store.owed(now=NOW, limit=100),
    "an author's approved, counted to 5": lambda store, site, about: store.approved_count(
        site.id, about.author.key or "", limit=5
    ),
}
WRITES: Final[dict[str, Query]] = {
    "lease 32 and release them": _lease,
    "accept one": _accept,
    "accept 32 and record their decisions": _judge,
}


def main() -> None:
    """Print a table for each database."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = (Settings(data_dir=Path(folder) / str(count)) for count in (FEW, MANY))
        _compare("SQLite", few, many)
    if os.environ.get("BENCH_POSTGRESQL"):
        server = PostgresServer()
        few, many = (Settings(database_url=server.url(server.new_database())) for _ in range(2))
        _compare("PostgreSQL", few, many)
        server.close()


@dataclass(frozen=True, slots=True)
class _Filled:
    open_store: OpenStore
    site: Site
    picked: list[Comment]

    def ask(self, query: Query, number: int, *, reading: bool) -> float:
        """Return the milliseconds that a transaction takes."""
        began = time.perf_counter()
        with self.open_store(reading=reading) as store:
            query(store, self.site, self.picked[number])
        return (time.perf_counter() - began) * 1_000


def _compare(name: str, few: Settings, many: Settings) -> None:
    stores = [_filled(few, FEW), _filled(many, MANY)]
    _say(f"\n| {name}, median ms | {FEW:,} | {MANY:,} | ratio |\n|---|--:|--:|--:|")
    for title, query in (READS | WRITES).items():
        # Both stores by turns, so that whatever else the machine does slows both alike.
        taken = [
            [each.ask(query, number, reading=title in READS) for each in stores]
            for number in range(_RUNS)
        ]
        small, large = (statistics.median(column) for column in zip(*taken, strict=True))
        _say(f"| {title} | {small:.2f} | {large:.2f} | {large / small:.2f} |")


def _filled(settings: Settings, count: int) -> _Filled:
    migrate(settings)
    began = time.monotonic()
    engine = make_engine(settings)
    site = fill(engine, count)
    _say(f"filled {count:,} in {time.monotonic() - began:.0f} s")
    open_store = sql_store(engine)
    dice = random.Random(11)  # noqa: S311 - the same questions every time
    numbers = [dice.randrange(count) for _ in range(_RUNS)]
    with open_store(reading=True) as store:
        picked = [store.comment_by_external_id(site.id, f"external-{each}") for each in numbers]
    return _Filled(open_store, site, picked)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
