"""From a comment's receipt to its decision and the moderator's: where traces are left."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from moderation.bootstrap import Services, kept
from moderation.domain.comment import Comment, Status, Submission
from moderation.domain.policy import Action
from moderation.domain.policy_document import DEFAULT_DOCUMENT
from moderation.ports.scorer import Scorer
from moderation.ports.store import CommentFilter, OpenStore
from moderation.settings import Settings
from moderation.usecases.import_history import History, import_history
from moderation.usecases.judge import judge_comments
from moderation.usecases.rescore import rescore
from moderation.usecases.review import Review, decide_as_moderator
from moderation.usecases.submit import pending_comment
from tests.fakes import FixedScorer
from tests.spam.test_fingerprint import LONG, OTHER
from tests.usecases.given import PRIVACY, CountedJobs, a_moderator
from tests.usecases.newsroom import Newsroom
from workers.scorers.company import CompanyScorer
from workers.scorers.conduct import ConductScorer, FormScorer
from workers.scorers.loading import Loaded, reading_scorers
from workers.scorers.surroundings import Surroundings
from workers.scoring import judge_of

CALM = FixedScorer({"toxicity": 0.0})


@pytest.fixture
def room(sqlite_store: OpenStore) -> Newsroom:
    newsroom = Newsroom(sqlite_store)
    newsroom.policy(DEFAULT_DOCUMENT)
    return newsroom


def judged(room: Newsroom, *comments: Comment) -> list[Comment]:
    scorers: list[Scorer] = [
        CALM,
        ConductScorer(Surroundings(room.open_store)),
        CompanyScorer(Surroundings(room.open_store)),
    ]
    judge_comments(room.judge(scorers), first=None, limit=100)
    return [room.look_at(comment) for comment in comments]


def reasons(room: Newsroom, comment: Comment) -> list[tuple[str, str]]:
    with room.open_store(reading=True) as store:
        decision = store.latest_decisions([comment.id])[comment.id]
    return [(reason.code, reason.text) for reason in decision.reasons]


def test_copies_in_one_batch_are_held_with_a_sentence_that_counts_them(room: Newsroom) -> None:
    comments = [room.receive(LONG, author_id=f"u{n}") for n in range(3)]

    statuses = [each.status for each in judged(room, *comments)]

    assert statuses == [Status.APPROVED, Status.HELD, Status.HELD]
    assert reasons(room, comments[2]) == [
        (
            "near_duplicates>=0.50",
            "same text as 2 comments by 2 authors in 1 minute:"
            " near duplicates 0.67 is at or above 0.50",
        )
    ]


def test_a_comment_that_is_tried_again_is_no_copy_of_itself(room: Newsroom) -> None:
    comment = room.receive(LONG, author_id="u1")
    with room.open_store() as store:
        store.lease(now=room.clock(), until=room.clock() + timedelta(seconds=15), limit=1)
    judge_comments(room.judge([CALM]), first=None, limit=100)
    room.clock.pass_by(seconds=20)

    assert [each.status for each in judged(room, comment)] == [Status.APPROVED]


def test_judging_again_takes_what_was_going_on_then_from_the_record(room: Newsroom) -> None:
    comments = [room.receive(LONG, author_id=f"u{n}") for n in range(3)]
    judged(room, *comments)
    with room.open_store() as store:
        later = room.clock() + timedelta(days=1)
        store.drop_traces(before=later, domains_before=later, limit=9)

    again = rescore(
        room.judge([CALM, CompanyScorer(Surroundings(room.open_store))]),
        room.site_id,
        CommentFilter(),
        limit=9,
        apply=False,
    )

    found = [(each.after, each.unmeasured) for each in again]
    assert found == [(Status.HELD, False), (Status.HELD, False), (Status.APPROVED, False)]


def test_judging_again_leaves_no_trace_and_neither_does_an_import(room: Newsroom) -> None:
    rows: list[dict[str, Any]] = [
        {
            "body": LONG,
            "external_id": f"x{n}",
            "created_at": "2026-11-23T09:00:00Z",
            "status": "rejected",
        }
        for n in range(2)
    ]
    history = History(room.site_id, room.open_store, PRIVACY, room.clock())
    import_history(
        enumerate(rows, start=1), history, report=lambda _line, fault: pytest.fail(fault)
    )
    list(rescore(room.judge([CALM]), room.site_id, CommentFilter(), limit=9, apply=True))

    [fresh] = judged(room, room.receive(LONG, author_id="u1"))

    assert fresh.status is Status.APPROVED


def test_what_a_moderator_rejects_as_spam_teaches_its_domain(room: Newsroom) -> None:
    ann = a_moderator(room.open_store, room.site_id)
    for author, text in (("u1", LONG), ("u2", OTHER)):
        [spam] = judged(room, room.receive(f"{text} https://pills-42.com", author_id=author))
        review = Review(
            moderator_id=ann.id, version=spam.version, action=Action.REJECT, reason="spam"
        )
        decide_as_moderator(
            spam.id, review, open_store=room.open_store, jobs=CountedJobs(), now=room.clock()
        )

    [held] = judged(room, room.receive("look: www.pills-42.com/today", author_id="u3"))

    assert held.status is Status.HELD
    assert reasons(room, held)[0][1].startswith(
        "links to a domain that was called spam in comments by 2 authors: bad domain 0.50"
    )


def test_a_form_tells_what_the_site_sends_and_nothing_else(room: Newsroom) -> None:
    robot, silent = FormScorer().score(
        [
            room.receive(LONG, form_seconds=0.4, user_agent="", disposable_email=True),
            room.receive(LONG),
        ]
    )

    assert robot == {"quick_form": pytest.approx(0.95, abs=0.05), "robot_agent": 1.0,
                     "disposable_email": 1.0}  # fmt: skip
    assert robot.told["quick_form"].endswith("characters, 0 s after the form opened")
    assert silent == {}


@pytest.mark.parametrize(
    ("email", "expected"), [("A@Mailinator.com", True), ("a@example.com", False), (None, None)]
)
def test_of_an_address_only_this_is_kept_in_the_clear(
    room: Newsroom, email: str | None, expected: bool | None
) -> None:
    comment = pending_comment(
        Submission(body="hello", author_email=email),
        site_id=room.site_id,
        privacy=PRIVACY,
        now=room.clock(),
    )
    with room.open_store() as store:
        store.add_comment(comment)

    assert room.look_at(comment).disposable_email is expected


def test_a_worker_measures_with_scorers_that_read_its_own_store(room: Newsroom) -> None:
    services = SimpleNamespace(
        settings=Settings(), open_store=room.open_store, jobs=room.jobs, now=room.clock
    )

    surroundings = Surroundings()
    judge = judge_of(
        cast(Services, services),
        Loaded([*reading_scorers(surroundings), CALM], read_from=surroundings.read_from),
    )

    assert [scorer.name for scorer in judge.scorers] == ["conduct", "company", "fixed"]


def test_the_settings_say_how_long_things_are_kept() -> None:
    found = kept(Settings(webhook_history_days=1, trace_days=2, domain_days=3))

    assert [each.days for each in (found.webhooks, found.traces, found.domains)] == [1, 2, 3]
