"""Judge decided comments again, under the present model and policy: what would change?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from moderation.domain.comment import Comment, Status
from moderation.domain.policy import Policy, Verdict, decide
from moderation.ports.store import CommentFilter
from moderation.usecases.evidence import approved_before, gather
from moderation.usecases.judge import Judge, automatic_decision
from moderation.usecases.measuring import Measurement, measure
from moderation.usecases.recording import record_judged

_PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """One comment, judged again.

    ``moderated``: a moderator decided last, so the status stays whatever the policy now
    says. ``applied``: the new status was written.
    """

    comment_id: str
    before: Status
    after: Status
    reasons: tuple[str, ...]
    moderated: bool
    applied: bool = False

    @property
    def flipped(self) -> bool:
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class _Again:
    comment: Comment
    judged: Comment
    verdict: Verdict
    measurement: Measurement


def rescore(
    judge: Judge, site_id: str, where: CommentFilter, *, limit: int, apply: bool
) -> Iterator[Rescored]:
    """Judge a site's decided comments again, newest first.

    Pending comments are passed over: they are about to be judged anyhow.

    Args:
        judge: Ports, as for judging.
        site_id: Whose comments.
        where: Which of them.
        limit: How many to look at, at most.
        apply: Write the flips as new decisions and tell the site; never one that would
            overturn a moderator. Without it nothing is changed.
    """
    before: str | None = None
    while limit > 0:
        with judge.open_store(reading=True) as store:
            policy = store.policy(site_id)
            page = store.comments(site_id, where, before=before, limit=min(_PAGE, limit))
            decided = [comment for comment in page if comment.status is not Status.PENDING]
            counts = [approved_before(store, comment, policy) for comment in decided]
        if not page:
            return
        limit -= len(page)
        before = page[-1].id
        if decided:
            again = _judge_again(judge, policy, decided, counts)
            written = _apply(judge, again) if apply else set()
            for each in again:
                yield _told(each, applied=each.comment.id in written)


def _judge_again(
    judge: Judge, policy: Policy, comments: Sequence[Comment], counts: Sequence[int | None]
) -> list[_Again]:
    again: list[_Again] = []
    measured = measure(judge.scorers, comments)
    for comment, measurement, count in zip(comments, measured, counts, strict=True):
        evidence = gather(
            comment,
            measurement,
            policy=policy,
            matchers=judge.matchers,
            approved_before=count,
        )
        verdict = decide(policy, evidence)
        undecided = replace(comment, status=Status.PENDING)
        judged = undecided.judged(verdict.action, risk=verdict.risk, now=judge.clock())
        again.append(_Again(comment, judged, verdict, measurement))
    return again


def _apply(judge: Judge, again: Sequence[_Again]) -> set[str]:
    now = judge.clock()
    flips = [
        (
            each.judged,
            automatic_decision(each.comment, each.judged, each.verdict, each.measurement, now=now),
        )
        for each in again
        if each.judged.status is not each.comment.status and not each.comment.moderated
    ]
    if not flips:
        return set()
    with judge.open_store() as store:
        written, owed = record_judged(store, flips)
    if owed:
        judge.jobs.deliver()
    return written


def _told(each: _Again, *, applied: bool) -> Rescored:
    return Rescored(
        comment_id=each.comment.id,
        before=each.comment.status,
        after=each.judged.status,
        reasons=tuple(reason.code for reason in each.verdict.reasons),
        moderated=each.comment.moderated,
        applied=applied,
    )
