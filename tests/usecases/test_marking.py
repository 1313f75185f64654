"""Words go on record with the decision that their score led to, and never change one."""

import pytest

from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.domain.signal import Span
from moderation.ports.marking import WordMarker
from moderation.ports.store import CommentFilter, OpenStore
from moderation.usecases.judge import judge_comments
from moderation.usecases.rescore import rescore
from tests.fakes import FixedScorer, WordListMarker, WordScorer
from tests.usecases.newsroom import POLICY, Newsroom

WORDS = WordScorer({"turnip": 0.97, "fool": 0.6})


@pytest.fixture
def room(sqlite_store: OpenStore) -> Newsroom:
    return Newsroom(sqlite_store)


def judged(room: Newsroom, body: str, marker: WordMarker) -> tuple[Comment, Decision]:
    comment = room.receive(body)
    judge_comments(room.judge([WORDS], marker=marker), first=None, limit=100)
    with room.open_store(reading=True) as store:
        return room.look_at(comment), store.decisions(room.site_id, comment.id)[-1]


@pytest.mark.parametrize("body", ["you turnip", "you fool!!"])
def test_the_words_of_a_held_or_rejected_comment_are_on_record(body: str, room: Newsroom) -> None:
    _, decision = judged(room, body, WordListMarker(("turnip", "fool")))

    assert decision.spans == (Span(4, 10 if "turnip" in body else 8, "toxicity"),)


def test_nobody_looks_for_words_in_a_comment_that_its_scores_let_pass(room: Newsroom) -> None:
    marker = WordListMarker(("hello",))
    room.policy({**POLICY, "premoderate": True})

    comment, decision = judged(room, "hello", marker)

    assert (comment.status, decision.spans, marker.asked) == (Status.HELD, (), 0)


def test_a_score_that_the_marker_cannot_explain_has_no_words(room: Newsroom) -> None:
    _, decision = judged(room, "you turnip", WordListMarker(("turnip",), signals=("insult",)))

    assert decision.spans == ()


def test_a_marker_that_fails_changes_no_decision_and_quotes_nothing(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    broken = WordListMarker((), broken=RuntimeError("at: you turnip"))

    comment, decision = judged(room, "you turnip", broken)

    assert (comment.status, decision.spans) == (Status.REJECTED, ())
    assert "RuntimeError" in caplog.text
    assert "turnip" not in caplog.text


def test_a_comment_that_is_judged_otherwise_later_gets_its_words_then(room: Newsroom) -> None:
    comment, _ = judged(room, "you carrot", WordListMarker(()))
    judge = room.judge([FixedScorer({"toxicity": 0.95})], marker=WordListMarker(("carrot",)))

    list(rescore(judge, room.site_id, CommentFilter(), limit=9, apply=True))

    with room.open_store(reading=True) as store:
        assert store.decisions(room.site_id, comment.id)[-1].spans == (Span(4, 10, "toxicity"),)
