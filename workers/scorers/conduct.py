"""Conduct: how, how often and from what a comment was written."""

from collections.abc import Mapping, Sequence

from moderation.domain.comment import Comment
from moderation.domain.signal import Scores
from moderation.domain.spam.conduct import (
    ADDRESS_WINDOWS,
    AUTHOR_WINDOWS,
    SITE_WINDOWS,
    haste,
    is_robot,
    rate,
)
from moderation.ports.scorer import NO_PROBABILITIES
from moderation.ports.traces import Counts
from workers.scorers.surroundings import Surroundings


class FormScorer:
    """Emits ``quick_form``, ``robot_agent`` and ``disposable_email``, as far as the site tells.

    Needs no store: it reads what came with the comment.
    """

    name = "form"
    model_hash: str | None = None
    base_rates: Mapping[str, float] = NO_PROBABILITIES

    def score(self, comments: Sequence[Comment]) -> list[Scores]:
        return [_of_form(comment) for comment in comments]


class ConductScorer:
    """Emits ``author_rate``, ``address_rate``, ``site_rate`` and ``first_link``.

    Counts what came up to a comment's own receipt, so an hour's backlog changes nothing. Nothing
    is written.
    """

    name = "conduct"
    model_hash: str | None = None
    base_rates: Mapping[str, float] = NO_PROBABILITIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings

    def score(self, comments: Sequence[Comment]) -> list[Scores]:
        around = self._surroundings.of(comments, scorer=self.name)
        return [_of_conduct(*each) for each in zip(around.counts, around.first, strict=True)]


def _of_form(comment: Comment) -> Scores:
    scores: dict[str, float] = {}
    told: dict[str, str] = {}
    if comment.form_seconds is not None:
        scores["quick_form"] = haste(comment.form_seconds, len(comment.body))
        told["quick_form"] = (
            f"{len(comment.body)} characters, {comment.form_seconds:.0f} s after the form opened"
        )
    if comment.user_agent is not None:
        scores["robot_agent"] = float(is_robot(comment.user_agent))
        told["robot_agent"] = "sent by a program, not a browser"
    if comment.disposable_email is not None:
        scores["disposable_email"] = float(comment.disposable_email)
        told["disposable_email"] = "the e-mail address is one to be thrown away"
    return Scores(scores, told=told)


def _of_conduct(counts: Counts, first_link: bool) -> Scores:
    rates = {"site_rate": rate(counts.site, SITE_WINDOWS, whose="on this site")}
    if counts.author is not None:
        rates["author_rate"] = rate(counts.author, AUTHOR_WINDOWS, whose="by this author")
    if counts.address is not None:
        rates["address_rate"] = rate(counts.address, ADDRESS_WINDOWS, whose="from this address")
    return Scores(
        {**{name: each.score for name, each in rates.items()}, "first_link": float(first_link)},
        told={
            **{name: each.told for name, each in rates.items()},
            "first_link": "a link, by an author of whom nothing stands approved yet",
        },
    )
