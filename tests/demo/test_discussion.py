"""How threads are arranged, and how decisions are put to readers."""

from dataclasses import replace

import pytest

from moderation.demo.discussion import threads_of
from moderation.demo.wording import decided_by_person, plain_reasons
from moderation.domain.comment import Author, Comment
from moderation.domain.decision import POLICY
from moderation.domain.policy import Action
from moderation.domain.review import REVIEW_REASONS, review_reason
from moderation.domain.signal import SIGNALS
from moderation.domain.verdict import Reason
from tests.builders import a_comment, a_decision, a_site

SITE = a_site()


def said(name: str, *, to: Comment | None = None) -> Comment:
    return a_comment(SITE, author=Author(name=name), parent_id=to.id if to else None)


def shape(*comments: Comment) -> list[tuple[str | None, list[tuple[str | None, str | None]]]]:
    return [
        (
            thread.top.comment.author.name,
            [(reply.comment.author.name, reply.answers) for reply in thread.replies],
        )
        for thread in threads_of(comments, frozenset())
    ]


def test_threads_are_newest_first_and_their_replies_oldest_first() -> None:
    one = said("one")
    two = said("two")
    reply, deeper, later = said("reply", to=one), said("later", to=one), said("two's", to=two)
    deepest = said("deepest", to=reply)

    assert shape(deepest, later, deeper, reply, two, one) == [
        ("two", [("two's", "two")]),
        ("one", [("reply", "one"), ("later", "one"), ("deepest", "reply")]),
    ]


def test_a_reply_to_what_is_not_shown_begins_a_thread() -> None:
    hidden = said("hidden")

    assert shape(said("orphan", to=hidden)) == [("orphan", [])]


def test_own_comments_are_marked() -> None:
    mine, theirs = said("me"), said("them")

    marked = threads_of([mine, theirs], frozenset([mine.id]))

    assert [thread.top.own for thread in marked] == [False, True]


def reasons(*codes: str, signal: str | None = None) -> list[str]:
    given = tuple(
        Reason(code=code, action=Action.HOLD, text="for moderators", signal=signal)
        for code in codes
    )
    decision = a_decision(a_comment(SITE))
    return plain_reasons(replace(decision, reasons=given))


@pytest.mark.parametrize("signal", SIGNALS)
def test_every_signal_has_plain_words(signal: str) -> None:
    [told] = reasons(f"{signal}>=0.60", signal=signal)

    assert told != "for moderators"


@pytest.mark.parametrize(
    "code",
    [
        "missing:toxicity",
        "word:slurs",
        "links>2",
        "premoderated",
        "new_author",
        "edited_after_rejection",
        "scoring_failed",
    ],
)
def test_every_other_reason_has_plain_words(code: str) -> None:
    [told] = reasons(code)

    assert told != "for moderators"


def test_an_unknown_reason_is_told_as_moderators_read_it() -> None:
    assert reasons("weather>=1.00", signal="weather") == ["for moderators"]


def test_each_reason_is_told_once() -> None:
    assert reasons("word:a", "word:b") == ["it holds a word that this site has on a list"]


@pytest.mark.parametrize("code", REVIEW_REASONS)
def test_readers_learn_a_moderators_reason_and_never_the_note(code: str) -> None:
    action = max(REVIEW_REASONS[code].actions)
    given = review_reason(action, code, "Ask Bob, he knows the writer.")
    decision = a_decision(a_comment(SITE), note="Ask Bob, he knows the writer.")

    [told] = plain_reasons(replace(decision, reasons=(given,)))

    assert told
    assert "note" not in told
    assert "Bob" not in told


def test_before_a_decision_there_is_nothing_to_tell() -> None:
    assert plain_reasons(None) == []
    assert not decided_by_person(None)


@pytest.mark.parametrize(("by", "person"), [(POLICY, False), ("m1", True)])
def test_readers_learn_whether_a_person_decided(by: str, person: bool) -> None:
    assert decided_by_person(a_decision(a_comment(SITE), decided_by=by)) is person
