"""From stored feedback to the correction that scoring finds: real features, a made-up model."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from moderation.domain.comment import Author, Comment
from moderation.domain.correction import CorrectionVersion
from moderation.domain.feedback import Feedback, Lesson
from moderation.errors import StoreUnavailable
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore, Store
from tests.builders import NOW, a_comment, a_site, later
from workers.spam.correction import SiteCorrection
from workers.spam.examples import as_comment, shipped_examples
from workers.spam.stored_corrections import StoredCorrections
from workers.spam.teacher import JOINED_FROM, SpamTeacher
from workers.spam.text_model import TextModel

SITE = a_site()
PRAISE = "The {} of our town is well told here, thank you"
ADVERT = "Cheapest fridges of {} delivered, ring Quentin today"
PLACES = ("harbour", "museum", "bridge", "school", "market", "church", "station", "river")


class BlandModel:
    """``SpamBase`` to which nothing is spam, on real features."""

    features_version = "1"

    def measured(self, comments: Sequence[Comment]) -> tuple[csr_matrix, np.ndarray]:
        texts = [comment.body for comment in comments]
        return TextModel.untaught().features(texts), np.full(len(texts), -1.0)


def teacher() -> SpamTeacher:
    examples = [(as_comment(f"What a fine {place} that was"), False) for place in PLACES * 4]
    return SpamTeacher(BlandModel(), lambda: examples)


def lessons(count: int, **scores: float) -> list[Lesson]:
    """Return honest lessons of a moderator: every other comment is an advert, with *scores*."""
    found = []
    for number in range(count):
        spam = number % 2 == 0
        place = PLACES[number % len(PLACES)]
        comment = a_comment(SITE, (ADVERT if spam else PRAISE).format(place))
        given = Feedback(
            id=new_id(NOW),
            site_id=SITE.id,
            comment_id=comment.id,
            text_version=1,
            spam=spam,
            source="ann",
            given_at=NOW,
        )
        found.append(Lesson(feedback=given, comment=comment, scores=scores if spam else {}))
    return found


def taught(count: int, **scores: float) -> SiteCorrection:
    correction = teacher().teach(lessons(count, **scores))
    assert correction is not None
    return SiteCorrection.from_bytes(correction.weights, version=1)


def row(text: str) -> csr_matrix:
    return TextModel.untaught().features([text])


def test_a_sites_own_spam_is_told_from_its_comments() -> None:
    correction = taught(60)

    assert correction.shift(row(ADVERT.format("garden")), {}) > 1.5
    assert abs(correction.shift(row(PRAISE.format("garden")), {})) < 0.5


def test_what_was_learnt_is_named_and_what_is_kept_holds_no_text() -> None:
    given = lessons(40)

    correction = teacher().teach(given)

    assert correction is not None
    assert correction.learnt == {each.feedback.id for each in given}
    assert b"Quentin" not in correction.weights
    assert len(correction.weights) < 100_000


def test_conduct_is_learnt_from_once_there_are_enough_decisions() -> None:
    assert taught(JOINED_FROM - 1, bad_domain=1.0).signals == {}

    correction = taught(JOINED_FROM, bad_domain=1.0)

    plain = row("Something else altogether")
    assert correction.signals["bad_domain"] > 0.3
    assert correction.shift(plain, {"bad_domain": 1.0}) > correction.shift(plain, {})
    assert correction.shift(plain, {"bad_domain": 1.0}) - correction.shift(plain, {}) <= 1.5


def test_comments_of_one_author_teach_less_than_those_of_many() -> None:
    many = lessons(60)
    one = [replace(each, comment=replace(each.comment, author=Author(id="eve"))) for each in many]
    shifts = []
    for given in (many, one):
        correction = teacher().teach(given)
        assert correction is not None
        kept = SiteCorrection.from_bytes(correction.weights, version=1)
        shifts.append(kept.shift(row(ADVERT.format("garden")), {}))

    assert shifts[1] < shifts[0] / 2


def test_the_shipped_examples_are_of_both_kinds_and_keep_no_digits() -> None:
    shipped = shipped_examples()

    assert 300 < sum(spam for _, spam in shipped) < len(shipped) - 300
    assert not any(each in comment.body for comment, _ in shipped for each in "123456789")


# -- what scoring finds ------------------------------------------------------------------------


class Shelf:
    """A site's corrections in a store that may go away, and a clock that is moved by hand."""

    def __init__(self, open_store: OpenStore) -> None:
        self._open_store = open_store
        self.gone = False
        self.asked = 0
        self.seconds = 0.0
        self.site = a_site()
        with open_store() as store:
            store.add_site(self.site)
        self.corrections = StoredCorrections(features="1", clock=lambda: self.seconds)
        self.corrections.read_from(self.open)

    @contextmanager
    def open(self, *, reading: bool = False) -> Iterator[Store]:
        self.asked += 1
        if self.gone:
            raise StoreUnavailable
        with self._open_store(reading=reading) as store:
            yield store

    def put(self, weights: bytes, *, at: datetime = NOW) -> None:
        made = CorrectionVersion(version=0, made_at=at, by="learning", learnt=1, refused=0)
        with self._open_store() as store:
            after = store.correction_in_force(self.site.id)
            store.add_correction(self.site.id, made, weights, after=after, keep=9)

    def version(self) -> int | None:
        found = self.corrections.for_site(self.site.id)
        return None if found is None else found.version


def weights_of(features: str = "1") -> bytes:
    made = SiteCorrection(
        0, features, np.array([3]), np.array([1.0], dtype=np.float32), {"site_rate": 1.0}
    )
    return made.to_bytes()


@pytest.fixture
def shelf(sqlite_store: OpenStore) -> Shelf:
    return Shelf(sqlite_store)


def test_a_new_version_is_found_within_a_minute_and_the_store_is_left_alone_between(
    shelf: Shelf,
) -> None:
    assert shelf.version() is None
    shelf.put(weights_of())
    assert shelf.version() is None
    assert shelf.asked == 1

    shelf.seconds = 31.0
    assert shelf.version() == 1
    shelf.put(weights_of(), at=later(1))
    shelf.seconds = 62.0
    assert shelf.version() == 2


def test_an_empty_version_corrects_nothing(shelf: Shelf) -> None:
    shelf.put(weights_of())
    assert shelf.version() == 1
    shelf.put(b"", at=later(1))
    shelf.seconds = 31.0

    assert shelf.version() is None


def test_while_the_store_is_away_what_was_known_stays(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.put(weights_of())
    assert shelf.version() == 1

    shelf.gone, shelf.seconds = True, 31.0

    assert shelf.version() == 1
    assert "cannot be reached" in caplog.text


@pytest.mark.parametrize(
    "raw",
    [b"nothing", weights_of()[:40], weights_of("another way")],
    ids=["no file", "half a file", "other features"],
)
def test_what_cannot_be_read_here_counts_as_none(
    shelf: Shelf, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    shelf.put(raw)

    assert shelf.version() is None


def test_before_there_is_a_store_there_are_no_corrections() -> None:
    assert StoredCorrections(features="1").for_site(SITE.id) is None


def test_a_teacher_may_find_that_nobody_is_to_be_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.spam.learning._LEAST", 1.1)  # no correction is large enough

    assert teacher().teach(lessons(40)) is None
