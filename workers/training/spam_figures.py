"""How well the spam model judges what it was not taught: videos, domains, clean comments."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from workers.evaluation.spam import spam_thresholds
from workers.evaluation.spam_figures import false_alarms, spam_figures
from workers.training.spam import BASE_RATE, Prepared, Taught, teach
from workers.training.spam_data import VIDEOS, YOUTUBE

DOMAINS: Final = (YOUTUBE, "sms", "telegram")
_ALL_SPAM: Final = frozenset({"telegram"})
"""Sources without a clean text: theirs are told from the clean dev texts."""


def across_videos(texts: Prepared) -> dict[str, Any]:
    """Teach without each video in turn, and judge it."""
    at = spam_thresholds(BASE_RATE)
    videos = {}
    for video in VIDEOS:
        there = texts.sources == f"{YOUTUBE}/{video}"
        scores = teach(texts.only(~there)).probabilities(texts.only(there))
        videos[video] = spam_figures(texts.spam[there], scores, at=at)
    return {
        "videos": videos,
        "mean_auc": round(float(np.mean([each["auc"] for each in videos.values()])), 4),
        "mean_f1": {
            name: round(float(np.mean([each["at"][name]["f1"] for each in videos.values()])), 4)
            for name in at
        },
    }


def across_domains(texts: Prepared, clean: Prepared) -> dict[str, Any]:
    """Teach without each source of spam in turn, and judge it."""
    found = {}
    for domain in DOMAINS:
        there = texts.families == domain
        taught = teach(texts.only(~there))
        scores, spam = taught.probabilities(texts.only(there)), texts.spam[there]
        if domain in _ALL_SPAM:
            scores = np.concatenate([scores, taught.probabilities(clean)])
            spam = np.concatenate([spam, clean.spam])
        found[domain] = spam_figures(spam, scores, at=spam_thresholds(BASE_RATE))
    return found


def on_clean_texts(taught: Taught, clean: Prepared) -> Mapping[str, Any]:
    """Tell the false alarms on each dev set, of which no text was taught."""
    scores = taught.probabilities(clean)
    return {
        name: false_alarms(scores[clean.sources == name], at=spam_thresholds(BASE_RATE))
        for name in sorted(set(clean.sources.tolist()))
    }
