"""The store's contract, on both databases: comments, their texts, and who may see them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from moderation.domain.comment import Author, Comment, Status
from moderation.domain.policy import Action
from moderation.domain.site import Site
from moderation.errors import DuplicateExternalId, EditConflict, NotFound
from moderation.identifiers import new_id
from moderation.ports.store import CommentFilter, OpenStore, Store
from tests.builders import NOW, a_comment, a_decision, a_full_comment, a_webhook, later


@pytest.mark.parametrize("make", [a_comment, a_full_comment])
def test_what_was_added_comes_back(
    open_store: OpenStore, site: Site, make: Callable[[Site], Comment]
) -> None:
    comment = make(site)
    with open_store() as store:
        store.add_comment(comment)

    with open_store(reading=True) as store:
        assert store.comment(site.id, comment.id) == comment
        assert store.comment_anywhere(comment.id) == comment


def test_an_exception_undoes_everything(open_store: OpenStore, site: Site) -> None:
    comment = a_comment(site)
    with pytest.raises(ZeroDivisionError), open_store() as store:
        store.add_comment(comment)
        raise ZeroDivisionError

    with pytest.raises(NotFound), open_store(reading=True) as store:
        store.comment(site.id, comment.id)


def test_a_stale_write_is_refused(open_store: OpenStore, site: Site) -> None:
    pending = a_comment(site)
    held = pending.judged(Action.HOLD, risk=0.7, now=NOW)
    with open_store() as store:
        store.add_comment(pending)
        store.save(held)

    with pytest.raises(EditConflict), open_store() as store:
        store.save(pending.judged(Action.APPROVE, risk=0.1, now=NOW))
    with open_store(reading=True) as store:
        assert store.comment(site.id, pending.id) == held


def test_an_edit_keeps_every_earlier_text(open_store: OpenStore, site: Site) -> None:
    first = a_comment(site, "one", received_at=NOW)
    second = first.edited("two", now=later(10))
    approved = second.judged(Action.APPROVE, risk=0.0, now=later(11))
    third = approved.edited("three", now=later(20))
    with open_store() as store:
        store.add_comment(first)
    for version in (second, approved, third):
        with open_store() as store:
            store.save(version)

    with open_store(reading=True) as store:
        texts = store.revisions(site.id, first.id)
    assert [(each.text_version, each.body, each.written_at) for each in texts] == [
        (1, "one", NOW),
        (2, "two", later(10)),
        (3, "three", later(20)),
    ]


def test_a_stale_edit_leaves_no_revision(open_store: OpenStore, site: Site) -> None:
    comment = a_comment(site, "one")
    with open_store() as store:
        store.add_comment(comment)
        store.save(comment.edited("two", now=later(1)))

    with pytest.raises(EditConflict), open_store() as store:
        store.save(comment.edited("other", now=later(2)))
    with open_store(reading=True) as store:
        assert [each.body for each in store.revisions(site.id, comment.id)] == ["one", "two"]


def test_a_batch_of_judged_comments_is_written_without_those_that_changed(
    open_store: OpenStore, site: Site
) -> None:
    comments = [a_comment(site) for _ in range(4)]
    with open_store() as store:
        for comment in comments:
            store.add_comment(comment)
        store.save(comments[1].reviewed(Action.APPROVE, now=NOW))
        store.delete_comment(site.id, comments[2].id)

    judged = [comment.judged(Action.REJECT, risk=0.9, now=NOW) for comment in comments]
    with open_store() as store:
        written = store.save_judged([(each, a_decision(each, Action.REJECT)) for each in judged])
        assert store.save_judged([]) == []

    assert written == [judged[0], judged[3]]
    with open_store(reading=True) as store:
        assert store.comment(site.id, comments[0].id) == judged[0]
        assert store.comment(site.id, comments[1].id).status is Status.APPROVED
        assert len(store.decisions(site.id, comments[0].id)) == 1
        assert store.decisions(site.id, comments[1].id) == []


def test_external_ids_find_comments_and_are_unique_within_a_site(
    open_store: OpenStore, site: Site, other_site: Site
) -> None:
    comment = a_comment(site, external_id="42")
    with open_store() as store:
        store.add_comment(comment)
        store.add_comment(a_comment(other_site, external_id="42"))
        store.add_comment(a_comment(site))
        store.add_comment(a_comment(site))

    with open_store(reading=True) as store:
        assert store.comment_by_external_id(site.id, "42") == comment
    with pytest.raises(DuplicateExternalId), open_store() as store:
        store.add_comment(a_comment(site, external_id="42"))


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "' OR '1'='1"])
def test_texts_that_no_row_can_hold_are_found_nowhere(
    open_store: OpenStore, site: Site, text: str
) -> None:
    with open_store() as store:
        store.add_comment(a_full_comment(site))

    with open_store(reading=True) as store:
        with pytest.raises(NotFound):
            store.comment_by_external_id(site.id, text)
        for where in (CommentFilter(article_id=text), CommentFilter(author_key=text)):
            assert store.comments(site.id, where, before=None, limit=9) == []
        with pytest.raises(NotFound):
            store.comments(site.id, CommentFilter(), before=text, limit=9)
        assert store.moderator_by_email(text) is None


def test_a_duplicate_leaves_the_transaction_usable(open_store: OpenStore, site: Site) -> None:
    more = a_comment(site)
    with open_store() as store:
        store.add_comment(a_comment(site, external_id="42"))
        with pytest.raises(DuplicateExternalId):
            store.add_comment(a_comment(site, external_id="42"))
        store.add_comment(more)

    with open_store(reading=True) as store:
        assert store.comment(site.id, more.id) == more


def test_replies_belong_to_a_comment_of_the_same_site(
    open_store: OpenStore, site: Site, other_site: Site
) -> None:
    parent, foreign = a_comment(site), a_comment(other_site)
    reply = a_comment(site, parent_id=parent.id)
    with open_store() as store:
        store.add_comment(parent)
        store.add_comment(foreign)
        store.add_comment(reply)

    with open_store(reading=True) as store:
        assert store.comment(site.id, reply.id).parent_id == parent.id
    for unknown in (foreign.id, new_id(NOW), "no id at all"):
        with pytest.raises(NotFound), open_store() as store:
            store.add_comment(a_comment(site, parent_id=unknown))


Look = Callable[[Store, str, str], object]


@pytest.mark.parametrize(
    "look",
    [
        lambda store, site_id, one: store.comment(site_id, one),
        lambda store, site_id, one: store.revisions(site_id, one),
        lambda store, site_id, one: store.decisions(site_id, one),
        lambda store, site_id, one: store.delete_comment(site_id, one),
    ],
    ids=["comment", "revisions", "decisions", "delete_comment"],
)
def test_another_sites_comment_is_not_found_exactly_as_an_unknown_one(
    open_store: OpenStore, site: Site, other_site: Site, look: Look
) -> None:
    theirs = a_comment(other_site, external_id="42")
    with open_store() as store:
        store.add_comment(theirs)
        store.save(theirs.edited("better", now=NOW))

    for hidden in (theirs.id, new_id(NOW), "", "' OR 1=1 --", theirs.id.upper()):
        with open_store() as store, pytest.raises(NotFound) as refused:
            look(store, site.id, hidden)
        assert str(refused.value) == f"no comment {hidden!r}"
    with open_store(reading=True) as store:
        assert store.comment(other_site.id, theirs.id).body == "better"
        with pytest.raises(NotFound):
            store.comment_by_external_id(site.id, "42")


def test_other_sites_webhooks_and_deliveries_are_not_found(
    open_store: OpenStore, site: Site, other_site: Site
) -> None:
    theirs = a_webhook(other_site)
    with open_store() as store:
        store.add_webhook(theirs)

    with open_store() as store:
        for hidden in (theirs.id, new_id(NOW), "nonsense"):
            with pytest.raises(NotFound):
                store.webhook(site.id, hidden)
            with pytest.raises(NotFound):
                store.delete_webhook(site.id, hidden)
        with pytest.raises(NotFound):
            store.save_webhook(replace(theirs, site_id=site.id))
        assert store.webhooks(site.id) == []
        assert store.webhooks(other_site.id) == [theirs]


def test_an_authors_approved_comments_are_counted_up_to_a_limit(
    open_store: OpenStore, site: Site, other_site: Site
) -> None:
    ann = Author(id="ann")
    with open_store() as store:
        for owner, author, action in [
            *[(site, ann, Action.APPROVE)] * 3,
            (site, ann, Action.REJECT),
            (site, Author(id="bob"), Action.APPROVE),
            (site, Author(), Action.APPROVE),
            (other_site, ann, Action.APPROVE),
        ]:
            comment = a_comment(owner, author=author)
            store.add_comment(comment)
            store.save(comment.judged(action, risk=0.1, now=NOW))

    with open_store(reading=True) as store:
        assert store.approved_count(site.id, "id:ann", limit=10) == 3
        assert store.approved_count(site.id, "id:ann", limit=2) == 2
        assert store.approved_count(site.id, "id:eve", limit=2) == 0


def test_deleting_frees_the_external_id_and_leaves_replies(
    open_store: OpenStore, site: Site
) -> None:
    parent = a_comment(site, external_id="42")
    reply = a_comment(site, parent_id=parent.id)
    with open_store() as store:
        store.add_comment(parent)
        store.add_comment(reply)
        store.save(parent.edited("again", now=NOW))
    with open_store() as store:
        store.delete_comment(site.id, parent.id)

    with open_store() as store:
        with pytest.raises(NotFound):
            store.comment_anywhere(parent.id)
        store.add_comment(a_comment(site, external_id="42"))
        listed = store.comments(site.id, CommentFilter(), before=None, limit=10)
    assert reply in listed
    assert parent.id not in {each.id for each in listed}
