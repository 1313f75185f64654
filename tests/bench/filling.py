"""A database as a news site's would be after years: many articles, many authors, most decided."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Final

from sqlalchemy import Engine, insert, text

from moderation.adapters.sql_store import sql_store
from moderation.adapters.sql_store.rows import comment_values
from moderation.adapters.sql_store.tables import comments
from moderation.domain.comment import Article, Author, Comment, Status
from moderation.domain.site import Site
from tests.builders import NOW, a_comment, a_site

PENDING: Final = 1_000
"""The newest wait, the same number however many there are in all."""

_BODY: Final = "a comment that has something to say about the article above it " * 5
_CHUNK: Final = 5_000


def fill(engine: Engine, count: int) -> Site:
    """Store *count* comments of one site, a minute apart; return the site."""
    site = a_site()
    with sql_store(engine)() as store:
        store.add_site(site)
    with engine.connect() as connection:
        for chunk in _chunks(_comments(site, count)):
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            connection.execute(insert(comments), [comment_values(each) for each in chunk])
            connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return site


def _comments(site: Site, count: int) -> Iterator[Comment]:
    dice = random.Random(7)  # noqa: S311 - the same data every time
    statuses = dice.choices(
        [Status.APPROVED, Status.REJECTED, Status.HELD], [0.9, 0.05, 0.05], k=count
    )
    for number, status in enumerate(statuses):
        # Few articles and few authors have most of the comments.
        article = f"article-{int(dice.paretovariate(0.6)) % 20_000}"
        author = f"author-{int(dice.paretovariate(0.5)) % 100_000}"
        received_at = NOW - timedelta(minutes=count - number)
        waits = number >= count - PENDING
        comment = a_comment(
            site,
            _BODY,
            received_at=received_at,
            external_id=f"external-{number}",
            article=Article(id=article, url=f"https://news.example/{article}"),
            author=Author(id=author, name="A Reader"),
        )
        decided = replace(comment, status=status, version=2, risk=dice.random())
        yield comment if waits else decided


def _chunks(stream: Iterator[Comment]) -> Iterator[list[Comment]]:
    while chunk := list(islice(stream, _CHUNK)):
        yield chunk
