"""A site states how often its comments are toxic, and scores are told for that."""

import pytest

from moderation.domain.base_rate import at_base_rate
from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.domain.policy_document import read_policy
from moderation.domain.verdict import Evidence, decide
from moderation.ports.store import CommentFilter, OpenStore
from moderation.usecases.explain import explain
from moderation.usecases.judge import judge_comments
from moderation.usecases.rescore import rescore
from tests.fakes import FixedScorer
from tests.usecases.newsroom import Newsroom

HALF = FixedScorer({"toxicity": 0.5, "insult": 0.5}, base_rates={"toxicity": 0.1})
HOLDS = {"rules": [{"signal": "toxicity", "at_least": 0.4, "action": "hold"}]}
RARE = HOLDS | {"base_rates": {"toxicity": 0.03, "insult": 0.03}}
COMMON = HOLDS | {"base_rates": {"toxicity": 0.4}}


@pytest.fixture
def room(sqlite_store: OpenStore) -> Newsroom:
    return Newsroom(sqlite_store)


def decided(room: Newsroom) -> tuple[Comment, Decision]:
    comment = room.receive()
    judge_comments(room.judge([HALF]), first=None, limit=10)
    with room.open_store(reading=True) as store:
        [decision] = store.decisions(room.site_id, comment.id)
    return room.look_at(comment), decision


def test_where_toxic_comments_are_rare_the_same_words_are_less_likely_toxic(
    room: Newsroom,
) -> None:
    room.policy(HOLDS)
    held, as_stated = decided(room)
    room.policy(RARE)
    approved, at_own = decided(room)

    assert as_stated.scores["toxicity"] == 0.5
    assert at_own.scores["toxicity"] == pytest.approx(at_base_rate(0.5, stated=0.1, own=0.03))
    assert (held.status, approved.status) == (Status.HELD, Status.APPROVED)


def test_where_they_are_common_they_are_more_likely_so(room: Newsroom) -> None:
    room.policy(COMMON)

    _, decision = decided(room)

    assert decision.scores["toxicity"] > 0.8
    assert decision.reasons[0].score == decision.scores["toxicity"]


def test_a_score_that_is_no_probability_stays(room: Newsroom) -> None:
    room.policy(RARE)

    _, decision = decided(room)

    assert decision.scores["insult"] == 0.5


def test_what_is_recorded_is_what_the_rules_saw_so_it_repeats_and_explains_the_decision(
    room: Newsroom,
) -> None:
    for document in (HOLDS, RARE, COMMON):
        room.policy(document)
        comment, decision = decided(room)

        again = decide(read_policy(document, version=1), Evidence(scores=decision.scores))
        story = explain(comment.id, open_store=room.open_store)

        assert again.action is decision.action
        [toxicity] = [m for m in story.decisions[0].measurements if m.signal == "toxicity"]
        assert toxicity.score == decision.scores["toxicity"]
        assert toxicity.thresholds[0].fired == bool(decision.reasons)


def test_judging_again_flips_nothing_until_the_site_states_another_rate(room: Newsroom) -> None:
    room.policy(RARE)
    decided(room)

    same = list(rescore(room.judge([HALF]), room.site_id, CommentFilter(), limit=10, apply=False))
    room.policy(COMMON)
    other = list(rescore(room.judge([HALF]), room.site_id, CommentFilter(), limit=10, apply=False))

    assert [one.flipped for one in same] == [False]
    assert [one.after for one in other] == [Status.HELD]


def test_a_recorded_score_can_be_told_for_another_rate_without_measuring_again(
    room: Newsroom,
) -> None:
    room.policy(RARE)
    _, rare = decided(room)
    room.policy(COMMON)
    _, common = decided(room)

    told = at_base_rate(rare.scores["toxicity"], stated=0.03, own=0.4)

    assert told == pytest.approx(common.scores["toxicity"])
