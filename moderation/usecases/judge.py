"""Lease pending comments, measure them, apply each site's policy, record why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from moderation.code_version import code_version
from moderation.domain.comment import Comment
from moderation.domain.decision import POLICY, Decision
from moderation.domain.policy import Policy
from moderation.domain.verdict import Verdict, decide, failed
from moderation.identifiers import new_id
from moderation.ports.jobs import Jobs
from moderation.ports.language import RecogniseLanguage
from moderation.ports.marking import NoWords, WordMarker
from moderation.ports.scorer import Scorer
from moderation.ports.store import OpenStore, Store
from moderation.usecases.evidence import WordMatchers, approved_before, gather
from moderation.usecases.marking import marked
from moderation.usecases.measuring import Measurement, measure
from moderation.usecases.recording import record_judged
from moderation.usecases.tracing import leave_traces

_AT_ONCE: Final = 8
"""Comments measured between two looks at the clock."""

_QUICK: Final = timedelta(milliseconds=100)
"""A batch measured faster may be followed by a larger one. All comments of a batch are decided
together, after the last of them is measured, and its costs beside measuring are a few ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What bounds a batch. A lease lasts ``lease``; half of it may go into measuring."""

    lease: timedelta
    batch_size: int
    max_attempts: int
    drain: timedelta = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Decided:
    """One automatic decision. ``waited`` counts from the receipt of the text."""

    decision: Decision
    comment: Comment
    waited: timedelta


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a batch: how many comments were leased, and those that were decided."""

    leased: int = 0
    decided: tuple[Decided, ...] = ()
    measured: int = 0
    measuring: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """The ports that judging needs; one a worker process."""

    scorers: Sequence[Scorer]
    recognise: RecogniseLanguage
    open_store: OpenStore
    jobs: Jobs
    clock: Callable[[], datetime]
    limits: Limits
    matchers: WordMatchers
    marker: WordMarker = field(default_factory=NoWords)


def judge_comments(judge: Judge, *, first: str | None, limit: int) -> Judged:
    """Bring a batch of pending comments to their first status.

    Safe to run twice and beside others: a lease keeps comments apart, and compare-and-set
    keeps every text to one decision even when a lease has run out. Measuring happens outside
    any transaction, since a model takes seconds and a lock should not. A comment that was
    leased too often without ever being settled is held, unmeasured, for a person.

    Args:
        judge: Ports and bounds.
        first: The comment to take before all others, if it still waits.
        limit: How many to take at most.
    """
    start = judge.clock()
    with judge.open_store() as store:
        comments = store.lease(
            now=start, until=start + judge.limits.lease, limit=limit, first=first
        )
        policies = {site: store.policy(site) for site in {c.site_id for c in comments}}
    hopeless = [c for c in comments if c.attempts > judge.limits.max_attempts]
    hopeful = [c for c in comments if c.attempts <= judge.limits.max_attempts]
    leave_traces(judge.open_store, hopeful)
    measured = _measure_in_time(judge, hopeful, policies, until=start + judge.limits.lease / 2)
    measuring = judge.clock() - start
    outcomes: list[tuple[Comment, Measurement | None]] = [(c, None) for c in hopeless]
    outcomes += zip(hopeful, measured, strict=False)
    decided: list[Decided] = []
    if comments:
        late = hopeful[len(measured) :]
        decided = _settle(judge, outcomes, policies, late)
    return Judged(len(comments), tuple(decided), len(measured), measuring)


def drain(
    judge: Judge, *, first: str, stopping: Callable[[], bool], report: Callable[[Judged], None]
) -> None:
    """Judge batch after batch until nothing is pending, for a few seconds at most.

    Begins with one comment, so that workers share a short burst and nobody waits for others,
    and takes more at once only where more are waiting. What is left after those seconds gets
    a new wake-up, so that no job runs into its time-out.

    Args:
        judge: Ports and bounds.
        first: The comment that was asked for.
        stopping: Asked between batches; once true, the rest is left to others.
        report: Told of each batch.
    """
    ends = judge.clock() + judge.limits.drain
    wanted: str | None = first
    limit = 1
    while True:
        judged = judge_comments(judge, first=wanted, limit=limit)
        report(judged)
        if not judged.leased:
            return
        if stopping() or judge.clock() >= ends:
            break
        wanted, limit = None, _next_limit(judge.limits, limit, judged)
    with judge.open_store(reading=True) as store:
        left = store.owed(now=judge.clock(), limit=1)
    for comment_id in left:
        judge.jobs.score(comment_id)


def _next_limit(limits: Limits, limit: int, judged: Judged) -> int:
    """Grow while batches come full and quick; shrink to what waits where they do not."""
    if judged.leased < limit:
        return judged.leased
    return min(limit * 2, limits.batch_size) if judged.measuring < _QUICK else limit


def _measure_in_time(
    judge: Judge, comments: Sequence[Comment], policies: Mapping[str, Policy], *, until: datetime
) -> list[Measurement]:
    """Measure from the front of *comments*, at least some, and stop once *until* is past.

    The words of those that scores will hold or reject are marked as well.
    """
    done: list[Measurement] = []
    while len(done) < len(comments) and (not done or judge.clock() < until):
        some = comments[len(done) : len(done) + _AT_ONCE]
        measured = measure(judge.scorers, some, recognise=judge.recognise, policies=policies)
        for comment, each in zip(some, measured, strict=True):
            # What scores decide does not hang on the store, and this takes as long as measuring.
            each.marked = marked(judge.marker, comment, policies[comment.site_id], each.scores)
        done += measured
    return done


def _settle(
    judge: Judge,
    outcomes: Sequence[tuple[Comment, Measurement | None]],
    policies: Mapping[str, Policy],
    late: Sequence[Comment],
) -> list[Decided]:
    """Write what was measured and give back what was not.

    In the order of ids, so that two workers whose leases overlap cannot lock each other out.
    """
    decided: list[Decided] = []
    with judge.open_store() as store:
        now = judge.clock()
        for comment, measurement in sorted(outcomes, key=lambda outcome: outcome[0].id):
            verdict = _verdict(judge, store, comment, measurement, policies[comment.site_id])
            judged = comment.judged(verdict.action, risk=verdict.risk, now=now)
            decision = automatic_decision(comment, judged, verdict, measurement, now=now)
            waited = now - (comment.updated_at or comment.received_at)
            decided.append(Decided(decision, judged, waited))
        written, owed = record_judged(store, [(one.comment, one.decision) for one in decided])
        if late:
            store.release([comment.id for comment in late])
    if owed:
        judge.jobs.deliver()
    return [one for one in decided if one.comment.id in written]


def _verdict(
    judge: Judge,
    store: Store,
    comment: Comment,
    measurement: Measurement | None,
    policy: Policy,
) -> Verdict:
    if measurement is None:
        return failed(policy)
    evidence = gather(
        comment,
        measurement,
        policy=policy,
        matchers=judge.matchers,
        approved_before=approved_before(store, comment, policy),
    )
    return decide(policy, evidence)


def automatic_decision(
    before: Comment,
    after: Comment,
    verdict: Verdict,
    measurement: Measurement | None,
    *,
    now: datetime,
) -> Decision:
    """Put on record what the policy decided and on which grounds."""
    return Decision(
        id=new_id(now),
        site_id=after.site_id,
        comment_id=after.id,
        comment_version=after.version,
        text_version=after.text_version,
        action=verdict.action,
        before=before.status,
        decided_by=POLICY,
        decided_at=now,
        reasons=verdict.reasons,
        scores=measurement.scores if measurement is not None else {},
        spans=verdict.spans,
        policy_version=verdict.policy_version,
        model_hash=measurement.model_hash if measurement is not None else None,
        code_version=code_version(),
    )
