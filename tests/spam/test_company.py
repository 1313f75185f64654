"""Copies are found, whoever posts them where; harmless likeness is not. On both databases."""

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from moderation.domain.comment import Article
from moderation.domain.policy import Action
from moderation.domain.signal import Scores
from moderation.domain.spam.company import Copies, copies
from moderation.domain.spam.traces import Other, trace_of
from moderation.errors import ScorerUnavailable, StoreUnavailable
from moderation.ports.store import OpenStore, Store
from moderation.usecases.learn_domains import learn_domains
from moderation.usecases.tracing import leave_traces
from tests.bench.texts import samples
from tests.builders import NOW, a_comment, a_site
from tests.spam.campaigns import TEMPLATES, campaign
from tests.spam.stream import Stream
from tests.spam.test_fingerprint import LONG, OTHER
from workers.scorers.company import CompanyScorer
from workers.scorers.conduct import ConductScorer
from workers.scorers.loading import reading_scorers
from workers.scorers.surroundings import Surroundings

HELD = 0.5
"""Where the default policy holds."""


@pytest.fixture
def stream(open_store: OpenStore) -> Stream:
    return Stream(open_store)


@pytest.fixture
def sqlite_stream(sqlite_store: OpenStore) -> Stream:
    return Stream(sqlite_store)


def likeness(scores: Scores) -> float:
    return scores["near_duplicates"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_campaign_is_found_by_its_third_comment_and_from_then_on(
    sqlite_stream: Stream, name: str
) -> None:
    copies, strangers = campaign(name, 50), samples()
    posted = []
    for number, text in enumerate(copies):  # each on an article of its own, among other comments
        sqlite_stream.company([sqlite_stream.receive(strangers[number], author=f"reader{number}")])
        comment = sqlite_stream.receive(text, author=f"u{number}", article=Article(id=f"a{number}"))
        posted += sqlite_stream.company([comment])

    found = [likeness(scores) >= HELD for scores in posted]
    assert found[2]
    assert sum(found) >= 48
    assert "authors in" in posted[-1].told["near_duplicates"]


def test_copies_in_one_batch_see_those_before_them(stream: Stream) -> None:
    first, second, third = stream.posted([LONG] * 3)

    assert [likeness(each) for each in (first, second, third)] == [0.0, 0.5, pytest.approx(2 / 3)]
    assert "near_duplicates" not in first.told
    assert second.told["near_duplicates"] == "same text as 1 comment by 1 author in 1 minute"
    assert third.told["near_duplicates"] == "same text as 2 comments by 2 authors in 2 minutes"


def test_many_copies_are_told_with_their_authors_and_their_time(stream: Stream) -> None:
    comments = [stream.receive(LONG, author=f"u{n % 9}", every=200) for n in range(12)]
    stream.company(comments)

    [scores] = stream.company([stream.receive(LONG, author="last", every=200)])

    assert scores.told["near_duplicates"] == "same text as 12 comments by 9 authors in 40 minutes"


def test_an_authors_own_repetition_counts_half_and_is_told_as_such(stream: Stream) -> None:
    comments = [stream.receive(LONG, author="u1") for _ in range(3)]

    once, twice, thrice = stream.company(comments)

    assert (likeness(once), likeness(thrice)) == (0.0, HELD)
    assert likeness(twice) == pytest.approx(1 / 3)
    assert thrice.told["near_duplicates"] == (
        "same text as 2 comments by the same author in 2 minutes"
    )


def test_authors_that_nobody_knows_are_not_counted(stream: Stream) -> None:
    _, scores = stream.company([stream.receive(LONG), stream.receive(LONG)])

    assert scores.told["near_duplicates"] == "same text as 1 comment in 1 minute"


def test_a_flood_costs_no_more_and_is_told_from_below(sqlite_stream: Stream) -> None:
    scores = sqlite_stream.posted([LONG] * 60, every=1)

    assert likeness(scores[-1]) > 0.95
    assert scores[-1].told["near_duplicates"].startswith("same text as at least 2")


def test_harmless_comments_that_are_alike_are_left_alone(sqlite_stream: Stream) -> None:
    agreement = ["I agree", "Great article!", "lol", "Well said, thank you.", "So true"] * 6
    quotes = [f'"{LONG}" {remark}' for remark in ("Nonsense.", "How true!", "Who says that?")]

    scores = sqlite_stream.posted([*agreement, *quotes, *samples()], every=5)

    assert [each for each in scores if likeness(each) >= HELD] == []


def test_replies_that_quote_what_they_answer_are_no_copies(stream: Stream) -> None:
    parent = stream.receive(LONG, author="u0")
    replies = [
        stream.receive(f"{LONG} {no}", author=no, parent_id=parent.id)
        for no in ("No!", "Never.", "Who says so?")
    ]

    assert [likeness(each) for each in stream.company([parent, *replies])] == [0.0] * 4


def test_a_likeness_counts_for_hours_and_a_copy_for_weeks(sqlite_stream: Stream) -> None:
    one, other = campaign("essays", 2)
    sqlite_stream.posted([one])
    sqlite_stream.now += timedelta(days=6)

    reworded, copied = sqlite_stream.posted([other, one])

    assert likeness(reworded) < HELD
    assert likeness(copied) >= HELD


def test_another_sites_comments_are_nobodys_business(stream: Stream, open_store: OpenStore) -> None:
    stream.posted([LONG] * 3)
    other = Stream(open_store, site=a_site("herald"), now=stream.now)

    assert [likeness(each) for each in other.posted([LONG])] == [0.0]


def test_a_comment_that_is_measured_again_finds_what_it_found(stream: Stream) -> None:
    comments = [stream.receive(LONG, author=f"u{n}") for n in range(3)]
    once = stream.company(comments)

    assert stream.company(comments) == once
    assert CompanyScorer(Surroundings(stream.open_store)).score(comments[::-1]) == once[::-1]


def test_an_edit_takes_the_place_of_the_earlier_text(stream: Stream) -> None:
    first = stream.receive(LONG, author="editor")
    stream.company([first])
    edited = first.edited(OTHER, now=stream.now)
    with stream.open_store() as store:
        store.save(edited)
    stream.company([edited])

    same_as_before, same_as_now = stream.posted([LONG, OTHER])

    assert (likeness(same_as_before), likeness(same_as_now)) == (0.0, HELD)


def test_a_comment_without_a_trace_is_not_called_unlike_all_others(stream: Stream) -> None:
    imported = stream.receive(LONG)

    assert CompanyScorer(Surroundings(stream.open_store)).score([imported]) == [{"bad_domain": 0.0}]


def test_what_is_deleted_is_found_by_nobody(stream: Stream) -> None:
    gone = stream.receive(LONG, author="u1")
    stream.company([gone])
    with stream.open_store() as store:
        store.delete_comment(stream.site.id, gone.id)

    assert [likeness(each) for each in stream.posted([LONG])] == [0.0]


def test_what_is_deleted_while_it_is_being_judged_leaves_no_trace(stream: Stream) -> None:
    gone, stays = stream.receive(LONG, author="u1"), stream.receive(OTHER, author="u2")
    with stream.open_store() as store:
        store.delete_comment(stream.site.id, gone.id)

    leave_traces(stream.open_store, [gone, stays])

    with stream.open_store() as store:
        assert store.traces([gone.id, stays.id]).keys() == {stays.id}


def test_traces_and_notes_are_forgotten_in_time(stream: Stream) -> None:
    old = stream.receive(f"{LONG} https://pills-42.com", author="u1")
    stream.company([old])
    with stream.open_store() as store:
        learn_domains(store, old, Action.REJECT, "spam", now=stream.now)
    at = stream.now
    later = at + timedelta(days=1)
    with stream.open_store() as store:
        assert store.drop_traces(before=at, domains_before=at, limit=9) == 0
        assert store.drop_traces(before=later, domains_before=later, limit=9) == 2
        assert store.traces([old.id]) == {}
        assert store.domain_records(stream.site.id, ["pills-42.com"]) == {}
    assert [likeness(each) for each in stream.posted([LONG])] == [0.0]


def test_nothing_is_asked_where_there_is_nothing_to_ask(stream: Stream) -> None:
    with stream.open_store() as store:
        store.leave_traces([])
        assert store.alike([]) == {}
        assert store.traces([]) == {}
        assert store.bodies([]) == {}
        assert store.counts([]) == []
        assert store.domain_records(stream.site.id, []) == {}
    leave_traces(stream.open_store, [])


def test_a_text_that_cannot_be_read_still_leaves_a_trace(
    stream: Stream, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    comment = stream.receive(LONG, author="u1")
    monkeypatch.setattr("moderation.usecases.tracing.canonical", lambda text: 1 / len(text[:0]))

    leave_traces(stream.open_store, [comment])

    with stream.open_store() as store:
        assert store.traces([comment.id])[comment.id].sketch == ()
    assert LONG[:20] not in caplog.text


@pytest.mark.parametrize("scorer", [CompanyScorer, ConductScorer])
def test_without_the_store_the_signals_are_missing(
    sqlite_stream: Stream, scorer: type[CompanyScorer] | type[ConductScorer]
) -> None:
    def gone(*, reading: bool = False) -> None:  # noqa: ARG001 - as stores are opened
        raise StoreUnavailable

    with pytest.raises(ScorerUnavailable):
        scorer(Surroundings(gone)).score([sqlite_stream.receive(LONG)])  # type: ignore[arg-type]


class TestDomains:
    """Domains are learnt from what moderators reject as spam, and forgiven."""

    BODY = "buy at https://www.pills-42.com/now"

    def decided(self, stream: Stream, author: str | None, action: Action, reason: str) -> None:
        comment = stream.receive(self.BODY, author=author)
        with stream.open_store() as store:
            learn_domains(store, comment, action, reason, now=stream.now)

    def badness(self, stream: Stream, body: str = BODY) -> Scores:
        [scores] = CompanyScorer(Surroundings(stream.open_store)).score([stream.receive(body)])
        return scores

    def test_two_authors_make_a_domain_bad_and_one_does_not(self, stream: Stream) -> None:
        for author, expected in (("u1", 1 / 3), ("u1", 1 / 3), ("u2", 0.5)):
            self.decided(stream, author, Action.REJECT, "spam")
            assert self.badness(stream)["bad_domain"] == pytest.approx(expected)
        assert self.badness(stream).told["bad_domain"] == (
            "links to a domain that was called spam in comments by 2 authors"
        )

    def test_an_approval_counts_against_it(self, stream: Stream) -> None:
        for author in ("u1", "u2"):
            self.decided(stream, author, Action.REJECT, "spam")
        self.decided(stream, "u3", Action.APPROVE, "acceptable")

        assert self.badness(stream)["bad_domain"] == pytest.approx(2 / 6)

    def test_other_rejections_and_unknown_authors_say_little(self, stream: Stream) -> None:
        self.decided(stream, "u1", Action.REJECT, "insult")
        assert self.badness(stream)["bad_domain"] == 0.0
        for _ in range(3):
            self.decided(stream, None, Action.REJECT, "spam")
        assert self.badness(stream)["bad_domain"] == pytest.approx(1 / 3)
        assert "by 1 author" in self.badness(stream).told["bad_domain"]

    def test_the_last_decision_on_a_comment_counts(self, stream: Stream) -> None:
        comment = stream.receive(self.BODY, author="u1")
        with stream.open_store() as store:
            for action, reason in ((Action.REJECT, "spam"), (Action.APPROVE, "mistaken")):
                learn_domains(store, comment, action, reason, now=stream.now)

        assert self.badness(stream)["bad_domain"] == 0.0

    def test_the_site_itself_and_common_domains_are_never_bad(self, stream: Stream) -> None:
        body = "https://youtube.com/watch https://news.example/2"
        for author in ("u1", "u2", "u3"):
            comment = stream.receive(body, author=author)
            with stream.open_store() as store:
                learn_domains(store, comment, Action.REJECT, "spam", now=stream.now)

        assert self.badness(stream, body)["bad_domain"] == 0.0


class TestRates:
    """Rates count what came up to a comment's receipt, whenever they are read."""

    def test_each_counts_its_own(self, stream: Stream) -> None:
        comments = [
            stream.receive("hello", author=f"u{n % 2}", ip_hash=f"ip{n % 3}", every=1)
            for n in range(6)
        ]

        last = stream.conduct(comments)[-1]

        assert last["author_rate"] == pytest.approx(3 / 30)
        assert last["address_rate"] == pytest.approx(2 / 100)
        assert last["site_rate"] == pytest.approx(6 / 1_000)
        assert last.told["author_rate"] == "3 comments by this author in 10 minutes"

    def test_a_backlog_changes_nothing(self, stream: Stream) -> None:
        comments = [stream.receive("hello", author="u1", every=30) for _ in range(25)]

        in_turn = stream.conduct(comments)

        assert ConductScorer(Surroundings(stream.open_store)).score(comments) == in_turn
        assert in_turn[-1]["author_rate"] == pytest.approx(20 / 30)

    def test_a_flood_is_counted_as_far_as_it_says_something(self, sqlite_stream: Stream) -> None:
        comments = [sqlite_stream.receive("hello", author="u1", every=0.1) for _ in range(40)]

        assert sqlite_stream.conduct(comments)[-1]["author_rate"] == 1.0

    def test_what_the_site_does_not_say_is_missing(self, stream: Stream) -> None:
        [scores] = stream.conduct([stream.receive("hello")])

        assert scores.keys() == {"site_rate", "first_link"}

    def test_a_first_link_is_one_of_an_author_with_nothing_approved(self, stream: Stream) -> None:
        link = "see https://pills-42.com"
        unknown, new, silent = stream.conduct(
            [
                stream.receive(link),
                stream.receive(link, author="u1"),
                stream.receive("hello", author="u1"),
            ]
        )
        known = stream.receive("hello", author="u2")
        approved = known.judged(Action.APPROVE, risk=0.1, now=stream.now)
        with stream.open_store() as store:
            store.save(approved)
        [trusted] = stream.conduct([stream.receive(link, author="u2")])

        assert [each["first_link"] for each in (unknown, new, silent, trusted)] == [1, 1, 0, 0]

    def test_an_approved_comment_is_not_its_own_forerunner(self, stream: Stream) -> None:
        first = stream.receive("see https://pills-42.com", author="u1")
        approved = first.judged(Action.APPROVE, risk=0.1, now=stream.now)
        with stream.open_store() as store:
            store.save(approved)

        assert stream.conduct([approved])[0]["first_link"] == 1.0


def test_what_was_found_by_chance_or_came_later_does_not_count() -> None:
    trace = trace_of(a_comment(a_site(), updated_at=NOW), tuple(range(64)))
    chance = Other("by chance", NOW, 1, tuple(range(60, 124)))
    later = Other("later", NOW + timedelta(minutes=1), 2, trace.sketch)
    itself = Other(trace.comment_id, NOW, 3, trace.sketch)

    assert copies(trace, [chance, later, itself]) == Copies(0.0, None)


def test_scorers_of_one_batch_read_the_store_together_and_each_measurement_anew(
    sqlite_stream: Stream,
) -> None:
    opened = 0

    def counting(*, reading: bool = False) -> AbstractContextManager[Store]:
        nonlocal opened
        opened += 1
        return sqlite_stream.open_store(reading=reading)

    conduct, company = reading_scorers(Surroundings(counting))
    comments = [sqlite_stream.receive(LONG, author="u1")]
    for scorer in (conduct, company):
        scorer.score(comments)
    assert opened == 1

    for scorer in (company, company, conduct):
        scorer.score(comments)
    assert opened == 3
