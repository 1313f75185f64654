"""The evaluation of the spam model on labelled and on harmless texts, as one document."""

from collections.abc import Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from moderation.domain.language import covers
from moderation.domain.policy_document import DEFAULT_DOCUMENT
from moderation.domain.spam.content import content_scores
from workers.engines.calibrated import sigmoid
from workers.evaluation.held import thresholds_of
from workers.evaluation.metrics import LEAST_POSITIVE, Numbers
from workers.evaluation.reading import LabelledText, UnreadableData, count_rows, read_texts
from workers.evaluation.showing import Begin
from workers.evaluation.spam_figures import false_alarms, spam_figures
from workers.scorers.spam_lists import shipped_lists
from workers.spam.model import SPAM, SpamModel

_TOXICITY: Final = "toxicity"
_AT_ONCE: Final = 64


def spam_thresholds(base_rate: float) -> dict[str, float]:
    """Return the scores at which spam is judged, by name.

    ``hold`` and ``reject`` are those of the default policy. At the ``base_rate`` a text is as
    likely spam as not where half of all texts are, as in most labelled sets.
    """
    chosen = {
        action: thresholds_of(action, DEFAULT_DOCUMENT, (SPAM,)) for action in ("hold", "reject")
    }
    return {action: found[SPAM] for action, found in chosen.items()} | {"base_rate": base_rate}


def evaluate_spam(
    model: SpamModel,
    files: Mapping[str, Path],
    *,
    limit: int | None,
    begin: Begin,
    today: date,
) -> dict[str, Any]:
    """Score every set and measure what its labels allow.

    A set with labels of ``spam`` tells how well they are found; of any other the harmless texts
    tell the false alarms. Texts that say to be in a language that the model was not taught are
    left out.

    Args:
        model: The model.
        files: By name of the set.
        limit: Most texts of a set; None: all.
        begin: Shows how far it has come.
        today: Told in the document.

    Raises:
        UnreadableData: A file is broken, or no set has a text.
    """
    [base_rate] = model.base_rates.values()
    at = spam_thresholds(base_rate)
    labelled, clean = {}, {}
    for name, path in files.items():
        rows = count_rows(path)
        progress = begin(name, rows if limit is None else min(rows, limit))
        texts = [
            each
            for each in read_texts(path, (SPAM, _TOXICITY), limit=limit)
            if each.language is None or covers(frozenset(model.card.languages), each.language)
        ]
        spam = [each for each in texts if SPAM in each.labels]
        harmless = [
            each for each in texts if not spam and each.labels.get(_TOXICITY, 1.0) < LEAST_POSITIVE
        ]
        if spam:
            scores = _scores(model, spam)
            labels = np.array([each.labels[SPAM] >= LEAST_POSITIVE for each in spam])
            labelled[name] = spam_figures(labels, scores, at=at) | {"taught": _taught(model, name)}
        elif harmless:
            clean[name] = false_alarms(_scores(model, harmless), at=at)
        progress(len(texts))
    if not labelled and not clean:
        raise UnreadableData("there is no text to measure")
    return {
        "model": {
            "name": model.card.name,
            "version": model.card.version,
            "sha256": model.model_hash,
            "base_rate": base_rate,
            "weights": dict(model.combination.weights),
        },
        "date": today.isoformat(),
        "limit": limit,
        "at": at,
        "not_taught": {
            key: model.card.figures.get(key, {}) for key in ("across_videos", "across_domains")
        },
        "labelled": labelled,
        "clean": clean,
    }


def _taught(model: SpamModel, name: str) -> bool:
    return name in model.card.figures.get("taught", ())


def _scores(model: SpamModel, texts: list[LabelledText]) -> Numbers:
    lists = shipped_lists()
    found: list[float] = []
    unread = iter(texts)
    while some := [each.text for each in islice(unread, _AT_ONCE)]:
        content = [content_scores(text, lists=lists) for text in some]
        found += [opinion.logit for opinion in model.opinions(some, content)]
    return sigmoid(np.array(found))
