"""What moderators decided, written for others to learn from."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.domain.policy import Action
from moderation.errors import NotFound
from moderation.ports.store import OpenStore
from moderation.usecases.export_decisions import export_decisions
from moderation.usecases.history_row import read_row
from moderation.usecases.import_history import History, import_history
from moderation.usecases.review import Review, decide_as_moderator
from tests.usecases.given import NOW, PRIVACY, CountedJobs, a_comment, a_moderator, a_site

LATER = NOW + timedelta(minutes=5)


def reviewed(open_store: OpenStore, site_id: str, moderator_id: str, **about: Any) -> str:
    action, reason = about.pop("action"), about.pop("reason")
    held = a_comment(open_store, site_id, **about)
    decide_as_moderator(
        held.id,
        Review(
            moderator_id=moderator_id,
            version=held.version,
            action=action,
            reason=reason,
            note="a private remark",
        ),
        open_store=open_store,
        jobs=CountedJobs(),
        now=LATER,
    )
    return held.id


def test_decisions_of_moderators_come_with_reasons_and_without_people(
    open_store: OpenStore,
) -> None:
    site_id = a_site(open_store).site.id
    ann = a_moderator(open_store, site_id).id
    a_comment(open_store, site_id, body="decided by the policy")
    first = reviewed(open_store, site_id, ann, action=Action.APPROVE, reason="acceptable")
    spam = {"body": "Buy", "external_id": "c-2", "at": NOW + timedelta(seconds=1)}
    reviewed(open_store, site_id, ann, action=Action.REJECT, reason="spam", **spam)

    rejected, approved = export_decisions(site_id, open_store=open_store)

    assert approved == {
        "body": "What a turnip you are",
        "external_id": first,
        "created_at": NOW.isoformat(),
        "decision": "approve",
        "decided_at": LATER.isoformat(),
        "decided_by": "moderator",
        "reason": "acceptable",
    }
    assert (rejected["external_id"], rejected["decision"]) == ("c-2", "reject")
    assert rejected["reason"] == "spam"


def test_a_text_that_was_changed_after_the_decision_was_decided_by_nobody(
    open_store: OpenStore,
) -> None:
    site_id = a_site(open_store).site.id
    ann = a_moderator(open_store, site_id).id
    comment_id = reviewed(open_store, site_id, ann, action=Action.APPROVE, reason="acceptable")
    with open_store() as store:
        store.save(store.comment(site_id, comment_id).edited("Another text", now=LATER))

    assert list(export_decisions(site_id, open_store=open_store)) == []


def test_history_that_was_taken_over_comes_with_the_reason_of_the_other_system(
    open_store: OpenStore,
) -> None:
    site_id, other = a_site(open_store).site.id, a_site(open_store, "Courier").site.id
    row = {
        "body": "Hm",
        "external_id": "c-1",
        "created_at": "2024-05-01T08:30:00+00:00",
        "decided_at": "2024-05-01T09:30:00+00:00",
    }
    rows = [
        {**row, "decision": "reject", "decided_by": "Bo", "reason": "RUDE"},
        {**row, "decision": "reject", "external_id": "c-2", "decided_by": "policy"},
    ]
    history = History(site_id=site_id, open_store=open_store, privacy=PRIVACY, now=NOW)
    import_history(enumerate(rows, 1), history, report=unexpected)

    [exported] = export_decisions(site_id, open_store=open_store)

    assert exported == {
        **row,
        "decision": "reject",
        "decided_by": "another system",
        "reason": "RUDE",
    }
    again = replace(history, site_id=other)
    assert import_history([(1, exported)], again, report=unexpected).added == 1
    assert read_row(exported, now=NOW).by_person


def unexpected(line: int, fault: str) -> None:
    pytest.fail(f"line {line}: {fault}")


def test_all_pages_are_read_and_only_those_received_since(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderation.usecases.export_decisions._PAGE", 2)
    site_id = a_site(open_store).site.id
    ann = a_moderator(open_store, site_id).id
    for i in range(5):
        about = {"at": NOW + timedelta(seconds=i), "body": f"comment {i}"}
        reviewed(open_store, site_id, ann, action=Action.APPROVE, reason="acceptable", **about)

    def bodies(**about: Any) -> list[str]:
        return [row["body"] for row in export_decisions(site_id, open_store=open_store, **about)]

    assert bodies() == [f"comment {i}" for i in reversed(range(5))]
    assert bodies(since=NOW + timedelta(seconds=3)) == ["comment 4", "comment 3"]


def test_there_is_nothing_to_export_of_a_site_that_is_not_there(open_store: OpenStore) -> None:
    with pytest.raises(NotFound):
        list(export_decisions("0197e7a0-0000-7000-8000-000000000000", open_store=open_store))
