"""The whole story of a comment: every text, decision, measurement and message."""

from dataclasses import dataclass
from typing import Final

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision
from moderation.domain.delivery import Delivery
from moderation.domain.policy import Action, Policy, required_for, rules_for
from moderation.domain.policy_document import read_policy
from moderation.domain.site import Site
from moderation.ports.store import OpenStore, Revision, Store

_MAX_DELIVERIES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Threshold:
    """One rule that looked at a signal, and whether the score reached it."""

    at_least: float
    action: Action
    fired: bool


@dataclass(frozen=True, slots=True)
class Measurement:
    """A signal's score beside the thresholds it was held against, lowest first.

    ``score`` is None where a rule or a requirement looked for a signal that was not measured.
    """

    signal: str
    score: float | None
    required: bool
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision; measurements are there only if a policy decided."""

    decision: Decision
    measurements: tuple[Measurement, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of a comment; lists run from the oldest to the newest."""

    comment: Comment
    site: Site
    revisions: tuple[Revision, ...]
    decisions: tuple[Explained, ...]
    deliveries: tuple[Delivery, ...]


def explain(comment_id: str, *, open_store: OpenStore) -> Story:
    """Tell a comment's story to an operator, whichever site it belongs to.

    Raises:
        NotFound: There is no such comment, or it was deleted.
    """
    with open_store(reading=True) as store:
        return _story(store, store.comment_anywhere(comment_id))


def explain_external(site_id: str, external_id: str, *, open_store: OpenStore) -> Story:
    """Tell the story of the comment that a site knows as *external_id*.

    Raises:
        NotFound: The site has no such comment.
    """
    with open_store(reading=True) as store:
        return _story(store, store.comment_by_external_id(site_id, external_id))


def _story(store: Store, comment: Comment) -> Story:
    site_id = comment.site_id
    decisions = store.decisions(site_id, comment.id)
    versions = {d.policy_version for d in decisions if d.policy_version is not None}
    policies = {
        version: read_policy(store.policy_document(site_id, version)[1], version=version)
        for version in versions
    }
    deliveries = store.deliveries(
        site_id, status=None, limit=_MAX_DELIVERIES, comment_id=comment.id
    )
    return Story(
        comment=comment,
        site=store.site(site_id),
        revisions=tuple(store.revisions(site_id, comment.id)),
        decisions=tuple(
            Explained(d, _measurements(policies.get(d.policy_version or 0), d, comment))
            for d in decisions
        ),
        deliveries=tuple(reversed(deliveries)),
    )


def _measurements(
    policy: Policy | None, decision: Decision, comment: Comment
) -> tuple[Measurement, ...]:
    if policy is None:
        return ()
    rules = rules_for(policy, comment.article.section)
    required = required_for(policy, comment.article.section)
    signals = {rule.signal for rule in rules} | required | decision.scores.keys()
    return tuple(
        Measurement(
            signal=signal,
            score=decision.scores.get(signal),
            required=signal in required,
            thresholds=tuple(
                Threshold(
                    rule.at_least,
                    rule.action,
                    fired=decision.scores.get(signal, -1.0) >= rule.at_least,
                )
                for rule in sorted(rules, key=lambda rule: (rule.at_least, rule.action))
                if rule.signal == signal
            ),
        )
        for signal in sorted(signals)
    )
