from datetime import UTC, datetime, timedelta

import pytest

from moderation.domain.comment import Author, Comment, Status
from moderation.domain.policy import Action
from moderation.errors import EditConflict

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
PENDING = Comment(id="c1", site_id="gazette", body="hello", received_at=NOW)


@pytest.mark.parametrize(
    ("action", "status"),
    [
        (Action.APPROVE, Status.APPROVED),
        (Action.HOLD, Status.HELD),
        (Action.REJECT, Status.REJECTED),
    ],
)
def test_the_machine_settles_a_pending_comment(action: Action, status: Status) -> None:
    judged = PENDING.judged(action, risk=0.4, now=LATER)

    assert (judged.status, judged.version, judged.risk) == (status, 2, 0.4)
    assert judged.updated_at == LATER


def test_the_machine_never_decides_a_text_twice() -> None:
    judged = PENDING.judged(Action.APPROVE, risk=0.0, now=LATER)

    with pytest.raises(EditConflict):
        judged.judged(Action.REJECT, risk=1.0, now=LATER)


def test_the_machine_never_overturns_a_moderator() -> None:
    reviewed = PENDING.reviewed(Action.APPROVE, now=LATER)

    with pytest.raises(EditConflict):
        reviewed.judged(Action.REJECT, risk=1.0, now=LATER)


@pytest.mark.parametrize("status", Status)
def test_a_moderator_may_overturn_any_status(status: Status) -> None:
    comment = Comment(id="c1", site_id="gazette", body="hi", received_at=NOW, status=status)

    reviewed = comment.reviewed(Action.REJECT, now=LATER)

    assert (reviewed.status, reviewed.moderated) == (Status.REJECTED, True)
    assert reviewed.version == comment.version + 1


def test_an_edit_waits_for_a_new_judgement_and_remembers_a_rejection() -> None:
    edited = PENDING.reviewed(Action.REJECT, now=NOW).edited("hello again", now=LATER)

    assert (edited.body, edited.status, edited.text_version) == (
        "hello again",
        Status.PENDING,
        2,
    )
    assert edited.rejected_by_moderator
    assert not edited.moderated
    assert edited.version == 3


@pytest.mark.parametrize(
    ("author", "key"),
    [
        (Author(id="7", email_hash="abc"), "id:7"),
        (Author(email_hash="abc"), "email:abc"),
        (Author(name="Ann"), None),
    ],
)
def test_an_author_is_told_from_others_by_id_then_by_email(author: Author, key: str | None) -> None:
    assert author.key == key
