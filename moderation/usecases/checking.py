"""Say whether a comment is spam, to sites that ask for that alone; learn what they say of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from moderation.domain.comment import Submission
from moderation.domain.decision import POLICY
from moderation.domain.feedback import says_spam
from moderation.domain.policy import Action, Policy
from moderation.domain.spam.side import spam_side
from moderation.errors import DuplicateExternalId, NotFound
from moderation.ports.checking import InstantChecking
from moderation.ports.jobs import Jobs
from moderation.ports.privacy import Privacy
from moderation.ports.store import OpenStore, Store
from moderation.usecases.feedback import Said, give_feedback
from moderation.usecases.idempotency import Reply, Request
from moderation.usecases.look_up import Story, wait_for_decision
from moderation.usecases.submit import pending_comment, submit_comment

_NO_REPLY = Reply(200, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """The ports that checking needs on the web's side.

    ``timeout_s``: longest to wait. ``accepted`` is told how many comments were stored.
    """

    open_store: OpenStore
    privacy: Privacy
    jobs: Jobs
    checks: InstantChecking
    timeout_s: float
    accepted: Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the policy calls for on the side of spam; None: that cannot be said.

    ``seen`` says that it was looked at; if not, it may be said later.
    ``comment_id`` is of the stored comment, if the site keeps what is checked.
    """

    action: Action | None
    comment_id: str | None = None
    seen: bool = True


def policy_of(site_id: str, *, open_store: OpenStore) -> Policy:
    """Return the site's policy in force."""
    with open_store(reading=True) as store:
        return store.policy(site_id)


def check_unkept(submission: Submission, request: Request, checker: Checker) -> Checked:
    """Check a comment of which nothing is kept.

    Raises:
        ScoringUnavailable: Nobody said in time.
    """
    comment = pending_comment(
        submission, site_id=request.site_id, privacy=checker.privacy, now=request.now
    )
    return Checked(checker.checks.check(comment, timeout_s=checker.timeout_s))


def check_kept(submission: Submission, request: Request, checker: Checker) -> Checked:
    """Store a comment as if it had been submitted, and wait for what is decided on it.

    The same one checked again is not stored again: what is known of it is said, or waited for.

    Raises:
        BacklogFull: It is new, and there is no room for it.
    """
    comment_id = keep(submission, request, checker)
    try:
        story = wait_for_decision(
            request.site_id, comment_id, seconds=checker.timeout_s, open_store=checker.open_store
        )
    except NotFound:
        story = None  # deleted just now
    if story is None:
        return Checked(None, comment_id, seen=False)
    policy = policy_of(request.site_id, open_store=checker.open_store)
    return Checked(_said_of(story, policy), comment_id)


def keep(submission: Submission, request: Request, checker: Checker) -> str:
    """Return the id of the comment that this is, stored now or before.

    It is known again by its text, its author's name and address, and the page: who asks gives it
    no id. The site sees that as an ``external_id`` which tells nothing.

    Raises:
        BacklogFull: It is new, and there is no room for it.
    """
    external_id = recognised_by(submission, privacy=checker.privacy)
    known = replace(submission, external_id=external_id)
    found = known_as(request.site_id, external_id, open_store=checker.open_store)
    if found is not None:
        return found
    try:
        replied = submit_comment(
            known,
            request,
            reply=lambda _: _NO_REPLY,
            open_store=checker.open_store,
            privacy=checker.privacy,
            jobs=checker.jobs,
        )
    except DuplicateExternalId:  # another request was quicker
        with checker.open_store(reading=True) as store:
            return store.comment_by_external_id(request.site_id, external_id).id
    checker.accepted(1)
    return replied.comment_id or ""


def recognised_by(submission: Submission, *, privacy: Privacy) -> str:
    """Return what the same comment is known by when it comes again."""
    parts = [
        submission.article.url,
        submission.body,
        submission.author_name,
        submission.author_email,
    ]
    return f"akismet:{privacy.pseudonym(json.dumps(parts))[:40]}"


def known_as(site_id: str, external_id: str, *, open_store: OpenStore) -> str | None:
    """Return the id of the site's comment under this external id; None if there is none."""
    with open_store(reading=True) as store:
        try:
            return store.comment_by_external_id(site_id, external_id).id
        except NotFound:
            return None


def teach(
    said: Said,
    submission: Submission,
    request: Request,
    checker: Checker,
    *,
    comment_id: str | None = None,
) -> bool:
    """Keep what a site says of a comment, to be learnt from.

    Args:
        said: Spam or not.
        submission: The comment, told again.
        request: Whose it is, and when this came.
        checker: Ports.
        comment_id: The id that the site got when it was checked, if it says so.

    Returns:
        Whether it was kept. It is not if the comment is not stored and the site does not keep
        what is checked: there is nothing then that could be learnt from without storing it.

    Raises:
        BacklogFull: It is to be stored now, and there is no room for it.
    """
    open_store = checker.open_store
    with open_store(reading=True) as store:
        known = _known(store, request.site_id, comment_id)
        keeps = store.policy(request.site_id).akismet.keep
    if known is None:
        external_id = recognised_by(submission, privacy=checker.privacy)
        known = known_as(request.site_id, external_id, open_store=open_store)
    if known is None and keeps:
        known = keep(submission, request, checker)
    if known is None:
        return False
    try:
        give_feedback(known, said, request, reply=lambda _: _NO_REPLY, open_store=open_store)
    except NotFound:  # deleted just now
        return False
    return True


def _known(store: Store, site_id: str, comment_id: str | None) -> str | None:
    if not comment_id:
        return None
    try:
        return store.comment(site_id, comment_id).id
    except NotFound:
        return None


def _said_of(story: Story, policy: Policy) -> Action | None:
    """Return what a stored comment's decisions say of spam; a moderator has the last word."""
    last = story.decisions[-1]
    if last.decided_by != POLICY:
        spam = says_spam(last.action, last.reasons[0].code if last.reasons else "")
        if spam is not None:
            return Action.HOLD if spam else Action.APPROVE
    return _of_policy(story, policy)


def _of_policy(story: Story, policy: Policy) -> Action | None:
    for decision in reversed(story.decisions):
        if decision.decided_by == POLICY:
            return spam_side(
                policy, story.comment.article.section, decision.reasons, decision.scores
            )
    return None
