"""SQLite's writers share commits; each still keeps its own promise."""

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import Engine, event

from moderation.adapters.sql_store import make_engine, sql_store
from moderation.adapters.sql_store.group_commit import GroupCommit
from moderation.errors import StoreUnavailable
from moderation.ports.store import CommentFilter, OpenStore
from moderation.settings import Settings
from tests.builders import a_comment, a_site

THREADS = 8
ROUNDS = 20

WRITER = """
import sys, threading
from pathlib import Path
from moderation.adapters.sql_store import make_engine, sql_store
from moderation.settings import Settings
from tests.builders import a_comment, a_site

open_store = sql_store(make_engine(Settings(data_dir=Path(sys.argv[1]))))
site = a_site()
with open_store() as store:
    store.add_site(site)
say = threading.Lock()

def write():
    while True:
        comment = a_comment(site)
        with open_store() as store:
            store.add_comment(comment)
        with say:
            print(comment.id, flush=True)

for _ in range(6):
    threading.Thread(target=write).start()
"""


def test_threads_share_commits_and_each_finds_its_own_work_kept(
    sqlite_settings: Settings, engines: Callable[[Settings], Engine]
) -> None:
    engine = engines(sqlite_settings)
    open_store = sql_store(engine)
    site = a_site()
    with open_store() as store:
        store.add_site(site)
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    together = Barrier(THREADS)

    def write(_: int) -> None:
        together.wait(10)
        for _ in range(ROUNDS):
            comment = a_comment(site)
            with open_store() as store:
                store.add_comment(comment)
            with open_store(reading=True) as store:
                assert store.comment(site.id, comment.id) == comment

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))

    written = [each for each in commits if each is not None]
    reads = THREADS * ROUNDS
    assert len(written) - reads < THREADS * ROUNDS


def test_a_transaction_that_fails_takes_none_of_the_others_with_it(
    sqlite_store: OpenStore,
) -> None:
    site = a_site()
    with sqlite_store() as store:
        store.add_site(site)
    together = Barrier(THREADS)

    def write(seed: int) -> list[str]:
        dice = random.Random(seed)  # noqa: S311 - chance, not secrecy
        together.wait(10)
        kept = []
        for _ in range(ROUNDS):
            comment = a_comment(site)
            fails = dice.random() < 0.4
            with suppress(ZeroDivisionError), sqlite_store() as store:
                store.add_comment(comment)
                assert 1 / (not fails)
            if not fails:
                kept.append(comment.id)
        return kept

    with ThreadPoolExecutor(THREADS) as pool:
        kept = {each for ids in pool.map(write, range(THREADS)) for each in ids}

    with sqlite_store(reading=True) as store:
        listed = store.comments(site.id, CommentFilter(), before=None, limit=1_000)
    assert {comment.id for comment in listed} == kept


def test_a_thread_that_gave_up_waiting_leaves_nobody_without_a_commit(
    sqlite_settings: Settings, engines: Callable[[Settings], Engine]
) -> None:
    writers = GroupCommit(engines(sqlite_settings))
    inside, gone = Event(), Event()

    def impatient() -> None:
        with pytest.raises(StoreUnavailable), writers.transaction():
            pass  # pragma: no cover - the other one holds the gate for longer
        gone.set()

    waiting = Thread(target=impatient)
    with writers.transaction():
        waiting.start()
        assert gone.wait(5)
        inside.set()
    waiting.join(5)

    with writers.transaction():
        assert inside.is_set()


def test_whoever_waits_for_a_commit_that_nobody_makes_makes_it(
    sqlite_settings: Settings, engines: Callable[[Settings], Engine]
) -> None:
    engine = engines(sqlite_settings)
    writers = GroupCommit(engine)
    # As if another thread had been about to follow, and was gone before it did.
    writers._waiting = 1

    with writers.transaction() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 7")

    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA user_version").scalar() == 7


def test_a_killed_process_loses_nothing_that_it_said_was_kept(sqlite_settings: Settings) -> None:
    for lines in (1, 40, 200):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(sqlite_settings.data_dir)],
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            said = [writer.stdout.readline().strip() for _ in range(lines)]
            writer.send_signal(signal.SIGKILL)
            said += [line.strip() for line in writer.stdout if line.endswith("\n")]

        engine = make_engine(sqlite_settings)
        with sql_store(engine)(reading=True) as store:
            for comment_id in said:
                assert store.comment_anywhere(comment_id)
        engine.dispose()
