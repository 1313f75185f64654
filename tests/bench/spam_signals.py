"""What all signals of spam cost each comment, with 10,000 and with 1,000,000 comments stored.

``BENCH_POSTGRESQL=1`` measures PostgreSQL beside SQLite. ``BENCH_COMMENTS`` says how
many the larger store holds.
"""

import os
import random
import statistics
import tempfile
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import Engine, text

from moderation.adapters.sql_store import make_engine, migrate, sql_store
from moderation.adapters.sql_store.tables import traces
from moderation.adapters.sql_store.traces import keys_of, trace_values
from moderation.domain.comment import Article, Author, Comment
from moderation.domain.site import Site
from moderation.domain.spam.fingerprint import sketch
from moderation.domain.spam.traces import Trace, trace_of
from moderation.domain.text import canonical
from moderation.identifiers import new_id
from moderation.ports.scorer import Scorer
from moderation.ports.store import OpenStore
from moderation.settings import Settings
from moderation.usecases.tracing import leave_traces
from tests.bench.table import Row, show
from tests.bench.texts import news_texts
from tests.builders import NOW, a_comment, a_site
from tests.servers import PostgresServer
from workers.scorers.conduct import FormScorer
from workers.scorers.content import ContentScorer
from workers.scorers.loading import reading_scorers
from workers.scorers.spam import SpamScorer
from workers.scorers.surroundings import Surroundings
from workers.spam.model import SpamModel

FEW: Final = 10_000
MANY: Final = int(os.environ.get("BENCH_COMMENTS", "1000000"))
_MEASURED: Final = 800
_BATCHES: Final = (1, 8)
_CHUNK: Final = 100_000
_AUTHORS: Final = 100_000
_WITHIN: Final = timedelta(days=30)
"""How long ago the first of the stored comments came, however many there are."""


def main() -> None:
    """Print a table for each database and number of comments."""
    with tempfile.TemporaryDirectory() as folder:
        for count in (FEW, MANY):
            _measure("SQLite", Settings(data_dir=Path(folder) / str(count)), count)
    if os.environ.get("BENCH_POSTGRESQL"):
        server = PostgresServer()
        for count in (FEW, MANY):
            _measure("PostgreSQL", Settings(database_url=server.url(server.new_database())), count)
        server.close()


def _measure(name: str, settings: Settings, count: int) -> None:
    migrate(settings)
    engine = make_engine(settings)
    began = time.monotonic()
    site = fill_traces(engine, count)
    load = os.getloadavg()[0]
    _say(
        f"\n{name}, {count:,} comments: filled in {time.monotonic() - began:.0f} s, load {load:.1f}"
    )
    show(rows(sql_store(engine), site, _MEASURED))
    engine.dispose()


def rows(open_store: OpenStore, site: Site, measured: int) -> list[Row]:
    """Measure so many new comments, in batches of one and of eight: milliseconds a comment."""
    found: list[Row] = []
    around: list[Scorer] = [FormScorer(), *reading_scorers(Surroundings(open_store))]
    everything = [*around, SpamScorer(SpamModel.read(), ContentScorer().score)]
    for size in _BATCHES:
        batches = list(_received(open_store, site, measured, size))
        leaving, reading, alone = _Taken(), _Taken(), _Taken()
        for batch in batches:
            leaving.take(partial(leave_traces, open_store, batch), size)
            reading.take(partial(_score, everything, batch), size)
            alone.take(partial(_score, around, batch), size)
        at = f"in batches of {size}, ms"
        found += [
            (f"**all signals of spam {at}: median**", reading.middle(), "<= 2"),
            (f"**all signals of spam {at}: p99**", reading.high(), "<= 10"),
            (f"all signals of spam {at}: processor", reading.processor(), ""),
            (f"of these, conduct and company {at}: processor", alone.processor(), ""),
            (f"leaving the trace {at}: median", leaving.middle(), ""),
            (f"leaving the trace {at}: p99", leaving.high(), ""),
            (f"leaving the trace {at}: processor", leaving.processor(), ""),
        ]
    return found


def fill_traces(engine: Engine, count: int) -> Site:
    """Store the traces of *count* comments of one site in bulk; return the site."""
    site = a_site()
    with sql_store(engine)() as store:
        store.add_site(site)
    ids: list[str] = []
    keys, places = array("q"), array("I")
    for chunk in _chunks(_traces(site, count)):
        for each in chunk:
            own = keys_of(each)
            keys.extend(own)
            places.extend([len(ids)] * len(own))
            ids.append(each.comment_id)
        values = [trace_values(each) for each in chunk]
        columns = tuple(traces.c.keys())
        _store(engine, "traces", columns, ([row[name] for name in columns] for row in values))
    # In the order of the index, or each row would be written to a page of its own.
    order = np.argsort(np.frombuffer(keys, dtype=np.int64), kind="stable")
    _store(
        engine, "trace_keys", ("key", "comment_id"), ((keys[at], ids[places[at]]) for at in order)
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return site


def _store(
    engine: Engine, table: str, columns: Sequence[str], values: Iterable[Sequence[Any]]
) -> None:
    """Store rows in bulk: a million take minutes all the same."""
    names = ", ".join(columns)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            driver.execute("PRAGMA cache_size = -400000")
            driver.execute("PRAGMA synchronous = OFF")
            driver.execute("BEGIN")
            marks = ", ".join("?" * len(columns))
            plain = ([_plain(each) for each in row] for row in values)
            driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", plain)  # noqa: S608
        else:
            driver.execute("SET statement_timeout = 0")
            with driver.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        driver.commit()
        connection.invalidate()  # the next one has the settings of the service


def _plain(value: Any) -> Any:
    """Return a value as SQLite keeps it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.replace("-", "") if isinstance(value, str) else value


def _traces(site: Site, count: int) -> Iterator[Trace]:
    """Yield traces as of comments with many words of their own and some that all use."""
    dice = random.Random(7)  # noqa: S311 - the same data every time
    stock = [found for each in news_texts(2_000) if (found := sketch(canonical(each).text))]
    authors: dict[int, Trace] = {}
    for number in range(count):
        at = NOW - _WITHIN * (1 - number / count)
        # Few authors have most of the comments, and many share an address.
        author = int(dice.paretovariate(0.5) * 50) % _AUTHORS
        if author not in authors:
            authors[author] = trace_of(_comment(site, author, at), ())
        of_all = dice.choice(stock)
        own = array("I", dice.randbytes(4 * len(of_all)))
        own[::6] = array("I", of_all[::6])  # stock phrases, which thousands of comments have
        yield replace(
            authors[author],
            comment_id=new_id(at),
            received_at=at,
            written_at=at,
            sketch=tuple(own),
        )


def _comment(site: Site, author: int, received_at: datetime, body: str = "") -> Comment:
    return a_comment(
        site,
        body,
        received_at=received_at,
        article=Article(id="a1", url="https://news.example/a1"),
        author=Author(id=f"author-{author}", name="A Reader"),
        ip_hash=f"{author // 3:064x}",
        user_agent="Mozilla/5.0",
        form_seconds=30.0,
    )


def _received(
    open_store: OpenStore, site: Site, count: int, size: int
) -> Iterator[Sequence[Comment]]:
    dice = random.Random(size)  # noqa: S311 - the same questions every time
    texts = [_reworded(each, dice) for each in news_texts(count)]
    for start in range(0, count, size):
        batch = [
            _comment(
                site,
                int(dice.paretovariate(0.5) * 50) % _AUTHORS,
                NOW + timedelta(seconds=2.6 * start),
                body,
            )
            for body in texts[start : start + size]
        ]
        with open_store() as store:
            for comment in batch:
                store.add_comment(comment)
        yield batch


def _reworded(body: str, dice: random.Random) -> str:
    """Return a text with as many words of its own as people use who write on one subject."""
    return " ".join(
        "".join(dice.choices("abcdefghijklmnoprstuvw", k=len(word)))
        if dice.random() < 0.6
        else word
        for word in body.split(" ")
    )


def _score(scorers: Sequence[Scorer], batch: Sequence[Comment]) -> None:
    for scorer in scorers:
        scorer.score(batch)


class _Taken:
    """How long things took, in milliseconds a comment; the first tenth warms up and is left out.

    Processor time is this process's own: with PostgreSQL the server's comes on top.
    """

    def __init__(self) -> None:
        self._wall: list[float] = []
        self._processor: list[float] = []

    def take(self, call: Callable[[], object], comments: int) -> None:
        wall, processor = time.perf_counter(), time.process_time()
        call()
        self._wall.append((time.perf_counter() - wall) * 1_000 / comments)
        self._processor.append((time.process_time() - processor) * 1_000 / comments)

    def middle(self) -> str:
        return f"{statistics.median(self._warm(self._wall)):.2f}"

    def high(self) -> str:
        wall = sorted(self._warm(self._wall))
        return f"{wall[int(len(wall) * 0.99)]:.2f}"

    def processor(self) -> str:
        return f"{statistics.median(self._warm(self._processor)):.2f}"

    def _warm(self, taken: list[float]) -> list[float]:
        return taken[len(taken) // 10 :]


def _chunks(stream: Iterator[Trace]) -> Iterator[list[Trace]]:
    while chunk := list(islice(stream, _CHUNK)):
        yield chunk


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
