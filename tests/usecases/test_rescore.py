"""Judging decided comments again under another policy or model."""

from collections.abc import Sequence

import pytest

from moderation.domain.comment import Comment, Status
from moderation.domain.policy import Action
from moderation.ports.scorer import Scorer
from moderation.ports.store import CommentFilter, OpenStore
from moderation.usecases.judge import judge_comments
from moderation.usecases.rescore import NothingMeasured, Rescored, rescore
from tests.fakes import DownScorer, FixedScorer, WordScorer
from tests.usecases.newsroom import POLICY, Newsroom

WORDS = WordScorer({"turnip": 0.97, "fool": 0.6})
LENIENT = FixedScorer({"toxicity": 0.0})


@pytest.fixture
def room(sqlite_store: OpenStore) -> Newsroom:
    return Newsroom(sqlite_store)


def decided(room: Newsroom, *bodies: str) -> list[Comment]:
    comments = [room.receive(body) for body in bodies]
    judge_comments(room.judge([WORDS]), first=None, limit=100)
    return [room.look_at(comment) for comment in comments]


def again(
    room: Newsroom,
    scorer: Scorer = LENIENT,
    *,
    where: CommentFilter | None = None,
    limit: int = 1000,
    apply: bool = False,
) -> list[Rescored]:
    judge = room.judge([scorer])
    return list(rescore(judge, room.site_id, where or CommentFilter(), limit=limit, apply=apply))


def test_flips_are_reported_and_nothing_is_changed(room: Newsroom) -> None:
    fine, rude = decided(room, "hello", "you turnip")

    found = again(room)

    assert [(one.comment_id, one.before, one.after, one.flipped) for one in found] == [
        (rude.id, Status.REJECTED, Status.APPROVED, True),
        (fine.id, Status.APPROVED, Status.APPROVED, False),
    ]
    assert not any(one.applied for one in found)
    assert room.look_at(rude) == rude


def test_applied_flips_are_decisions_that_the_site_hears_of(room: Newsroom) -> None:
    room.webhook()
    fine, rude = decided(room, "hello", "you turnip")

    found = again(room, apply=True)

    assert [one.applied for one in found] == [True, False]
    assert room.look_at(rude).status is Status.APPROVED
    with room.open_store(reading=True) as store:
        history = store.decisions(room.site_id, rude.id)
        owed = store.deliveries(room.site_id, status=None, limit=10)
    assert [decision.before for decision in history] == [Status.PENDING, Status.REJECTED]
    assert len(owed) == 3
    assert room.jobs.delivered == 2
    assert room.look_at(fine) == fine


def test_a_page_without_flips_writes_nothing(room: Newsroom) -> None:
    decided(room, "hello")

    assert [one.applied for one in again(room, apply=True)] == [False]
    assert room.jobs.delivered == 0


def test_a_moderators_decision_is_reported_but_never_overturned(room: Newsroom) -> None:
    [comment] = decided(room, "hello")
    with room.open_store() as store:
        store.save(comment.reviewed(Action.REJECT, now=room.clock()))
    room.policy({**POLICY, "hold_first": 0})

    [found] = again(room, apply=True)

    assert (found.flipped, found.moderated, found.applied) == (True, True, False)
    assert room.look_at(comment).status is Status.REJECTED


def test_a_comment_changed_meanwhile_keeps_its_status(room: Newsroom) -> None:
    [comment] = decided(room, "you turnip")

    def hold() -> None:
        with room.open_store() as store:
            store.save(comment.reviewed(Action.HOLD, now=room.clock()))

    [found] = again(room, FixedScorer({"toxicity": 0.0}, meanwhile=hold), apply=True)

    assert not found.applied
    assert room.look_at(comment).status is Status.HELD


class BreakingOn(WordScorer):
    """Fails on the texts that hold a listed word."""

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        if any(word in comment.body for comment in comments for word in self.words):
            raise RuntimeError
        return super().score(comments)


def test_what_the_model_fails_on_keeps_its_status_and_is_counted(room: Newsroom) -> None:
    room.webhook()
    fine, rude = decided(room, "hello", "you turnip")
    told = room.jobs.delivered

    broken, other = again(room, BreakingOn({"turnip": 0.0}, otherwise=0.97), apply=True)

    assert (broken.unmeasured, broken.flipped, broken.applied) == (True, False, False)
    assert (broken.after, broken.reasons) == (Status.REJECTED, ())
    assert room.look_at(rude) == rude
    assert (other.unmeasured, other.applied) == (False, True)
    assert room.look_at(fine).status is Status.REJECTED
    assert room.jobs.delivered == told + 1


@pytest.mark.parametrize("scorer", [DownScorer(), FixedScorer({"link_density": 0.0})])
def test_a_model_that_measures_nothing_stops_it_and_changes_nothing(
    room: Newsroom, scorer: Scorer
) -> None:
    comments = decided(room, *["hello", "you turnip"] * 30)
    seen: list[Rescored] = []

    with pytest.raises(NothingMeasured, match="none of 50 comments"):
        seen.extend(
            rescore(room.judge([scorer]), room.site_id, CommentFilter(), limit=1000, apply=True)
        )

    assert [one.unmeasured for one in seen] == [True] * 50
    assert [room.look_at(comment) for comment in comments] == comments


def test_history_that_never_had_a_score_is_not_rewritten_by_a_failing_model(
    room: Newsroom,
) -> None:
    comment = room.receive()
    with room.open_store() as store:
        store.save(comment.judged(Action.APPROVE, risk=0.0, now=room.clock()))

    with pytest.raises(NothingMeasured):
        again(room, DownScorer(), apply=True)

    assert room.look_at(comment).status is Status.APPROVED


def test_a_signal_that_the_policy_does_not_read_may_be_missing_now(room: Newsroom) -> None:
    comment = room.receive()
    both = FixedScorer({"toxicity": 0.0, "caps": 0.5})
    judge_comments(room.judge([both]), first=None, limit=1)

    [found] = again(room, FixedScorer({"toxicity": 0.97}))

    assert found.comment_id == comment.id
    assert (found.unmeasured, found.after) == (False, Status.REJECTED)


def test_pending_comments_are_passed_over(room: Newsroom) -> None:
    room.receive()

    assert again(room) == []


@pytest.mark.parametrize(("limit", "seen"), [(1000, 120), (70, 70)])
def test_long_histories_are_read_page_by_page(room: Newsroom, limit: int, seen: int) -> None:
    for _ in range(2):
        decided(room, *["hello"] * 60)

    found = again(room, limit=limit)

    assert len({one.comment_id for one in found}) == seen


def test_only_the_selected_comments_are_judged_again(room: Newsroom) -> None:
    _, held = decided(room, "hello", "you fool")

    found = again(room, where=CommentFilter(status=Status.HELD))

    assert [one.comment_id for one in found] == [held.id]


def test_an_approved_comment_does_not_vouch_for_its_own_author(room: Newsroom) -> None:
    comment = room.receive(author_id="u1")
    judge_comments(room.judge([WORDS]), first=None, limit=1)
    room.policy({**POLICY, "hold_first": 1})

    [found] = again(room)

    assert found.comment_id == comment.id
    assert found.reasons == ("new_author",)
