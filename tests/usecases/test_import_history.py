import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from moderation.domain.comment import Status
from moderation.domain.policy import Action
from moderation.errors import NotFound
from moderation.ports.store import CommentFilter, OpenStore
from moderation.usecases.import_history import History, Imported, import_history
from moderation.usecases.webhooks import NewWebhook, add_webhook, list_deliveries
from tests.usecases.given import NOW, PRIVACY, a_site

WRITTEN = "2024-05-01T08:30:00Z"
ROW: dict[str, Any] = {
    "body": "What a turnip you are",
    "external_id": "c-1",
    "created_at": WRITTEN,
    "status": "rejected",
    "decided_at": "2024-05-01T09:00:00+00:00",
    "decided_by": "Ann",
    "reason": "insult",
}


@pytest.fixture
def history(open_store: OpenStore) -> History:
    return History(
        site_id=a_site(open_store).site.id, open_store=open_store, privacy=PRIVACY, now=NOW
    )


def taken_over(history: History, *rows: dict[str, Any]) -> tuple[Imported, list[tuple[int, str]]]:
    faults: list[tuple[int, str]] = []
    imported = import_history(
        enumerate(rows, start=1), history, report=lambda line, fault: faults.append((line, fault))
    )
    return imported, faults


def test_a_decided_comment_comes_over_with_its_decision(history: History) -> None:
    imported, faults = taken_over(history, ROW)

    assert (imported, faults) == (Imported(added=1, present=0, faulty=0), [])
    with history.open_store(reading=True) as store:
        comment = store.comment_by_external_id(history.site_id, "c-1")
        [decision] = store.decisions(history.site_id, comment.id)
    assert (comment.status, comment.body) == (Status.REJECTED, ROW["body"])
    assert comment.received_at == datetime(2024, 5, 1, 8, 30, tzinfo=UTC)
    assert decision.decided_by == "import"
    assert (decision.action, decision.note) == (Action.REJECT, "insult")
    assert decision.decided_at == datetime(2024, 5, 1, 9, tzinfo=UTC)
    assert decision.reasons[0].text == "decided by Ann in another system"
    assert decision.comment_version == comment.version == 2


def test_its_identifier_sorts_by_the_time_it_was_written(history: History) -> None:
    taken_over(history, ROW)

    with history.open_store(reading=True) as store:
        comment = store.comment_by_external_id(history.site_id, "c-1")
    millis = UUID(comment.id).int >> 80
    assert millis == int(comment.received_at.timestamp() * 1000)


def test_all_fields_are_kept_and_what_identifies_the_author_only_as_hashes(
    history: History,
) -> None:
    taken_over(
        history,
        ROW
        | {
            "article": {"id": "a1", "url": "https://gazette.example/a1", "section": "world"},
            "author": {"id": 7, "name": "Bob", "email": " Bob@Example.Org "},
            "ip": "192.0.2.7",
            "language": "en",
            "honeypot": "x",
            "form_seconds": "2.5",
        },
    )

    with history.open_store(reading=True) as store:
        comment = store.comment_by_external_id(history.site_id, "c-1")
    assert (comment.article.id, comment.article.section) == ("a1", "world")
    assert (comment.author.id, comment.author.name) == ("7", "Bob")
    assert comment.author.email_hash == PRIVACY.pseudonym("bob@example.org")
    assert comment.ip_hash == PRIVACY.pseudonym("192.0.2.7")
    assert (comment.honeypot, comment.form_seconds, comment.language) == (True, 2.5, "en")


def test_a_second_run_adds_nothing(history: History) -> None:
    rows = [ROW, ROW | {"external_id": "c-2"}]
    taken_over(history, rows[0])

    again, _ = taken_over(history, *rows)
    third, _ = taken_over(history, *rows)

    assert again == Imported(added=1, present=1, faulty=0)
    assert third == Imported(added=0, present=2, faulty=0)
    with history.open_store(reading=True) as store:
        assert len(store.comments(history.site_id, CommentFilter(), before=None, limit=9)) == 2


def test_no_webhook_hears_of_the_past(history: History) -> None:
    add_webhook(
        history.site_id,
        NewWebhook(url="https://gazette.example/hook"),
        open_store=history.open_store,
        privacy=PRIVACY,
        now=NOW,
    )

    taken_over(history, ROW)

    listed = list_deliveries(history.site_id, status=None, limit=9, open_store=history.open_store)
    assert listed == []


@pytest.mark.parametrize(
    ("decided", "status", "moderated"),
    [
        ({"status": "approved"}, Status.APPROVED, True),
        ({"decision": "reject"}, Status.REJECTED, True),
        ({"decision": "hold"}, Status.HELD, False),
        ({"status": "approved", "decided_by": "policy"}, Status.APPROVED, False),
        ({"status": "rejected", "decided_by": "policy"}, Status.REJECTED, False),
    ],
)
def test_only_what_a_person_decided_counts_as_a_moderators_word(
    decided: dict[str, str], status: Status, moderated: bool, history: History
) -> None:
    row = {name: value for name, value in ROW.items() if name not in ("status", "decided_by")}

    taken_over(history, row | decided)

    with history.open_store(reading=True) as store:
        comment = store.comment_by_external_id(history.site_id, "c-1")
    assert (comment.status, comment.moderated) == (status, moderated)
    assert comment.rejected_by_moderator == (moderated and status is Status.REJECTED)


def test_without_a_time_of_decision_it_was_decided_when_written(history: History) -> None:
    row = {name: value for name, value in ROW.items() if not name.startswith("decided")}

    taken_over(history, row)

    with history.open_store(reading=True) as store:
        comment = store.comment_by_external_id(history.site_id, "c-1")
        [decision] = store.decisions(history.site_id, comment.id)
    assert decision.decided_at == comment.received_at
    assert decision.reasons[0].text == "decided in another system"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"body": ""}, "body: nothing of it is visible"),
        ({"body": "\u200b"}, "body: nothing of it is visible"),
        ({"body": "x" * 20_001}, "body: String should have at most 20000 characters"),
        ({"body": "nul \x00"}, "body: "),
        ({"body": "lone \ud800"}, "body: "),
        ({"body": None}, "body: "),
        ({"external_id": None}, "external_id: "),
        ({"created_at": "yesterday"}, "created_at: "),
        ({"created_at": "2024-05-01T08:30:00"}, "created_at: "),
        ({"created_at": "1812-05-01T08:30:00Z", "decided_at": None}, "created_at: is before 1980"),
        ({"created_at": "2027-05-01T08:30:00Z", "decided_at": None}, "created_at: lies in the"),
        ({"decided_at": "2027-05-01T08:30:00Z"}, "created_at: lies in the future"),
        ({"decided_at": "2023-05-01T08:30:00Z"}, "row: decided_at is before created_at"),
        ({"status": None}, "row: give one of status and decision"),
        ({"decision": "reject"}, "row: give one of status and decision"),
        ({"status": "pending"}, "status: "),
        ({"form_seconds": "-1"}, "form_seconds: "),
        ({"author": {"email": "x" * 256}}, "author.email: "),
        ({"karma": 3}, "karma: "),
        ({"parent_id": "c-0"}, "parent_id: no such comment before it"),
    ],
)
def test_a_faulty_row_is_told_by_its_line_and_stops_nothing(
    change: dict[str, Any], fault: str, sqlite_store: OpenStore
) -> None:
    site_id = a_site(sqlite_store).site.id
    history = History(site_id=site_id, open_store=sqlite_store, privacy=PRIVACY, now=NOW)

    imported, faults = taken_over(
        history, ROW, ROW | {"external_id": "c-2"} | change, ROW | {"external_id": "c-3"}
    )

    assert imported == Imported(added=2, present=0, faulty=1)
    [(line, told)] = faults
    assert line == 2
    assert told.startswith(fault)
    assert "turnip" not in told


def test_answers_find_their_parents_by_the_ids_of_the_old_system(history: History) -> None:
    imported, _ = taken_over(history, ROW, ROW | {"external_id": "c-2", "parent_id": "c-1"})

    assert imported.added == 2
    with history.open_store(reading=True) as store:
        parent = store.comment_by_external_id(history.site_id, "c-1")
        answer = store.comment_by_external_id(history.site_id, "c-2")
    assert answer.parent_id == parent.id

    taken_over(history, ROW | {"external_id": "c-3", "parent_id": parent.id})
    with history.open_store(reading=True) as store:
        assert store.comment_by_external_id(history.site_id, "c-3").parent_id == parent.id


def test_the_same_id_at_two_sites_is_two_comments(history: History) -> None:
    other = replace(history, site_id=a_site(history.open_store, "Courier").site.id)

    assert taken_over(history, ROW)[0].added == taken_over(other, ROW)[0].added == 1


def test_nothing_is_read_for_a_site_that_is_not_there(history: History) -> None:
    read: list[int] = []

    def rows() -> Iterator[tuple[int, dict[str, Any]]]:
        read.append(1)
        yield 1, ROW

    nowhere = replace(history, site_id="nowhere")
    with pytest.raises(NotFound):
        import_history(rows(), nowhere, report=lambda *_: None)
    assert read == []


def test_a_long_file_needs_no_more_memory_than_a_short_one(sqlite_store: OpenStore) -> None:
    site_id = a_site(sqlite_store).site.id
    history = History(site_id=site_id, open_store=sqlite_store, privacy=PRIVACY, now=NOW)

    def rows(count: int) -> Iterator[tuple[int, dict[str, Any]]]:
        for number in range(count):
            text = f"{number} " + "words upon words " * 100  # 1.7 kB each
            yield number, ROW | {"external_id": f"{count}-{number}", "body": text}

    def peak(count: int) -> int:
        tracemalloc.reset_peak()
        imported = import_history(rows(count), history, report=lambda *_: None)
        assert imported.added == count
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        short, long = peak(400), peak(2000)
    finally:
        tracemalloc.stop()

    assert long - short < 500_000  # the 1,600 further texts alone are 2.7 MB


def test_what_was_added_before_the_store_went_away_stays(history: History) -> None:
    def rows() -> Iterator[tuple[int, dict[str, Any]]]:
        for number in range(250):
            yield number, ROW | {"external_id": f"c-{number}"}
        raise ConnectionError

    with pytest.raises(ConnectionError):
        import_history(rows(), history, report=lambda *_: None)

    with history.open_store(reading=True) as store:
        kept = store.comments(
            history.site_id,
            CommentFilter(until=NOW + timedelta(days=1)),
            before=None,
            limit=1000,
        )
    assert len(kept) == 200
