"""What sites ask in Akismet's words: is this spam, and what they say of it afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.domain.comment import Article, Comment, Status, Submission
from moderation.domain.policy import Action
from moderation.errors import BacklogFull, NotFound, ScoringUnavailable
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore
from moderation.usecases.checking import (
    Checked,
    Checker,
    check_kept,
    check_unkept,
    keep,
    known_as,
    policy_of,
    recognised_by,
    teach,
)
from moderation.usecases.evidence import WordMatchers
from moderation.usecases.feedback import Said
from moderation.usecases.idempotency import Request
from moderation.usecases.judge import judge_comments
from moderation.usecases.judge_spam import judge_spam
from moderation.usecases.review import Review, decide_as_moderator
from tests.fakes import DownScorer, FixedScorer, german_recognised
from tests.usecases.given import NOW, PRIVACY, a_comment, a_moderator, a_site
from tests.usecases.newsroom import Newsroom

SPAM_RULES: Mapping[str, Any] = {
    "rules": [
        {"signal": "toxicity", "at_least": 0.5, "action": "hold"},
        {"signal": "spam", "at_least": 0.6, "action": "hold"},
        {"signal": "spam", "at_least": 0.98, "action": "reject"},
    ],
    "required": ["toxicity"],
}
TOLD = Submission(
    body="Cheap watches",
    article=Article(url="https://gazette.example/a"),
    author_name="Ann",
    author_email="ann@shop.example",
)


@dataclass
class OneAnswer:
    """``ports.InstantChecking`` that says the same of all; None stands for nobody there."""

    action: Action | None = Action.HOLD
    asked: list[Comment] = field(default_factory=list)

    def check(self, comment: Comment, *, timeout_s: float) -> Action | None:
        self.asked.append(comment)
        return self.action


@dataclass
class DecidingJobs:
    """``ports.Jobs`` whose wake-up judges at once with these scores; None: nobody wakes up."""

    decide: Callable[[str], object] = lambda _: None

    def score(self, comment_id: str) -> None:
        self.decide(comment_id)

    def deliver(self) -> None:
        """Nothing is sent."""


@dataclass
class Site:
    open_store: OpenStore
    site_id: str
    checker: Checker
    instant: OneAnswer
    jobs: DecidingJobs
    accepted: list[int]

    @property
    def request(self) -> Request:
        return Request(site_id=self.site_id, now=NOW)

    def policy(self, **changes: Any) -> None:
        with self.open_store() as store:
            store.add_policy(self.site_id, {**SPAM_RULES, **changes}, by="test", now=NOW)

    def scoring(self, **scores: float) -> None:
        """Let workers judge with these scores as soon as a comment is stored."""
        self.jobs.decide = lambda comment_id: self.judged(comment_id, scores)

    def judged(self, comment_id: str, scores: Mapping[str, float]) -> None:
        judge = Newsroom(self.open_store).judge([FixedScorer(scores)])
        judge_comments(judge, first=comment_id, limit=1)

    def stored(self) -> int:
        with self.open_store(reading=True) as store:
            return store.backlog(limit=100).pending

    def lessons(self) -> list[tuple[str, bool]]:
        with self.open_store(reading=True) as store:
            found = store.lessons(self.site_id, per_source=100, limit=100)
        return [(each.comment.body, each.feedback.spam) for each in found]


@pytest.fixture
def site(sqlite_store: OpenStore) -> Site:
    site_id = a_site(sqlite_store).site.id
    instant, jobs, accepted = OneAnswer(), DecidingJobs(), list[int]()
    checker = Checker(
        open_store=sqlite_store,
        privacy=PRIVACY,
        jobs=jobs,
        checks=instant,
        timeout_s=0.05,
        accepted=accepted.append,
    )
    made = Site(sqlite_store, site_id, checker, instant, jobs, accepted)
    made.policy(akismet={"keep": True})
    return made


def test_of_what_is_not_kept_nothing_is_stored_nor_told_in_the_clear(site: Site) -> None:
    assert check_unkept(TOLD, site.request, site.checker) == Checked(Action.HOLD)

    [asked] = site.instant.asked
    assert asked.author.email_hash == PRIVACY.pseudonym("ann@shop.example")
    assert (asked.site_id, asked.body, asked.status) == (site.site_id, TOLD.body, Status.PENDING)
    assert site.stored() == 0
    assert site.accepted == []


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({"toxicity": 0.1, "spam": 0.1}, Action.APPROVE),
        ({"toxicity": 0.9, "spam": 0.1}, Action.APPROVE),
        ({"toxicity": 0.1, "spam": 0.7}, Action.HOLD),
        ({"toxicity": 0.1, "spam": 0.99}, Action.REJECT),
        ({"toxicity": 0.1}, None),
    ],
)
def test_what_is_kept_is_answered_by_its_decision(
    site: Site, scores: dict[str, float], expected: Action | None
) -> None:
    site.scoring(**scores)

    checked = check_kept(TOLD, site.request, site.checker)

    assert (checked.action, checked.seen) == (expected, True)
    assert site.accepted == [1]
    with site.open_store(reading=True) as store:
        assert store.comment(site.site_id, checked.comment_id or "").body == TOLD.body


def test_what_is_not_decided_in_time_is_found_again_when_asked_again(site: Site) -> None:
    late = check_kept(TOLD, site.request, site.checker)
    site.judged(late.comment_id or "", {"toxicity": 0.1, "spam": 0.7})
    again = check_kept(TOLD, site.request, site.checker)

    assert late == Checked(None, late.comment_id, seen=False)
    assert again == Checked(Action.HOLD, late.comment_id)
    assert site.accepted == [1]


def test_another_page_text_or_author_makes_another_comment(site: Site) -> None:
    others = [
        TOLD,
        replace(TOLD, body="Cheap watches!"),
        replace(TOLD, article=Article(url="https://gazette.example/b")),
        replace(TOLD, author_name="Bob"),
        replace(TOLD, author_email="bob@shop.example"),
    ]

    assert len({keep(each, site.request, site.checker) for each in others}) == len(others)


def test_what_it_is_known_by_tells_nothing_of_it() -> None:
    told = recognised_by(TOLD, privacy=PRIVACY)

    assert "Ann" not in told
    assert len(told) <= 255


def test_without_room_nothing_new_is_kept(site: Site) -> None:
    full = replace(site.request, room=False)

    with pytest.raises(BacklogFull):
        check_kept(TOLD, full, site.checker)
    assert site.stored() == 0


def test_two_requests_at_once_make_one_comment(site: Site) -> None:
    other = replace(site.checker, jobs=DecidingJobs())
    first: list[str] = []

    def in_between() -> None:
        if not first:
            first.append("")
            first[0] = keep(TOLD, site.request, other)

    racing = _before_writing(site.open_store, in_between)

    assert keep(TOLD, site.request, replace(site.checker, open_store=racing)) == first[0]
    assert site.stored() == 1


def test_a_comment_deleted_while_its_decision_is_waited_for_is_not_judged(site: Site) -> None:
    def delete(comment_id: str) -> None:
        with site.open_store() as store:
            store.delete_comment(site.site_id, comment_id)

    site.jobs.decide = delete

    assert check_kept(TOLD, site.request, site.checker).seen is False


def test_a_moderator_has_the_last_word_on_what_is_checked_again(site: Site) -> None:
    site.scoring(toxicity=0.1, spam=0.7)
    comment_id = check_kept(TOLD, site.request, site.checker).comment_id or ""
    moderator = a_moderator(site.open_store, site.site_id)

    def review(action: Action, reason: str, version: int) -> Action | None:
        decide_as_moderator(
            comment_id,
            Review(moderator_id=moderator.id, action=action, reason=reason, version=version),
            open_store=site.open_store,
            jobs=site.jobs,
            now=NOW + timedelta(minutes=version),
        )
        return check_kept(TOLD, site.request, site.checker).action

    assert review(Action.APPROVE, "acceptable", 2) is Action.APPROVE
    assert review(Action.REJECT, "spam", 3) is Action.HOLD
    assert review(Action.REJECT, "insult", 4) is Action.HOLD


def test_a_comment_that_no_policy_decided_is_not_called_spam_or_ham(site: Site) -> None:
    comment_id = keep(TOLD, site.request, site.checker)
    moderator = a_moderator(site.open_store, site.site_id)
    decide_as_moderator(
        comment_id,
        Review(moderator_id=moderator.id, action=Action.REJECT, reason="insult", version=1),
        open_store=site.open_store,
        jobs=site.jobs,
        now=NOW,
    )

    assert check_kept(TOLD, site.request, site.checker) == Checked(None, comment_id)


def test_what_a_site_says_of_a_checked_comment_is_kept_to_be_learnt_from(site: Site) -> None:
    comment_id = keep(TOLD, site.request, site.checker)

    assert teach(Said(spam=True), TOLD, site.request, site.checker, comment_id=comment_id)
    assert site.lessons() == [(TOLD.body, True)]

    other = replace(TOLD, body="told otherwise")
    later = replace(site.request, now=NOW + timedelta(minutes=1))
    assert teach(Said(spam=False), other, later, site.checker, comment_id=comment_id)
    assert site.lessons() == [(TOLD.body, False)]


def test_a_comment_is_known_by_what_it_says_even_if_its_id_is_not_told(site: Site) -> None:
    keep(TOLD, site.request, site.checker)
    site.policy(akismet={"keep": False})

    assert teach(Said(spam=True), TOLD, site.request, site.checker, comment_id="of another")
    assert site.lessons() == [(TOLD.body, True)]
    assert site.accepted == [1]


def test_a_comment_never_checked_is_stored_to_learn_from_only_where_the_site_keeps(
    site: Site,
) -> None:
    site.policy()
    assert not teach(Said(spam=True), TOLD, site.request, site.checker)
    assert site.stored() == 0

    site.policy(akismet={"keep": True})
    assert teach(Said(spam=True), TOLD, site.request, site.checker)
    assert site.lessons() == [(TOLD.body, True)]


def test_what_is_said_of_a_comment_deleted_meanwhile_teaches_nothing(site: Site) -> None:
    comment_id = keep(TOLD, site.request, site.checker)

    def delete() -> None:
        with site.open_store() as store:
            try:
                store.delete_comment(site.site_id, comment_id)
            except NotFound:
                return

    racing = replace(site.checker, open_store=_before_writing(site.open_store, delete))

    assert not teach(Said(spam=True), TOLD, site.request, racing, comment_id=comment_id)


def test_the_id_of_another_sites_comment_is_no_id(site: Site) -> None:
    other = a_site(site.open_store, "Herald").site.id
    theirs = a_comment(site.open_store, other)
    site.policy()

    assert not teach(Said(spam=True), TOLD, site.request, site.checker, comment_id=theirs.id)
    assert known_as(other, recognised_by(TOLD, privacy=PRIVACY), open_store=site.open_store) is None


def test_a_new_sites_policy_keeps_nothing_and_passes_nothing(site: Site) -> None:
    new = a_site(site.open_store, "Herald").site.id
    choice = policy_of(new, open_store=site.open_store).akismet

    assert (choice.keep, choice.pass_late) == (False, False)


def unkept(site: Site, body: str = "hello", **fields: Any) -> Comment:
    return Comment(id=new_id(NOW), site_id=site.site_id, body=body, received_at=NOW, **fields)


def spam_of(site: Site, comment: Comment, *scorers: Any) -> Action | None:
    return judge_spam(
        comment,
        scorers=scorers,
        recognise=german_recognised,
        matchers=WordMatchers(),
        open_store=site.open_store,
    )


def test_a_comment_that_is_not_stored_is_judged_by_its_sites_policy(site: Site) -> None:
    assert spam_of(site, unkept(site), FixedScorer({"spam": 0.7})) is Action.HOLD
    assert spam_of(site, unkept(site), FixedScorer({"spam": 0.1})) is Action.APPROVE
    assert spam_of(site, unkept(site), FixedScorer({})) is None
    assert site.stored() == 0


def test_where_a_scorer_breaks_nothing_is_said(site: Site) -> None:
    with pytest.raises(ScoringUnavailable):
        spam_of(site, unkept(site), FixedScorer({"spam": 0.1}), DownScorer())


def _before_writing(open_store: OpenStore, happen: Callable[[], None]) -> OpenStore:
    """Let something happen just before anything is written."""

    def opened(*, reading: bool = False) -> Any:
        if not reading:
            happen()
        return open_store(reading=reading)

    return opened
