"""A batch of comments, from pending to decided."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from moderation.code_version import code_version
from moderation.domain.comment import Comment, Status
from moderation.domain.decision import POLICY as BY_POLICY
from moderation.domain.decision import Decision
from moderation.domain.policy import Action
from moderation.domain.policy_document import read_policy
from moderation.domain.signal import Scores, Span
from moderation.ports.scorer import NO_PROBABILITIES, Scorer
from moderation.ports.store import OpenStore
from moderation.usecases.evidence import WordMatchers
from moderation.usecases.judge import Judge, Judged, drain, judge_comments
from tests.fakes import DownScorer, FixedScorer, WordScorer
from tests.usecases.newsroom import POLICY, Newsroom

WORDS = WordScorer({"turnip": 0.97, "fool": 0.6})


@pytest.fixture
def room(sqlite_store: OpenStore) -> Newsroom:
    return Newsroom(sqlite_store)


def decisions(room: Newsroom, comment: Comment) -> list[Decision]:
    with room.open_store(reading=True) as store:
        return store.decisions(room.site_id, comment.id)


def all_of(judge: Judge, first: str | None = None) -> Judged:
    return judge_comments(judge, first=first, limit=100)


def test_each_comment_gets_the_status_that_its_scores_call_for(room: Newsroom) -> None:
    comments = [room.receive(body) for body in ("hello", "you fool", "you turnip")]

    judged = all_of(room.judge([WORDS]))

    statuses = [room.look_at(comment).status for comment in comments]
    assert statuses == [Status.APPROVED, Status.HELD, Status.REJECTED]
    assert (judged.leased, judged.measured, len(judged.decided)) == (3, 3, 3)


def test_a_decision_says_on_which_grounds_it_was_made(room: Newsroom) -> None:
    version = room.policy({**POLICY, "word_lists": [
        {"name": "roots", "action": "hold", "words": ["turnip"]}
    ]})  # fmt: skip
    comment = room.receive("you turnip")

    all_of(room.judge([FixedScorer({"link_density": 0.2}), WORDS]))

    [decision] = decisions(room, comment)
    assert decision.decided_by == BY_POLICY
    assert (decision.before, decision.action) == (Status.PENDING, Action.REJECT)
    assert decision.scores == {"link_density": 0.2, "toxicity": 0.97}
    assert [reason.code for reason in decision.reasons] == ["toxicity>=0.90", "word:roots"]
    assert decision.spans == (Span(4, 10, "roots"),)
    assert (decision.comment_version, decision.text_version) == (2, 1)
    assert decision.policy_version == version
    assert (decision.model_hash, decision.code_version) == (WORDS.model_hash, code_version())
    assert room.look_at(comment).risk == 0.97


def test_the_comment_asked_for_is_taken_before_older_ones(room: Newsroom) -> None:
    older, asked = room.receive(), room.receive()

    judge_comments(room.judge([WORDS]), first=asked.id, limit=1)

    assert room.look_at(asked).status is Status.APPROVED
    assert room.look_at(older).status is Status.PENDING


def test_without_anything_pending_nothing_happens(room: Newsroom) -> None:
    assert all_of(room.judge([WORDS])) == Judged()


def test_judging_twice_changes_nothing_the_second_time(room: Newsroom) -> None:
    comment = room.receive()
    for toxicity in (0.97, 0.01):
        all_of(room.judge([FixedScorer({"toxicity": toxicity})]), first=comment.id)

    assert room.look_at(comment).status is Status.REJECTED
    assert len(decisions(room, comment)) == 1


def test_a_failing_scorer_holds_the_comment_for_a_person(room: Newsroom) -> None:
    comment = room.receive()

    all_of(room.judge([DownScorer(), FixedScorer({"link_density": 0.0})]))

    [decision] = decisions(room, comment)
    assert room.look_at(comment).status is Status.HELD
    assert [reason.code for reason in decision.reasons] == ["missing:toxicity"]
    assert decision.model_hash is None


def test_a_failing_scorer_never_approves_under_a_policy_that_lists_no_requirement(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    room.policy({"rules": POLICY["rules"]})
    comment = room.receive()

    all_of(room.judge([DownScorer(), FixedScorer({"link_density": 0.0})]))

    assert room.look_at(comment).status is Status.HELD
    assert [reason.code for reason in decisions(room, comment)[0].reasons] == ["missing:toxicity"]
    assert "'down' is unavailable: out of order" in caplog.text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 1.5])
def test_a_value_that_is_no_score_counts_as_missing(room: Newsroom, value: float) -> None:
    comment = room.receive()

    all_of(room.judge([FixedScorer({"toxicity": value})]))

    assert [reason.code for reason in decisions(room, comment)[0].reasons] == ["missing:toxicity"]


class Teller:
    """Says what it found, and where."""

    name = "teller"
    model_hash: str | None = None
    base_rates: Mapping[str, float] = NO_PROBABILITIES

    def score(self, comments: Sequence[Comment]) -> list[Scores]:
        told = {"toxicity": "a turnip"}
        return [Scores({"toxicity": 0.6}, told=told, places=(Span(4, 10, "toxicity"),))] * len(
            comments
        )


def test_what_a_scorer_found_is_on_record_with_the_decision(room: Newsroom) -> None:
    comment = room.receive("you turnip")

    all_of(room.judge([Teller()]))

    decision = decisions(room, comment)[0]
    assert decision.reasons[0].text == "a turnip: toxicity 0.60 is at or above 0.50"
    assert decision.spans == (Span(4, 10, "toxicity"),)


@dataclass
class Choking(WordScorer):
    """Raises on one word, as a bug would."""

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        if any("choke" in comment.body for comment in comments):
            raise ZeroDivisionError("choke")
        return super().score(comments)


@dataclass
class Forgetful(WordScorer):
    """Answers for fewer comments than it was asked about."""

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        return super().score(comments)[1:]


def test_a_comment_that_a_scorer_chokes_on_costs_the_others_nothing(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    fine, bad, rude = [room.receive(body) for body in ("hello", "choke on this", "you turnip")]

    all_of(room.judge([Choking(WORDS.words)]))

    statuses = [room.look_at(comment).status for comment in (fine, bad, rude)]
    assert statuses == [Status.APPROVED, Status.HELD, Status.REJECTED]
    assert "ZeroDivisionError" in caplog.text
    assert "choke" not in caplog.text


def test_scores_that_cannot_be_matched_to_comments_are_not_used(room: Newsroom) -> None:
    comments = [room.receive("you turnip"), room.receive("hello")]

    all_of(room.judge([Forgetful(WORDS.words)]))

    assert {room.look_at(comment).status for comment in comments} == {Status.HELD}


def test_a_moderator_who_acts_while_the_model_runs_has_the_last_word(room: Newsroom) -> None:
    comment = room.receive()

    def approve() -> None:
        with room.open_store() as store:
            leased = store.comment(room.site_id, comment.id)
            store.save(leased.reviewed(Action.APPROVE, now=room.clock()))

    judged = all_of(room.judge([FixedScorer({"toxicity": 0.97}, meanwhile=approve)]))

    assert room.look_at(comment).status is Status.APPROVED
    assert (judged.leased, judged.decided) == (1, ())
    assert decisions(room, comment) == []


def test_an_edit_while_the_model_runs_leaves_the_new_text_to_be_judged(room: Newsroom) -> None:
    comment = room.receive("you turnip")
    edits = iter(["hello"])

    def edit() -> None:
        for body in edits:
            with room.open_store() as store:
                leased = store.comment(room.site_id, comment.id)
                store.save(leased.edited(body, now=room.clock()))

    judge = room.judge([FixedScorer({}, meanwhile=edit), WORDS])
    all_of(judge)
    assert room.look_at(comment).status is Status.PENDING

    [again] = all_of(judge).decided
    assert again.comment.status is Status.APPROVED
    assert again.decision.text_version == 2


def test_a_comment_deleted_while_the_model_runs_stays_deleted(room: Newsroom) -> None:
    comment, other = room.receive(), room.receive()

    def delete() -> None:
        with room.open_store() as store:
            store.delete_comment(room.site_id, comment.id)

    judge = room.judge([FixedScorer({"toxicity": 0.97}, meanwhile=delete)])
    [decided] = judge_comments(judge, first=comment.id, limit=2).decided

    assert decided.comment.id == other.id


def test_waiting_counts_from_when_the_text_was_received(room: Newsroom) -> None:
    comment = room.receive()
    room.clock.pass_by(seconds=2)
    [decided] = all_of(room.judge([WORDS])).decided
    assert decided.waited == timedelta(seconds=2)

    room.clock.pass_by(hours=1)
    with room.open_store() as store:
        store.save(room.look_at(comment).edited("hi", now=room.clock()))
    room.clock.pass_by(seconds=3)
    [decided] = all_of(room.judge([WORDS])).decided
    assert decided.waited == timedelta(seconds=3)


def test_what_was_leased_too_often_is_held_without_being_measured(room: Newsroom) -> None:
    comment = room.receive("you turnip")
    for _ in range(3):
        with room.open_store() as store:
            store.lease(now=room.clock(), until=room.clock() + timedelta(seconds=15), limit=1)
        room.clock.pass_by(seconds=16)

    judged = all_of(room.judge([WORDS]))

    [decision] = decisions(room, comment)
    assert (judged.measured, room.look_at(comment).status) == (0, Status.HELD)
    assert [reason.code for reason in decision.reasons] == ["scoring_failed"]
    assert decision.scores == {}
    assert room.look_at(comment).risk == 1.0


def test_a_slow_batch_settles_what_is_measured_and_gives_back_the_rest(room: Newsroom) -> None:
    comments = [room.receive() for _ in range(20)]
    slow = FixedScorer({"toxicity": 0.0}, meanwhile=lambda: room.clock.pass_by(seconds=5))

    judged = all_of(room.judge([slow]))

    assert (judged.leased, judged.measured) == (20, 16)
    left = [room.look_at(comment) for comment in comments[16:]]
    assert {(comment.status, comment.attempts) for comment in left} == {(Status.PENDING, 0)}
    with room.open_store(reading=True) as store:
        owed = store.owed(now=room.clock(), limit=100)
    assert owed == [comment.id for comment in comments[16:]]


def test_every_enabled_webhook_is_owed_the_same_message(room: Newsroom) -> None:
    enabled = {room.webhook().id, room.webhook().id}
    room.webhook(disabled=True)
    comment = room.receive("a secret turnip", author_id="u1", external_id="e1")

    all_of(room.judge([WORDS]))

    with room.open_store(reading=True) as store:
        owed = store.deliveries(room.site_id, status=None, limit=10)
    assert {delivery.webhook_id for delivery in owed} == enabled
    [body] = {delivery.body for delivery in owed}
    message = json.loads(body)
    assert message["type"] == "comment.decided"
    assert message["data"]["id"] == comment.id
    assert message["data"]["status"] == "rejected"
    assert message["data"]["version"] == 2
    assert "secret" not in body
    assert room.jobs.delivered == 1


def test_without_webhooks_nobody_is_woken(room: Newsroom) -> None:
    room.receive()

    all_of(room.judge([WORDS]))

    assert room.jobs.delivered == 0


def test_authors_are_new_until_enough_of_their_comments_stand_approved(room: Newsroom) -> None:
    room.policy({**POLICY, "hold_first": 1})
    judge = room.judge([WORDS])
    first, unknown = room.receive(author_id="u1"), room.receive()
    all_of(judge)
    assert {room.look_at(comment).status for comment in (first, unknown)} == {Status.HELD}

    with room.open_store() as store:
        store.save(room.look_at(first).reviewed(Action.APPROVE, now=room.clock()))
    second, still_unknown = room.receive(author_id="u1"), room.receive()
    all_of(judge)

    assert room.look_at(second).status is Status.APPROVED
    assert room.look_at(still_unknown).status is Status.HELD


def test_a_section_has_its_own_rules(room: Newsroom) -> None:
    room.policy({**POLICY, "sections": {"obituaries": {"premoderate": True}}})
    obituary, sports = room.receive(section="obituaries"), room.receive(section="sports")

    all_of(room.judge([WORDS]))

    assert room.look_at(obituary).status is Status.HELD
    assert room.look_at(sports).status is Status.APPROVED


def test_an_edit_after_a_moderators_rejection_waits_for_a_person(room: Newsroom) -> None:
    comment = room.receive()
    with room.open_store() as store:
        rejected = comment.reviewed(Action.REJECT, now=room.clock())
        store.save(rejected)
        store.save(rejected.edited("something else", now=room.clock()))

    all_of(room.judge([WORDS]))

    assert room.look_at(comment).status is Status.HELD


def test_a_drain_takes_everything_that_is_pending(room: Newsroom) -> None:
    comments = [room.receive() for _ in range(50)]
    batches: list[Judged] = []

    drain(room.judge([WORDS]), first=comments[30].id, stopping=lambda: False, report=batches.append)

    assert {room.look_at(comment).status for comment in comments} == {Status.APPROVED}
    assert [batch.leased for batch in batches] == [1, 2, 4, 8, 16, 19, 0]
    assert room.jobs.scored == []


def test_slow_batches_do_not_grow(room: Newsroom) -> None:
    slow = FixedScorer({"toxicity": 0}, meanwhile=lambda: room.clock.pass_by(seconds=0.12))
    for _ in range(5):
        room.receive()
    batches: list[Judged] = []

    drain(room.judge([slow]), first="", stopping=lambda: False, report=batches.append)

    assert [batch.leased for batch in batches] == [1, 1, 1, 1, 1, 0]


def test_a_batch_after_one_that_was_not_full_is_as_small_as_that_was(room: Newsroom) -> None:
    room.receive()
    room.receive()
    sizes: list[int] = []

    def more_come(judged: Judged) -> None:
        sizes.append(judged.leased)
        for _ in range(3 if len(sizes) == 2 else 0):
            room.receive()

    drain(room.judge([WORDS]), first="", stopping=lambda: False, report=more_come)

    assert sizes == [1, 1, 1, 2, 0]


def told_to_stop(_: Newsroom) -> tuple[list[Scorer], bool]:
    return [WORDS], True


def out_of_time(room: Newsroom) -> tuple[list[Scorer], bool]:
    return [FixedScorer({"toxicity": 0}, meanwhile=lambda: room.clock.pass_by(seconds=6))], False


@pytest.mark.parametrize("why", [told_to_stop, out_of_time])
def test_a_drain_that_ends_early_asks_for_what_is_left(room: Newsroom, why: object) -> None:
    comments = [room.receive() for _ in range(6)]
    scorers, stopping = why(room)  # type: ignore[operator]

    drain(
        room.judge(scorers), first=comments[0].id, stopping=lambda: stopping, report=lambda _: None
    )

    pending = [c.id for c in comments if room.look_at(c).status is Status.PENDING]
    assert pending == [comment.id for comment in comments[1:]]
    assert room.jobs.scored == pending[:1]


def test_a_drain_that_ends_early_and_leaves_nothing_asks_for_nothing(room: Newsroom) -> None:
    comment = room.receive()

    drain(room.judge([WORDS]), first=comment.id, stopping=lambda: True, report=lambda _: None)

    assert room.jobs.scored == []


def test_comments_of_two_sites_are_judged_by_their_own_policies(room: Newsroom) -> None:
    strict = Newsroom(room.open_store, clock=room.clock)
    strict.policy({**POLICY, "premoderate": True})
    ours, theirs = room.receive(), strict.receive()

    all_of(room.judge([WORDS]))

    assert room.look_at(ours).status is Status.APPROVED
    assert strict.look_at(theirs).status is Status.HELD


def test_a_judge_of_many_sites_keeps_the_word_lists_of_the_last_ones_only() -> None:
    matchers = WordMatchers(kept=2)
    policy = read_policy(
        {**POLICY, "word_lists": [{"name": "roots", "action": "hold", "words": ["turnip"]}]},
        version=1,
    )

    found = [matchers.find(site, policy, "a turnip") for site in ("one", "two", "three", "one")]

    assert [[each.word for each in words] for words in found] == [["turnip"]] * 4
    assert len(matchers) == 2
