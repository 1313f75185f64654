"""Comments in languages that the model was not taught, and what sites say of them."""

from typing import Any, NoReturn

import pytest

from moderation.domain.comment import Status
from moderation.domain.decision import Decision
from moderation.ports.language import RecogniseLanguage
from moderation.ports.store import CommentFilter, OpenStore
from moderation.usecases.judge import judge_comments
from moderation.usecases.measuring import LANGUAGE, measure
from moderation.usecases.rescore import Rescored, rescore
from tests.fakes import GERMAN, EnglishScorer, german_recognised
from tests.usecases.newsroom import POLICY, Newsroom


@pytest.fixture
def room(sqlite_store: OpenStore) -> Newsroom:
    return Newsroom(sqlite_store)


def decided(
    room: Newsroom,
    body: str = GERMAN,
    *,
    recognise: RecogniseLanguage = german_recognised,
    **fields: Any,
) -> tuple[Status, Decision]:
    comment = room.receive(body, **fields)
    judge_comments(room.judge([EnglishScorer()], recognise=recognise), first=None, limit=10)
    with room.open_store(reading=True) as store:
        [decision] = store.decisions(room.site_id, comment.id)
    return room.look_at(comment).status, decision


def asked(text: str) -> NoReturn:
    raise AssertionError(f"nobody was to ask for the language of {text!r}")


def test_a_comment_in_a_language_that_the_model_was_not_taught_is_held_and_says_why(
    room: Newsroom,
) -> None:
    status, decision = decided(room)

    assert status is Status.HELD
    [reason] = decision.reasons
    assert reason.code == "missing:toxicity"
    assert reason.text == (
        "toxicity could not be measured; "
        "the comment seems to be in German, which the model was not taught"
    )
    assert decision.scores == {}


def test_a_comment_of_which_no_other_language_is_recognised_is_scored(room: Newsroom) -> None:
    status, decision = decided(room, "Well said.")

    assert status is Status.APPROVED
    assert decision.scores == {"toxicity": 0.1}


def test_the_language_that_the_site_declares_is_not_doubted(room: Newsroom) -> None:
    scored, _ = decided(room, language="en", recognise=asked)
    held, decision = decided(room, "Well said.", language="de-AT", recognise=asked)

    assert (scored, held) == (Status.APPROVED, Status.HELD)
    assert decision.reasons[0].text.endswith("declared to be in German")


@pytest.mark.parametrize("languages", [["de"], ["nl", "de"], ["*"]])
def test_a_site_may_have_another_language_scored_all_the_same(
    room: Newsroom, languages: list[str]
) -> None:
    room.policy({**POLICY, "languages": languages})

    recognised, decision = decided(room)
    declared, _ = decided(room, language="de-AT")

    assert recognised is declared is Status.APPROVED
    assert decision.scores == {"toxicity": 0.1}


def test_a_site_that_wants_one_language_scored_has_others_held(room: Newsroom) -> None:
    room.policy({**POLICY, "languages": ["nl"]})

    assert decided(room)[0] is Status.HELD
    assert decided(room, language="fr")[0] is Status.HELD


def test_what_cannot_be_looked_at_for_its_language_is_held_without_a_word_of_it(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(text: str) -> NoReturn:
        raise ValueError(text)

    status, decision = decided(room, "Well said.", recognise=broken)

    assert status is Status.HELD
    assert [reason.text for reason in decision.reasons] == ["toxicity could not be measured"]
    assert "no language could be recognised: ValueError" in caplog.text
    assert "Well said" not in caplog.text


def test_a_measurement_tells_that_the_language_could_not_be_looked_for(room: Newsroom) -> None:
    def broken(text: str) -> NoReturn:
        raise ValueError(text)

    [measured] = measure([EnglishScorer()], [room.receive()], recognise=broken)

    assert (measured.failed, measured.scores) == ([LANGUAGE], {})


def again(room: Newsroom, **options: Any) -> list[Rescored]:
    judge = room.judge([EnglishScorer()], recognise=german_recognised)
    return list(rescore(judge, room.site_id, CommentFilter(), limit=10, apply=True, **options))


def test_once_a_site_wants_a_language_scored_held_comments_can_be_judged_again(
    room: Newsroom,
) -> None:
    decided(room)
    assert [one.after for one in again(room)] == [Status.HELD]

    room.policy({**POLICY, "languages": ["de"]})

    assert [(one.after, one.applied) for one in again(room)] == [(Status.APPROVED, True)]
