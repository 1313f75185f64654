import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.domain.comment import Status
from moderation.domain.policy import Action
from moderation.errors import EditConflict, Invalid, NotFound, Unauthorized
from moderation.ports.store import OpenStore, ReviewOrder, Store
from moderation.usecases.moderators import change_moderator
from moderation.usecases.review import Review, decide_as_moderator, review_queue
from moderation.usecases.webhooks import NewWebhook, add_webhook, list_deliveries
from tests.usecases.given import NOW, PRIVACY, CountedJobs, a_comment, a_moderator, a_site

LATER = NOW + timedelta(minutes=5)
UNKNOWN = "0197e7a0-0000-7000-8000-000000000000"


def approval(moderator_id: str, version: int) -> Review:
    return Review(
        moderator_id=moderator_id, version=version, action=Action.APPROVE, reason="acceptable"
    )


def rejection(moderator_id: str, version: int) -> Review:
    return Review(
        moderator_id=moderator_id,
        version=version,
        action=Action.REJECT,
        reason="insult",
        note="calls the writer a turnip",
    )


def test_a_decision_changes_the_comment_and_is_recorded_with_its_reason(
    open_store: OpenStore,
) -> None:
    site_id, jobs = a_site(open_store).site.id, CountedJobs()
    ann = a_moderator(open_store, site_id)
    held = a_comment(open_store, site_id)

    decision = decide_as_moderator(
        held.id, rejection(ann.id, held.version), open_store=open_store, jobs=jobs, now=LATER
    )

    with open_store(reading=True) as store:
        comment = store.comment(site_id, held.id)
        first, second = store.decisions(site_id, held.id)
    assert (comment.status, comment.moderated, comment.version) == (Status.REJECTED, True, 3)
    assert second == decision
    assert (second.decided_by, second.before, second.note) == (
        ann.id,
        Status.HELD,
        "calls the writer a turnip",
    )
    assert [reason.code for reason in second.reasons] == ["insult"]
    assert first.decided_by == "policy"
    assert jobs.asked == ["deliver"]


def test_the_site_is_told_in_the_same_transaction(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id
    ann, held = a_moderator(open_store, site_id), a_comment(open_store, site_id)
    new = NewWebhook(url="https://gazette.example/hook")
    add_webhook(site_id, new, open_store=open_store, privacy=PRIVACY, now=NOW)

    decide_as_moderator(
        held.id,
        approval(ann.id, held.version),
        open_store=open_store,
        jobs=CountedJobs(),
        now=LATER,
    )

    [delivery] = list_deliveries(site_id, status=None, limit=9, open_store=open_store)
    told = json.loads(delivery.body)["data"]
    assert (told["id"], told["status"], told["version"]) == (held.id, "approved", 3)


@pytest.mark.parametrize("before", [None, Action.APPROVE, Action.HOLD, Action.REJECT])
@pytest.mark.parametrize("make", [approval, rejection])
def test_any_status_may_be_overturned_at_any_time(
    before: Action | None, make: Callable[[str, int], Review], open_store: OpenStore
) -> None:
    site_id = a_site(open_store).site.id
    ann = a_moderator(open_store, site_id)
    comment = a_comment(
        open_store,
        site_id,
        risk=None if before is None else 0.5,
        action=Action.HOLD if before is None else before,
    )

    for version in (comment.version, comment.version + 1):  # twice: a moderator's own too
        decide_as_moderator(
            comment.id,
            make(ann.id, version),
            open_store=open_store,
            jobs=CountedJobs(),
            now=LATER,
        )

    wanted = Status.APPROVED if make is approval else Status.REJECTED
    with open_store(reading=True) as store:
        assert store.comment(site_id, comment.id).status is wanted


def test_of_two_moderators_at_once_one_decides_and_one_is_told(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id
    people = [
        a_moderator(open_store, site_id, email=f"{name}@gazette.example") for name in "abcdef"
    ]
    held = a_comment(open_store, site_id)

    def decide(moderator_id: str) -> str:
        try:
            decide_as_moderator(
                held.id,
                approval(moderator_id, held.version),
                open_store=open_store,
                jobs=CountedJobs(),
                now=LATER,
            )
        except EditConflict as told:
            return f"conflict with {told.status} {told.version}"
        return "decided"

    with ThreadPoolExecutor(len(people)) as pool:
        outcomes = sorted(pool.map(decide, [person.id for person in people]))

    assert outcomes == [f"conflict with approved {held.version + 1}"] * 5 + ["decided"]
    with open_store(reading=True) as store:
        assert len(store.decisions(site_id, held.id)) == 2


def test_a_moderator_who_saw_an_older_version_is_told(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id
    ann, held = a_moderator(open_store, site_id), a_comment(open_store, site_id)
    with open_store() as store:
        store.save(held.edited("What a gentleman you are", now=LATER))

    with pytest.raises(EditConflict) as told:
        decide_as_moderator(
            held.id,
            approval(ann.id, held.version),
            open_store=open_store,
            jobs=CountedJobs(),
            now=LATER,
        )
    assert (told.value.version, told.value.status) == (held.version + 1, "pending")


def test_a_moderator_who_was_overtaken_while_writing_is_told_what_won(
    open_store: OpenStore,
) -> None:
    site_id = a_site(open_store).site.id
    ann, held = a_moderator(open_store, site_id), a_comment(open_store, site_id)

    @contextmanager
    def overtaken(*, reading: bool = False) -> Iterator[Store]:
        if reading:
            with open_store(reading=True) as store:
                yield store
            return
        with pytest.raises(ZeroDivisionError), open_store() as store:
            yield store
            raise ZeroDivisionError  # nothing of it is kept
        with open_store() as store:
            store.save(held.edited("What a gentleman you are", now=LATER))
        raise EditConflict(held.id)

    with pytest.raises(EditConflict) as told:
        decide_as_moderator(
            held.id,
            approval(ann.id, held.version),
            open_store=overtaken,
            jobs=CountedJobs(),
            now=LATER,
        )
    assert (told.value.version, told.value.status) == (held.version + 1, "pending")


def test_a_comment_of_another_site_is_as_unknown_as_none(open_store: OpenStore) -> None:
    mine, theirs = (a_site(open_store, name).site.id for name in ("Gazette", "Courier"))
    ann, held = a_moderator(open_store, mine), a_comment(open_store, theirs)

    told = []
    for comment_id in (held.id, UNKNOWN):
        with pytest.raises(NotFound) as raised:
            decide_as_moderator(
                comment_id,
                approval(ann.id, held.version),
                open_store=open_store,
                jobs=CountedJobs(),
                now=LATER,
            )
        told.append(str(raised.value).replace(comment_id, "ID"))

    assert told[0] == told[1]
    with open_store(reading=True) as store:
        assert store.comment(theirs, held.id).status is Status.HELD


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"action": Action.HOLD}, "action"),
        ({"reason": "because"}, "reason"),
        ({"reason": "insult"}, "reason"),
        ({"reason": "other"}, "note"),
        ({"reason": "other", "note": " "}, "note"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_a_decision_without_a_fitting_reason_is_refused(
    change: dict[str, object], field: str, sqlite_store: OpenStore
) -> None:
    site_id = a_site(sqlite_store).site.id
    ann, held = a_moderator(sqlite_store, site_id), a_comment(sqlite_store, site_id)
    review = replace(approval(ann.id, held.version), **change)  # type: ignore[arg-type]

    with pytest.raises(Invalid) as raised:
        decide_as_moderator(held.id, review, open_store=sqlite_store, jobs=CountedJobs(), now=LATER)
    assert raised.value.field == field


def test_the_queue_shows_held_comments_with_their_reasons_riskiest_first(
    open_store: OpenStore,
) -> None:
    site_id = a_site(open_store).site.id
    ann = a_moderator(open_store, site_id)
    risks = {
        a_comment(open_store, site_id, risk=risk, at=NOW + timedelta(seconds=n)).id: risk
        for n, risk in enumerate((0.7, 0.9, 0.8))
    }
    a_comment(open_store, site_id, risk=0.99, action=Action.REJECT)
    a_comment(open_store, site_id, risk=None)

    by_risk = review_queue(ann.id, order=ReviewOrder.RISK, limit=9, open_store=open_store)
    by_age = review_queue(ann.id, order=ReviewOrder.AGE, limit=9, open_store=open_store)

    assert [held.comment.risk for held in by_risk] == [0.9, 0.8, 0.7]
    assert [held.comment.id for held in by_age] == list(risks)
    decision = by_risk[0].decision
    assert decision is not None
    assert decision.scores["toxicity"] == 0.9


def test_the_queue_goes_on_where_the_last_page_ended(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id
    ann = a_moderator(open_store, site_id)
    for risk in (0.9, 0.8, 0.7):
        a_comment(open_store, site_id, risk=risk)
    [first] = review_queue(ann.id, order=ReviewOrder.RISK, limit=1, open_store=open_store)

    rest = review_queue(
        ann.id,
        order=ReviewOrder.RISK,
        after=(first.comment.risk or 0.0, first.comment.id),
        limit=9,
        open_store=open_store,
    )

    assert [held.comment.risk for held in rest] == [0.8, 0.7]


def test_a_moderator_sees_the_comments_of_their_own_sites_only(open_store: OpenStore) -> None:
    mine, also, theirs = (a_site(open_store, name).site.id for name in ("A", "B", "C"))
    ann = a_moderator(open_store, mine, also)
    seen = {a_comment(open_store, mine).id, a_comment(open_store, also).id}
    a_comment(open_store, theirs)

    def queue(site_id: str | None) -> set[str]:
        held = review_queue(
            ann.id, order=ReviewOrder.AGE, site_id=site_id, limit=9, open_store=open_store
        )
        return {each.comment.id for each in held}

    assert queue(None) == seen
    assert queue(mine) | queue(also) == seen
    assert len(queue(mine)) == 1
    for site_id in (theirs, UNKNOWN):
        with pytest.raises(NotFound):
            queue(site_id)


def test_a_moderator_who_is_no_longer_active_may_neither_see_nor_decide(
    open_store: OpenStore,
) -> None:
    site_id = a_site(open_store).site.id
    ann, held = a_moderator(open_store, site_id), a_comment(open_store, site_id)
    change_moderator(ann.id, active=False, open_store=open_store)

    with pytest.raises(Unauthorized):
        review_queue(ann.id, order=ReviewOrder.RISK, limit=9, open_store=open_store)
    with pytest.raises(Unauthorized):
        decide_as_moderator(
            held.id,
            approval(ann.id, held.version),
            open_store=open_store,
            jobs=CountedJobs(),
            now=LATER,
        )


def test_a_moderator_without_sites_has_an_empty_queue(open_store: OpenStore) -> None:
    ann = a_moderator(open_store)
    a_comment(open_store, a_site(open_store).site.id)

    assert review_queue(ann.id, order=ReviewOrder.RISK, limit=9, open_store=open_store) == []
