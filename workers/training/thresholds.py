"""What each candidate threshold of the default policy would do, in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.evaluation.evaluate import BASE_RATE
from workers.evaluation.metrics import AtThreshold, at_threshold, share_reaching
from workers.training.data import LABELS
from workers.training.scored import ScoredSet

CANDIDATES: Final = (0.02, 0.05, 0.1, 0.12, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
NEWS: Final = "civil_news_dev"
TALK: Final = "jigsaw_wikipedia_dev"
POLITE: Final = "stanford_politeness"
TERMS: Final = "identity_templates_madlibs"
SETS: Final = (NEWS, TALK, POLITE, TERMS)


@dataclass(frozen=True, slots=True)
class Line:
    """One signal at one threshold; shares in [0, 1], precision at the base rate."""

    signal: str
    threshold: float
    news_recall: float
    news_alarms: float
    news_precision: float
    talk_recall: float
    talk_alarms: float
    talk_precision: float
    polite_alarms: float
    terms_alarms: float


def table(sets: Mapping[str, ScoredSet], signals: Sequence[str] = LABELS) -> list[Line]:
    """Try every candidate threshold of every signal.

    Precision of a signal is about toxicity: a threat that is merely insulting is no
    mistake of the policy, but a harmless comment that is held is.
    """
    lines = []
    for signal in signals:
        for threshold in CANDIDATES:
            found = {}
            for name in (NEWS, TALK):
                own = at_threshold(*sets[name].known(signal), threshold)
                toxic = _about_toxicity(sets[name], signal, threshold)
                found[name] = (own.recall, toxic.false_alarms, toxic.precision(BASE_RATE))
            lines.append(
                Line(
                    signal,
                    threshold,
                    *found[NEWS],
                    *found[TALK],
                    share_reaching(sets[POLITE].scores[signal], threshold),
                    _about_toxicity(sets[TERMS], signal, threshold).false_alarms,
                )
            )
    return lines


def _about_toxicity(scored: ScoredSet, signal: str, threshold: float) -> AtThreshold:
    labels = scored.labels["toxicity"]
    given = ~np.isnan(labels)
    return at_threshold(labels[given], scored.scores[signal][given], threshold)


def as_markdown(lines: Sequence[Line]) -> str:
    """Lay the table out for the scorer's page."""
    head = (
        "| signal | ≥ | news: recall | false alarms | precision "
        "| talk: recall | false alarms | precision | polite: false alarms | terms: false alarms |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(
        f"| `{x.signal}` | {x.threshold:.2f} | {x.news_recall:.2f} | {x.news_alarms:.2%} "
        f"| {_or_dash(x.news_precision)} | {x.talk_recall:.2f} | {x.talk_alarms:.2%} "
        f"| {_or_dash(x.talk_precision)} | {x.polite_alarms:.2%} | {x.terms_alarms:.2%} |\n"
        for x in lines
    )


def _or_dash(share: float) -> str:
    return "\u2013" if np.isnan(share) else f"{share:.2f}"
