"""The store's contract, on both databases: feedback, and what is learnt from it."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.domain.comment import Comment
from moderation.domain.correction import CorrectionVersion
from moderation.domain.feedback import SITE, Feedback
from moderation.domain.policy import Action
from moderation.domain.site import Site
from moderation.errors import NotFound
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore
from tests.builders import NOW, a_comment, a_decision, later

MADE = CorrectionVersion(version=0, made_at=NOW, by="learning", learnt=3, refused=1)
UNKNOWN = "0197e7a0-0000-7000-8000-000000000000"


def said(comment: Comment, *, spam: bool = True, source: str = SITE, **known: Any) -> Feedback:
    given_at = known.pop("given_at", NOW)
    return Feedback(
        id=new_id(given_at),
        site_id=comment.site_id,
        comment_id=comment.id,
        text_version=comment.text_version,
        spam=spam,
        source=source,
        given_at=given_at,
        **known,
    )


def kept(open_store: OpenStore, *comments: Comment) -> None:
    with open_store() as store:
        for comment in comments:
            store.add_comment(comment)


def given(open_store: OpenStore, *feedback: Feedback) -> None:
    with open_store() as store:
        for each in feedback:
            store.add_feedback(each)


def lessons(open_store: OpenStore, site: Site, *, per_source: int = 9, limit: int = 9) -> list[Any]:
    with open_store(reading=True) as store:
        return store.lessons(site.id, per_source=per_source, limit=limit)


def ids(open_store: OpenStore, site: Site, **bounds: int) -> list[str]:
    return [each.feedback.id for each in lessons(open_store, site, **bounds)]


def to_teach(open_store: OpenStore) -> list[str]:
    with open_store(reading=True) as store:
        return store.sites_to_teach()


def settled(
    open_store: OpenStore,
    site: Site,
    *,
    learnt: tuple[Feedback, ...] = (),
    refused: tuple[Feedback, ...] = (),
    version: int = 1,
    until: Any = NOW,
) -> int:
    with open_store() as store:
        return store.settle_feedback(
            site.id,
            learnt=[each.id for each in learnt],
            refused=[each.id for each in refused],
            version=version,
            until=until,
        )


def test_what_was_said_comes_back_with_the_comment_and_its_scores_oldest_first(
    open_store: OpenStore, site: Site
) -> None:
    first, second = a_comment(site), a_comment(site)
    judged = first.judged(Action.HOLD, risk=0.5, now=NOW)
    kept(open_store, first, second)
    with open_store() as store:
        store.save_judged([(judged, a_decision(judged))])
    one = said(judged, by="Eve")
    two = said(second, spam=False, source=UNKNOWN, given_at=later(1))
    given(open_store, one, two)

    found = lessons(open_store, site)

    assert [each.feedback for each in found] == [one, two]
    assert [each.comment for each in found] == [judged, second]
    assert [each.scores for each in found] == [{"toxicity": 0.71, "insult": 0.125}, {}]
    assert [each.new for each in found] == [True, True]
    assert to_teach(open_store) == [site.id]


def test_the_last_word_of_a_source_on_a_comment_is_the_one_that_counts(
    open_store: OpenStore, site: Site
) -> None:
    comment = a_comment(site)
    kept(open_store, comment)
    first, last = said(comment), said(comment, spam=False, given_at=later(1))
    other = said(comment, source=UNKNOWN, given_at=later(2))
    given(open_store, first, last, other)

    assert ids(open_store, site) == [last.id, other.id]


def test_saying_the_same_again_is_nothing_new(open_store: OpenStore, site: Site) -> None:
    comment = a_comment(site)
    kept(open_store, comment)
    first = said(comment)
    given(open_store, first)
    settled(open_store, site, learnt=(first,))

    given(open_store, said(comment, given_at=later(1)))
    assert to_teach(open_store) == []

    given(open_store, said(comment, spam=False, given_at=later(2)))
    assert to_teach(open_store) == [site.id]


def test_no_source_crowds_out_the_others(open_store: OpenStore, site: Site) -> None:
    comments = [a_comment(site) for _ in range(5)]
    kept(open_store, *comments)
    loud = [said(each, given_at=later(n)) for n, each in enumerate(comments)]
    quiet = said(comments[0], source=UNKNOWN)
    given(open_store, quiet, *loud)

    assert ids(open_store, site, per_source=2) == [quiet.id, loud[3].id, loud[4].id]
    assert ids(open_store, site, limit=3) == [each.id for each in loud[2:]]


def test_a_comment_that_was_edited_or_erased_teaches_nothing(
    open_store: OpenStore, site: Site
) -> None:
    edited, erased, other = a_comment(site), a_comment(site), a_comment(site)
    kept(open_store, edited, erased, other)
    one = said(other)
    given(open_store, said(edited), said(erased), one)
    with open_store() as store:
        store.save(edited.edited("Buy this", now=NOW))
        store.delete_comment(site.id, erased.id)

    assert ids(open_store, site) == [one.id]


def test_nothing_is_kept_of_a_comment_that_was_erased_meanwhile(
    open_store: OpenStore, site: Site
) -> None:
    erased = a_comment(site)
    kept(open_store, erased)
    with open_store() as store:
        store.delete_comment(site.id, erased.id)

    with pytest.raises(NotFound):
        given(open_store, said(erased, by="Eve"))


def test_another_sites_feedback_stays_its_own(
    open_store: OpenStore, site: Site, other_site: Site
) -> None:
    ours, theirs = a_comment(site), a_comment(other_site)
    kept(open_store, ours, theirs)
    given(open_store, said(ours), said(theirs))

    settled(open_store, site)

    assert to_teach(open_store) == [other_site.id]
    assert len(lessons(open_store, other_site)) == 1


def test_what_comes_while_others_are_learnt_stays_new(open_store: OpenStore, site: Site) -> None:
    comments = [a_comment(site) for _ in range(3)]
    kept(open_store, *comments)
    learnt, refused = said(comments[0]), said(comments[1])
    late = said(comments[2], given_at=later(5))
    given(open_store, learnt, refused, late)

    assert settled(open_store, site, learnt=(learnt,), refused=(refused,), until=later(1)) == 2

    new = {each.feedback.id: each.new for each in lessons(open_store, site)}
    assert new == {learnt.id: False, refused.id: False, late.id: True}


def test_what_is_set_aside_is_never_taught_again(open_store: OpenStore, site: Site) -> None:
    comments = [a_comment(site) for _ in range(2)]
    kept(open_store, *comments)
    early, late = said(comments[0]), said(comments[1])
    given(open_store, early, late)
    settled(open_store, site, learnt=(early,), version=1)
    settled(open_store, site, learnt=(early, late), version=2)

    with open_store() as store:
        assert store.set_feedback_aside(site.id, since=1) == 1

    assert ids(open_store, site) == [early.id]
    settled(open_store, site, learnt=(early, late), version=3)
    assert ids(open_store, site) == [early.id]


def test_versions_are_counted_per_site_and_the_newest_is_in_force(
    open_store: OpenStore, site: Site, other_site: Site
) -> None:
    with open_store() as store:
        assert store.correction_in_force(site.id) == 0
        assert store.add_correction(site.id, MADE, b"one", after=0, keep=5) == 1
        copy = replace(MADE, copy_of=0, by="cli")
        assert store.add_correction(site.id, copy, b"", after=1, keep=5) == 2

    with open_store(reading=True) as store:
        assert store.correction_in_force(site.id) == 2
        assert store.correction_in_force(other_site.id) == 0
        assert store.corrections(site.id) == [replace(copy, version=2), replace(MADE, version=1)]
        assert [store.correction_weights(site.id, n) for n in (1, 2)] == [b"one", b""]


def test_a_version_made_from_what_is_no_longer_in_force_is_not_kept(
    open_store: OpenStore, site: Site
) -> None:
    with open_store() as store:
        store.add_correction(site.id, MADE, b"one", after=0, keep=5)
        assert store.add_correction(site.id, MADE, b"two", after=0, keep=5) is None

    with open_store(reading=True) as store:
        assert len(store.corrections(site.id)) == 1


def test_only_the_newest_versions_are_kept(open_store: OpenStore, site: Site) -> None:
    with open_store() as store:
        for number in range(4):
            store.add_correction(site.id, MADE, b"w", after=number, keep=1)

    with open_store(reading=True) as store:
        assert [each.version for each in store.corrections(site.id)] == [4, 3]
        with pytest.raises(NotFound):
            store.correction_weights(site.id, 2)


def test_nobody_has_corrections_of_a_site_that_is_not_there(open_store: OpenStore) -> None:
    with open_store() as store:
        with pytest.raises(NotFound):
            store.add_correction(UNKNOWN, MADE, b"", after=0, keep=1)
        with pytest.raises(NotFound):
            store.correction_weights(UNKNOWN, 2**62)
