from datetime import timedelta

import pytest

from moderation.domain.policy import Action
from moderation.domain.policy_document import DEFAULT_DOCUMENT
from moderation.errors import NotFound
from moderation.ports.store import OpenStore
from moderation.usecases.explain import Measurement, Threshold, explain, explain_external
from moderation.usecases.policies import set_policy
from moderation.usecases.review import Review, decide_as_moderator
from moderation.usecases.webhooks import NewWebhook, add_webhook
from tests.usecases.given import NOW, PRIVACY, CountedJobs, a_comment, a_moderator, a_site

LATER = NOW + timedelta(hours=1)
POLICY = {
    "rules": [
        {"signal": "toxicity", "at_least": 0.98, "action": "reject"},
        {"signal": "toxicity", "at_least": 0.6, "action": "hold"},
        {"signal": "insult", "at_least": 0.6, "action": "hold"},
    ],
    "required": ["toxicity", "threat"],
}

DEFAULT_THRESHOLDS = sorted(
    rule["at_least"] for rule in DEFAULT_DOCUMENT["rules"] if rule["signal"] == "toxicity"
)


def test_the_story_has_every_text_decision_and_message_in_order(open_store: OpenStore) -> None:
    new = a_site(open_store)
    site_id = new.site.id
    ann = a_moderator(open_store, site_id)
    hook = NewWebhook(url="https://gazette.example/hook")
    add_webhook(site_id, hook, open_store=open_store, privacy=PRIVACY, now=NOW)
    held = a_comment(open_store, site_id)
    with open_store() as store:
        store.save(held.edited("What a gentleman you are", now=LATER))
    review = Review(
        moderator_id=ann.id,
        version=held.version + 1,
        action=Action.APPROVE,
        reason="acceptable",
    )
    decide_as_moderator(held.id, review, open_store=open_store, jobs=CountedJobs(), now=LATER)

    story = explain(held.id, open_store=open_store)

    assert story.site == new.site
    assert [each.body for each in story.revisions] == [held.body, "What a gentleman you are"]
    assert [each.decision.decided_by for each in story.decisions] == ["policy", ann.id]
    assert [each.comment_version for each in story.deliveries] == [2, 4]
    assert story.comment.version == 4


def test_each_score_stands_beside_the_thresholds_of_the_policy_that_judged_it(
    sqlite_store: OpenStore,
) -> None:
    site_id = a_site(sqlite_store).site.id
    with sqlite_store() as store:  # version 1 is the default; make the one that judged known
        store.add_policy(site_id, POLICY, by="test", now=NOW)
    [hold] = DEFAULT_THRESHOLDS
    comment = a_comment(sqlite_store, site_id, risk=hold)
    with sqlite_store() as store:
        [decision] = store.decisions(site_id, comment.id)
    assert decision.policy_version == 1

    [explained] = explain(comment.id, open_store=sqlite_store).decisions

    by_signal = {each.signal: each for each in explained.measurements}
    assert by_signal["toxicity"] == Measurement(
        signal="toxicity",
        score=hold,
        required=True,
        thresholds=(Threshold(hold, Action.HOLD, fired=True),),
    )
    assert [each.action for each in by_signal["severe_toxicity"].thresholds] == [
        Action.HOLD,
        Action.REJECT,
    ]
    assert by_signal["insult"].score is None
    assert not by_signal["insult"].thresholds[0].fired
    assert by_signal["link_density"].thresholds == ()


def test_a_later_policy_does_not_change_how_an_old_decision_is_explained(
    open_store: OpenStore,
) -> None:
    site_id = a_site(open_store).site.id
    comment = a_comment(open_store, site_id)
    before = explain(comment.id, open_store=open_store)

    set_policy(site_id, POLICY, by="test", open_store=open_store, now=NOW)

    assert explain(comment.id, open_store=open_store) == before


def test_a_moderators_decision_rests_on_no_thresholds(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id
    ann, comment = a_moderator(open_store, site_id), a_comment(open_store, site_id, risk=None)
    review = Review(moderator_id=ann.id, version=1, action=Action.REJECT, reason="spam")
    decide_as_moderator(comment.id, review, open_store=open_store, jobs=CountedJobs(), now=LATER)

    [explained] = explain(comment.id, open_store=open_store).decisions

    assert explained.measurements == ()


def test_a_comment_is_found_by_the_id_its_site_gave_it(open_store: OpenStore) -> None:
    mine, theirs = (a_site(open_store, name).site.id for name in ("Gazette", "Courier"))
    comment = a_comment(open_store, mine, external_id="c-1")

    story = explain_external(mine, "c-1", open_store=open_store)

    assert story == explain(comment.id, open_store=open_store)
    with pytest.raises(NotFound):
        explain_external(theirs, "c-1", open_store=open_store)


def test_what_is_not_there_cannot_be_explained(open_store: OpenStore) -> None:
    site_id = a_site(open_store).site.id
    comment = a_comment(open_store, site_id)
    with open_store() as store:
        store.delete_comment(site_id, comment.id)

    with pytest.raises(NotFound):
        explain(comment.id, open_store=open_store)
