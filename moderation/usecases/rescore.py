"""Judge decided comments again, under the present model and policy: what would change?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.domain.policy import Policy, required_for, rules_for
from moderation.domain.signal import OF_THE_MOMENT
from moderation.domain.verdict import Verdict, decide
from moderation.errors import ModerationError
from moderation.ports.store import CommentFilter
from moderation.usecases.evidence import approved_before, gather
from moderation.usecases.judge import Judge, automatic_decision
from moderation.usecases.marking import marked
from moderation.usecases.measuring import Measurement, measure
from moderation.usecases.recording import record_judged

_PAGE: Final = 50


class NothingMeasured(ModerationError):
    """Not one of many comments could be measured again: it is not the comments' fault."""

    def __init__(self, looked_at: int) -> None:
        super().__init__(
            f"stopped: none of {looked_at} comments could be measured as before; "
            "the model fails, or has no such signals"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """One comment, judged again.

    ``moderated``: a moderator decided last, so the status stays whatever the policy now
    says. ``applied``: the new status was written. ``unmeasured``: a scorer failed on it, or
    a signal that the policy reads and the decision before had is missing now; it was not
    judged, and ``after`` is as before.
    """

    comment_id: str
    before: Status
    after: Status
    reasons: tuple[str, ...]
    moderated: bool
    applied: bool = False
    unmeasured: bool = False

    @property
    def flipped(self) -> bool:
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class _Again:
    comment: Comment
    judged: Comment
    verdict: Verdict
    measurement: Measurement
    unmeasured: bool


def rescore(
    judge: Judge, site_id: str, where: CommentFilter, *, limit: int, apply: bool
) -> Iterator[Rescored]:
    """Judge a site's decided comments again, newest first.

    Pending comments are passed over: they are about to be judged anyhow. So are those that
    cannot be measured as they were before: a model that fails must not rewrite history.

    Args:
        judge: Ports, as for judging.
        site_id: Whose comments.
        where: Which of them.
        limit: How many to look at, at most.
        apply: Write the flips as new decisions and tell the site; never one that would
            overturn a moderator. Without it nothing is changed.

    Raises:
        NothingMeasured: A whole page of comments could not be measured. Those before it were
            judged, and what flipped was written.
    """
    before: str | None = None
    while limit > 0:
        with judge.open_store(reading=True) as store:
            policy = store.policy(site_id)
            page = store.comments(site_id, where, before=before, limit=min(_PAGE, limit))
            decided = [comment for comment in page if comment.status is not Status.PENDING]
            counts = [approved_before(store, comment, policy) for comment in decided]
            earlier = store.latest_decisions([comment.id for comment in decided])
        if not page:
            return
        limit -= len(page)
        before = page[-1].id
        if decided:
            again = _judge_again(judge, policy, decided, counts, earlier)
            written = _apply(judge, policy, again) if apply else set()
            for each in again:
                yield _told(each, applied=each.comment.id in written)
            if all(each.unmeasured for each in again):
                raise NothingMeasured(len(again))


def _judge_again(
    judge: Judge,
    policy: Policy,
    comments: Sequence[Comment],
    counts: Sequence[int | None],
    earlier: Mapping[str, Decision],
) -> list[_Again]:
    again: list[_Again] = []
    policies = {comment.site_id: policy for comment in comments}
    measured = measure(judge.scorers, comments, recognise=judge.recognise, policies=policies)
    for comment, measurement, count in zip(comments, measured, counts, strict=True):
        _recall(measurement, earlier.get(comment.id))
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
        unmeasured = _is_unmeasured(comment, measurement, policy, earlier.get(comment.id))
        again.append(_Again(comment, judged, verdict, measurement, unmeasured))
    return again


def _recall(measurement: Measurement, earlier: Decision | None) -> None:
    """Take what was going on when the comment came from the record, where it is on record."""
    recorded = earlier.scores if earlier is not None else {}
    for signal in OF_THE_MOMENT & recorded.keys():
        measurement.scores[signal] = recorded[signal]
        measurement.told.pop(signal, None)


def _is_unmeasured(
    comment: Comment, measurement: Measurement, policy: Policy, earlier: Decision | None
) -> bool:
    if measurement.failed:
        return True
    section = comment.article.section
    read = {rule.signal for rule in rules_for(policy, section)} | required_for(policy, section)
    had = earlier.scores.keys() if earlier is not None else set()
    return bool((read & had) - measurement.scores.keys())


def _apply(judge: Judge, policy: Policy, again: Sequence[_Again]) -> set[str]:
    now = judge.clock()
    flips = []
    for each in again:
        if _told(each).flipped and not each.comment.moderated:
            words = marked(judge.marker, each.comment, policy, each.measurement.scores)
            verdict = replace(each.verdict, spans=each.verdict.spans + words)
            decision = automatic_decision(
                each.comment, each.judged, verdict, each.measurement, now=now
            )
            flips.append((each.judged, decision))
    if not flips:
        return set()
    with judge.open_store() as store:
        written, owed = record_judged(store, flips)
    if owed:
        judge.jobs.deliver()
    return written


def _told(each: _Again, *, applied: bool = False) -> Rescored:
    after = each.comment if each.unmeasured else each.judged
    return Rescored(
        comment_id=each.comment.id,
        before=each.comment.status,
        after=after.status,
        reasons=() if each.unmeasured else tuple(reason.code for reason in each.verdict.reasons),
        moderated=each.comment.moderated,
        applied=applied,
        unmeasured=each.unmeasured,
    )
