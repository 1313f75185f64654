"""The store's contract, on both databases: lists, their cursors, and the review queue."""

from collections.abc import Sequence
from itertools import pairwise, product

import pytest

from moderation.domain.comment import Article, Author, Comment, Status
from moderation.domain.policy import Action
from moderation.domain.site import Site
from moderation.ports.store import CommentFilter, OpenStore, ReviewOrder
from tests.builders import NOW, a_comment, later

_ACTIONS = (None, Action.APPROVE, Action.HOLD, Action.REJECT)


@pytest.fixture
def mixed(open_store: OpenStore, site: Site, other_site: Site) -> list[Comment]:
    """Return the comments of a site, oldest first: two articles, two authors, every status."""
    stored = []
    with open_store() as store:
        for article, author, action in product(("a1", "a2"), ("u1", None), _ACTIONS):
            for owner in (site, other_site):
                comment = a_comment(owner, article=Article(id=article), author=Author(id=author))
                store.add_comment(comment)
                if action is not None:
                    comment = comment.judged(action, risk=0.5, now=NOW)
                    store.save(comment)
                if owner is site:
                    stored.append(comment)
    return stored


def _page_by_page(
    open_store: OpenStore, site: Site, where: CommentFilter, size: int
) -> list[Comment]:
    found: list[Comment] = []
    before = None
    while True:
        with open_store(reading=True) as store:
            page = store.comments(site.id, where, before=before, limit=size)
        if not page:
            return found
        found += page
        before = page[-1].id


@pytest.mark.parametrize("article", [None, "a1"])
@pytest.mark.parametrize("author", [None, "id:u1"])
@pytest.mark.parametrize("status", [None, *Status])
def test_every_filter_lists_exactly_what_it_says_newest_first(
    open_store: OpenStore,
    site: Site,
    mixed: list[Comment],
    article: str | None,
    author: str | None,
    status: Status | None,
) -> None:
    where = CommentFilter(article_id=article, author_key=author, status=status)
    expected = [
        comment
        for comment in reversed(mixed)
        if article in (None, comment.article.id)
        and author in (None, comment.author.key)
        and status in (None, comment.status)
    ]

    assert _page_by_page(open_store, site, where, size=3) == expected


def test_since_includes_and_until_excludes_its_moment(open_store: OpenStore, site: Site) -> None:
    comments = [a_comment(site, received_at=later(second)) for second in range(4)]
    with open_store() as store:
        for comment in comments:
            store.add_comment(comment)

    with open_store(reading=True) as store:
        between = CommentFilter(since=comments[1].received_at, until=comments[3].received_at)
        found = store.comments(site.id, between, before=None, limit=10)
        older = store.comments(site.id, between, before=comments[2].id, limit=10)
    assert found == [comments[2], comments[1]]
    assert older == [comments[1]]


def test_a_cursor_stays_right_while_comments_come_in(
    open_store: OpenStore, site: Site, mixed: list[Comment]
) -> None:
    with open_store(reading=True) as store:
        first = store.comments(site.id, CommentFilter(), before=None, limit=5)
    with open_store() as store:
        for _ in range(3):
            store.add_comment(a_comment(site))
    with open_store(reading=True) as store:
        rest = store.comments(site.id, CommentFilter(), before=first[-1].id, limit=100)

    assert first + rest == mixed[::-1]


@pytest.fixture
def held(open_store: OpenStore, site: Site, other_site: Site) -> list[Comment]:
    """Return held comments of two sites, riskiest first, then oldest first."""
    stored = []
    with open_store() as store:
        for risk, owner in product((0.2, 0.9, 0.5), (site, other_site, site)):
            comment = a_comment(owner)
            store.add_comment(comment)
            store.save(held := comment.judged(Action.HOLD, risk=risk, now=NOW))
            stored.append(held)
        # A moderator may hold what no machine has seen: there is no risk then.
        comment = a_comment(site)
        store.add_comment(comment)
        store.save(held := comment.reviewed(Action.HOLD, now=NOW))
        stored.append(held)
        store.add_comment(a_comment(site))
    return sorted(stored, key=lambda each: (-(each.risk or 0.0), each.id))


def _review(
    open_store: OpenStore, sites: Sequence[Site], order: ReviewOrder, size: int
) -> list[Comment]:
    seen: list[Comment] = []
    after = None
    while True:
        with open_store(reading=True) as store:
            page = store.review([site.id for site in sites], order=order, after=after, limit=size)
        if not page:
            return seen
        seen += page
        after = (page[-1].risk or 0.0, page[-1].id)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_review_shows_the_riskiest_first_and_of_equals_the_oldest(
    open_store: OpenStore, site: Site, other_site: Site, held: list[Comment], size: int
) -> None:
    assert _review(open_store, [site, other_site], ReviewOrder.RISK, size) == held


@pytest.mark.parametrize("size", [1, 2, 100])
def test_review_by_age_shows_the_longest_waiting_first(
    open_store: OpenStore, site: Site, other_site: Site, held: list[Comment], size: int
) -> None:
    by_age = sorted(held, key=lambda each: each.id)

    assert _review(open_store, [site, other_site], ReviewOrder.AGE, size) == by_age


def test_review_shows_only_the_sites_asked_for(
    open_store: OpenStore, site: Site, held: list[Comment]
) -> None:
    mine = [each for each in held if each.site_id == site.id]

    assert _review(open_store, [site], ReviewOrder.RISK, 4) == mine
    assert _review(open_store, [], ReviewOrder.RISK, 4) == []


def test_a_reviewed_comment_leaves_the_review(
    open_store: OpenStore, site: Site, other_site: Site, held: list[Comment]
) -> None:
    with open_store() as store:
        store.save(held[0].reviewed(Action.APPROVE, now=NOW))

    left = _review(open_store, [site, other_site], ReviewOrder.RISK, 3)
    assert left == held[1:]
    assert all(earlier.id != later.id for earlier, later in pairwise(left))
