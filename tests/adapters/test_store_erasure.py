"""The store's contract, on both databases: what is deleted is gone from every table."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine, text

from moderation.adapters.sql_store import metadata
from moderation.domain.comment import Article, Author, Comment
from moderation.domain.delivery import DeliveryStatus
from moderation.domain.feedback import Feedback
from moderation.domain.policy import Action
from moderation.domain.site import Site
from moderation.domain.verdict import Reason
from moderation.identifiers import new_id
from moderation.ports.store import Answer, OpenStore
from moderation.settings import Settings
from tests.builders import NOW, a_comment, a_decision, a_delivery, a_site, a_webhook, later

MARK = "xyzzy"


def _marked_everywhere(open_store: OpenStore, site: Site) -> Comment:
    """Store a comment whose every text and personal datum holds the mark, with all it leads to."""
    first = a_comment(
        site,
        f"{MARK} first " * 500,
        external_id=f"{MARK}-1",
        article=Article(id="a1", url=f"https://x/{MARK}", title=MARK, section=MARK),
        author=Author(id=MARK, name=MARK, email_hash=MARK, url=MARK),
        ip_hash=MARK,
        user_agent=MARK,
        referrer=MARK,
        language=MARK,
    )
    webhook = a_webhook(site)
    second = first.edited(f"{MARK} second", now=NOW)
    held = second.judged(Action.HOLD, risk=0.5, now=NOW)
    decision = replace(
        a_decision(held, note=f"says {MARK}"),
        reasons=(Reason(code="word:slurs", action=Action.HOLD, text=f"on the list: {MARK}"),),
    )
    answer = Answer(
        fingerprint="f", comment_id=first.id, status=202, body=MARK, in_flight_until=NOW
    )
    with open_store() as store:
        store.add_comment(first)
        store.save(second)
        store.save_judged([(held, decision)])
        store.add_webhook(webhook)
        store.add_delivery(a_delivery(held, webhook, body=MARK))
        store.add_delivery(a_delivery(held, webhook, body=MARK, comment_version=9, last_error=MARK))
        store.begin_answer(site.id, "k", answer, expires_at=later(60))
        store.add_feedback(
            Feedback(
                id=new_id(NOW),
                site_id=site.id,
                comment_id=held.id,
                text_version=2,
                spam=True,
                source="site",
                given_at=NOW,
                by=MARK,
            )
        )
        [(leased, _)] = store.lease_deliveries(now=NOW, until=later(9), limit=1)
        store.settle(leased.succeeded(NOW))
    return held


def _everything(engine: Engine) -> Iterator[str]:
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(text(f"SELECT * FROM {table.name}")):  # noqa: S608
                yield f"{table.name}: {tuple(row)}"


def test_no_table_holds_any_text_or_personal_datum_of_a_deleted_comment(
    open_store: OpenStore,
    site: Site,
    store_settings: Settings,
    engines: Callable[[Settings], Engine],
) -> None:
    engine = engines(store_settings)
    comment = _marked_everywhere(open_store, site)
    before = [row for row in _everything(engine) if MARK in row]
    assert {row.split(":")[0] for row in before} == {
        "answers", "comments", "decisions", "deliveries", "feedback", "revisions"
    }  # fmt: skip

    with open_store() as store:
        store.delete_comment(site.id, comment.id)

    assert [row for row in _everything(engine) if MARK in row] == []


def test_what_was_owed_is_cancelled_and_the_record_of_decisions_stays(
    open_store: OpenStore, site: Site
) -> None:
    comment = _marked_everywhere(open_store, site)
    with open_store() as store:
        store.delete_comment(site.id, comment.id)

    with open_store() as store:
        [decision] = store.latest_decisions([comment.id]).values()
        assert decision.scores == {"toxicity": 0.71, "insult": 0.125}
        assert [(reason.code, reason.text) for reason in decision.reasons] == [("word:slurs", "")]
        sent = store.deliveries(site.id, status=None, limit=9)
        assert sorted(each.status for each in sent) == [
            DeliveryStatus.CANCELLED, DeliveryStatus.DELIVERED
        ]  # fmt: skip
        assert store.lease_deliveries(now=later(99), until=later(199), limit=9) == []
        assert store.replay(site.id, [each.id for each in sent], now=NOW) == 0


def test_a_kept_answer_loses_its_body_for_good(open_store: OpenStore, site: Site) -> None:
    comment = _marked_everywhere(open_store, site)
    with open_store() as store:
        store.delete_comment(site.id, comment.id)
        store.finish_answer(site.id, "k", status=200, body=MARK)

    with open_store() as store:
        answer = store.answer(site.id, "k", now=NOW)
        assert answer is not None
        assert (answer.status, answer.body) == (202, "")


def test_sqlite_overwrites_what_is_deleted(
    sqlite_store: OpenStore, sqlite_settings: Settings
) -> None:
    site = a_site()
    with sqlite_store() as store:
        store.add_site(site)
    comment = _marked_everywhere(sqlite_store, site)
    file = sqlite_settings.data_dir / "moderation.db"
    assert MARK.encode() in _settled(file)

    with sqlite_store() as store:
        store.delete_comment(site.id, comment.id)

    assert MARK.encode() not in _settled(file)


def _settled(file: Path) -> bytes:
    """Return the whole file, once all that is in its log is in it."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file.read_bytes()
