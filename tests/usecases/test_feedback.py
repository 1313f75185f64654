"""What people say of spam is kept, learnt from and, where it was wrong, unlearnt."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from moderation.domain.comment import Comment, Status
from moderation.domain.feedback import SITE, Lesson
from moderation.domain.policy import Action
from moderation.errors import Invalid, NotFound, StoreUnavailable
from moderation.ports.store import OpenStore, Store
from moderation.ports.teaching import Correction
from moderation.usecases.corrections import list_corrections, roll_back_correction
from moderation.usecases.feedback import Said, give_feedback, give_feedback_by_name
from moderation.usecases.idempotency import Once, Reply, Request
from moderation.usecases.learn import Learnt, learn_feedback
from moderation.usecases.review import Review, decide_as_moderator
from tests.usecases.given import NOW, CountedJobs, a_comment, a_moderator, a_site

LATER = NOW + timedelta(minutes=5)
DONE = Reply(202, "{}")
ADVERT = "Buy at https://pills-42.com/now"


@dataclass
class PlainTeacher:
    """``ports.Teacher`` that writes down what it was told; *deaf* to some sources."""

    deaf: tuple[str, ...] = ()
    meanwhile: Callable[[], object] = lambda: None
    told: list[list[tuple[str, bool]]] = field(default_factory=list)

    def teach(self, lessons: Sequence[Lesson]) -> Correction | None:
        self.told.append([(each.comment.body, each.feedback.spam) for each in lessons])
        self.meanwhile()
        heard = [each.feedback for each in lessons if each.feedback.source not in self.deaf]
        if not heard:
            return None
        return Correction(str(len(heard)).encode(), frozenset(each.id for each in heard))


@dataclass
class Desk:
    """A site whose comments are spoken of."""

    open_store: OpenStore
    site_id: str
    moderator_id: str
    seconds: int = 0

    def now(self) -> datetime:
        """Return a time later than any before, so that opinions have an order."""
        self.seconds += 1
        return LATER + timedelta(seconds=self.seconds)

    def comment(self, body: str = "Nice") -> Comment:
        return a_comment(self.open_store, self.site_id, body=body)

    def say(self, comment: Comment, *, spam: bool = True, once: str | None = None) -> bool:
        """Say it as the site; return whether the answer was one given before."""
        kept = None
        if once is not None:
            kept = Once(site_id=self.site_id, key=once, fingerprint=once)
        return give_feedback(
            comment.id,
            Said(spam, "Eve"),
            Request(site_id=self.site_id, now=self.now(), once=kept),
            reply=lambda _: DONE,
            open_store=self.open_store,
        ).replayed

    def review(self, comment: Comment, action: Action, reason: str) -> None:
        decide_as_moderator(
            comment.id,
            Review(
                moderator_id=self.moderator_id,
                version=comment.version,
                action=action,
                reason=reason,
                note="see there",
            ),
            open_store=self.open_store,
            jobs=CountedJobs(),
            now=self.now(),
        )

    def learn(self, teacher: PlainTeacher) -> list[Learnt]:
        return learn_feedback(teacher, open_store=self.open_store, clock=self.now)

    def taught(self) -> list[tuple[str, bool]]:
        """Return (source, spam) of what could be learnt."""
        with self.open_store(reading=True) as store:
            found = store.lessons(self.site_id, per_source=9, limit=9)
        return [(each.feedback.source, each.feedback.spam) for each in found]

    def in_force(self) -> bytes:
        with self.open_store(reading=True) as store:
            version = store.correction_in_force(self.site_id)
            return store.correction_weights(self.site_id, version)


@pytest.fixture
def desk(sqlite_store: OpenStore) -> Desk:
    site_id = a_site(sqlite_store).site.id
    return Desk(sqlite_store, site_id, a_moderator(sqlite_store, site_id).id)


def test_a_site_may_name_a_comment_by_an_id_of_its_own(desk: Desk) -> None:
    a_comment(desk.open_store, desk.site_id, external_id="ours")
    other_site = a_site(desk.open_store, "Herald").site.id

    def give(site_id: str, *names: str) -> bool:
        return give_feedback_by_name(
            names, Said(True), site_id=site_id, now=desk.now(), open_store=desk.open_store
        )

    assert not give(desk.site_id, "theirs")
    assert not give(other_site, "ours")
    assert desk.taught() == []
    assert give(desk.site_id, "theirs", "ours")
    assert desk.taught() == [(SITE, True)]


def test_what_a_site_says_is_kept_and_changes_no_status(desk: Desk) -> None:
    comment = desk.comment()

    desk.say(comment)

    assert desk.taught() == [(SITE, True)]
    with desk.open_store(reading=True) as store:
        assert store.comment(desk.site_id, comment.id).status is Status.HELD


def test_a_site_says_nothing_of_anothers_comment(desk: Desk, sqlite_store: OpenStore) -> None:
    theirs = a_comment(sqlite_store, a_site(sqlite_store, "Herald").site.id)

    with pytest.raises(NotFound):
        desk.say(theirs)


def test_a_repeated_request_is_answered_as_before(desk: Desk) -> None:
    comment = desk.comment()

    assert [desk.say(comment, once="k") for _ in range(2)] == [False, True]


@pytest.mark.parametrize(
    ("action", "reason", "spam"),
    [
        (Action.APPROVE, "acceptable", [False]),
        (Action.APPROVE, "mistaken", [False]),
        (Action.REJECT, "spam", [True]),
        (Action.REJECT, "insult", []),
        (Action.REJECT, "other", []),
    ],
)
def test_a_moderators_decision_says_what_it_says_of_spam(
    desk: Desk, action: Action, reason: str, spam: list[bool]
) -> None:
    desk.review(desk.comment(), action, reason)

    assert desk.taught() == [(desk.moderator_id, each) for each in spam]


def test_new_feedback_is_learnt_once_together_with_the_old(desk: Desk) -> None:
    teacher = PlainTeacher()
    desk.say(desk.comment("Buy pills"))
    assert desk.learn(teacher) == [Learnt(desk.site_id, 1, learnt=1)]
    assert desk.learn(teacher) == []

    desk.review(desk.comment("Well said"), Action.APPROVE, "acceptable")
    assert desk.learn(teacher) == [Learnt(desk.site_id, 2, learnt=1)]

    assert teacher.told == [
        [("Buy pills", True)],
        [("Buy pills", True), ("Well said", False)],
    ]
    assert desk.in_force() == b"2"
    newest = list_corrections(desk.site_id, open_store=desk.open_store)[0]
    assert (newest.version, newest.learnt, newest.refused) == (2, 2, 0)


def test_who_is_not_heard_is_counted_as_refused(desk: Desk) -> None:
    teacher = PlainTeacher(deaf=(SITE,))
    desk.say(desk.comment())
    assert desk.learn(teacher) == [Learnt(desk.site_id, None, refused=1)]
    assert list_corrections(desk.site_id, open_store=desk.open_store) == []

    desk.review(desk.comment(), Action.APPROVE, "acceptable")

    assert desk.learn(teacher) == [Learnt(desk.site_id, 1, learnt=1)]


def test_opinions_of_texts_that_are_gone_are_done_with(desk: Desk) -> None:
    comment = desk.comment()
    desk.say(comment)
    with desk.open_store() as store:
        store.save(comment.edited("Something else", now=LATER))
    teacher = PlainTeacher()

    assert desk.learn(teacher) == [Learnt(desk.site_id, None, refused=1)]
    assert desk.learn(teacher) == []
    assert teacher.told == []


def test_a_site_that_cannot_be_taught_keeps_no_other_waiting(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    herald = a_site(desk.open_store, "Herald").site.id
    for site_id in (desk.site_id, herald):
        desk_of = Desk(desk.open_store, site_id, desk.moderator_id)
        desk_of.say(desk_of.comment("Buy pills"))
    failing = iter([True, False])

    def fail_once() -> None:
        if next(failing):
            raise ValueError("Buy pills")

    [learnt] = desk.learn(PlainTeacher(meanwhile=fail_once))

    assert learnt.version == 1
    assert "nothing was learnt: ValueError" in caplog.text
    assert "pills" not in caplog.text
    assert len(desk.learn(PlainTeacher())) == 1


def test_learning_ends_when_the_store_goes_away(desk: Desk) -> None:
    desk.say(desk.comment())

    def gone() -> None:
        raise StoreUnavailable

    with pytest.raises(StoreUnavailable):
        desk.learn(PlainTeacher(meanwhile=gone))


def rejecters(desk: Desk) -> tuple[int, int]:
    """Return what is noted of the domain in `ADVERT`."""
    with desk.open_store(reading=True) as store:
        found = store.domain_records(desk.site_id, ["pills-42.com"])
    return next(((each.rejecters, each.approved) for each in found.values()), (0, 0))


def test_what_a_site_calls_spam_says_something_of_its_domains_too(desk: Desk) -> None:
    comment = desk.comment(ADVERT)

    desk.say(comment)
    assert rejecters(desk) == (1, 0)

    desk.say(comment, spam=False)
    assert rejecters(desk) == (0, 0)


def test_a_moderators_word_on_domains_outweighs_the_sites(desk: Desk) -> None:
    approved, rejected = desk.comment(ADVERT), desk.comment(ADVERT)
    desk.say(approved)
    desk.review(approved, Action.APPROVE, "acceptable")
    desk.review(rejected, Action.REJECT, "spam")

    desk.say(approved, spam=True)
    desk.say(rejected, spam=False)

    assert rejecters(desk) == (1, 1)


def test_sites_wait_for_the_next_time_once_the_process_is_to_end(desk: Desk) -> None:
    desk.say(desk.comment())

    learnt = learn_feedback(
        PlainTeacher(), open_store=desk.open_store, clock=lambda: LATER, stopping=lambda: True
    )

    assert learnt == []
    assert len(desk.learn(PlainTeacher())) == 1


def roll_back(desk: Desk, version: int | None = None) -> tuple[int, int, int]:
    done = roll_back_correction(
        desk.site_id, version, by="cli", open_store=desk.open_store, now=LATER
    )
    return done.version, done.copy_of, done.set_aside


def test_what_was_rolled_back_stays_so_until_something_new_is_learnt(desk: Desk) -> None:
    teacher = PlainTeacher()
    desk.say(desk.comment("fair"))
    desk.learn(teacher)
    for body in ("lie", "another lie"):
        desk.say(desk.comment(body))
    desk.learn(teacher)

    assert roll_back(desk) == (3, 1, 2)

    assert desk.in_force() == b"1"
    assert desk.learn(teacher) == []
    desk.say(desk.comment("new"))
    desk.learn(teacher)
    assert teacher.told[-1] == [("fair", True), ("new", True)]


def test_one_may_go_back_step_by_step_to_no_correction_at_all(desk: Desk) -> None:
    teacher = PlainTeacher()
    for body in ("one", "two", "three"):
        desk.say(desk.comment(body))
        desk.learn(teacher)

    assert [roll_back(desk) for _ in range(4)] == [(4, 2, 1), (5, 1, 1), (6, 0, 1), (7, 0, 0)]
    assert desk.in_force() == b""


def test_one_may_go_back_to_a_version_by_its_number(desk: Desk) -> None:
    teacher = PlainTeacher()
    for body in ("one", "two", "three"):
        desk.say(desk.comment(body))
        desk.learn(teacher)

    assert roll_back(desk, 1) == (4, 1, 2)
    assert roll_back(desk, 4) == (5, 1, 0)
    assert roll_back(desk, 0) == (6, 0, 1)


@pytest.mark.parametrize("version", [-1, 2])
def test_one_goes_back_to_what_was_only(desk: Desk, version: int) -> None:
    with pytest.raises(Invalid, match="taught nothing"):
        roll_back(desk)
    desk.say(desk.comment())
    desk.learn(PlainTeacher())

    with pytest.raises(Invalid, match="between 0 and 1"):
        roll_back(desk, version)


def test_what_is_learnt_while_somebody_rolls_back_is_not_put_in_force(desk: Desk) -> None:
    desk.say(desk.comment("fair"))
    desk.learn(PlainTeacher())
    desk.say(desk.comment("lie"))

    learnt = desk.learn(PlainTeacher(meanwhile=lambda: roll_back(desk)))

    assert learnt == [Learnt(desk.site_id)]
    assert desk.in_force() == b""


def test_nobody_lists_what_a_site_that_is_not_there_has_taught(sqlite_store: OpenStore) -> None:
    with pytest.raises(NotFound):
        list_corrections("0197e7a0-0000-7000-8000-000000000000", open_store=sqlite_store)


def test_one_does_not_go_back_over_what_came_into_force_meanwhile(desk: Desk) -> None:
    """On PostgreSQL another version may be added between reading the list and going back."""
    for body in ("one", "two"):
        desk.say(desk.comment(body))
        desk.learn(PlainTeacher())

    @contextmanager
    def a_moment_ago(*, reading: bool = False) -> Iterator[Store]:
        with desk.open_store(reading=reading) as store:
            listed = store.corrections(desk.site_id)[1:]
            vars(store)["corrections"] = lambda _: listed
            yield store

    with pytest.raises(Invalid, match="look again"):
        roll_back_correction(desk.site_id, by="cli", open_store=a_moment_ago, now=LATER)
    assert desk.in_force() == b"2"
