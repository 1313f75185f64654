"""Make the lexicon: weights of words in comments that were labelled as a whole, no spans seen."""

import csv
import random
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from moderation.domain.text import canonical
from workers.engines.weighing import WORD
from workers.evaluation.groups import GROUPS
from workers.training.data import fingerprint, held_out, rows

TAKE: Final[Mapping[str, int]] = {
    "jigsaw_wikipedia": 40_000,
    "civil_news": 10_000,
    "wikipedia_context": 5_000,
    "civil_toxic_spans": 10_000,
    "paradetox": 6_000,
    "sbic": 6_000,
}
"""Texts of each source, harmless ones for those of news, which are all toxic."""

_LONGEST: Final = 1_500
"""Characters read of a text: a long one says little about any of its words."""

_LIGHTEST: Final = 0.4
_STRENGTH: Final = 0.3
"""Inverse of the penalty on weights: rare words keep small ones."""


def make_lexicon(data: Path, path: Path, *, take: Mapping[str, int] = TAKE) -> int:
    """Weigh words by a logistic regression on which words a comment has; write the heavy ones.

    Words that name a group of people are left out: they are in hateful comments often, and are
    not what is hateful there.

    Returns:
        How many words were written.
    """
    unseen = held_out(data)
    labelled = [pair for name in take for pair in _drawn(data, name, take[name], unseen)]
    weights = _weights([text for text, _ in labelled], [toxic for _, toxic in labelled])
    named = {part for words in GROUPS.values() for word in words for part in word.split()}
    kept = sorted(w for w in weights if weights[w] >= _LIGHTEST and w not in named)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("word", "weight"))
        lines.writerows((word, f"{weights[word]:.2f}") for word in kept)
    return len(kept)


def _drawn(data: Path, name: str, most: int, unseen: Collection[str]) -> list[tuple[str, bool]]:
    """Draw labelled texts of a source, none of which is a dev text, in canonical form."""
    pool = [
        (row["text"], float(row["toxicity"]) >= 0.5)  # noqa: PLR2004 - half of the annotators
        for row in rows(data / "train" / f"{name}.csv.gz")
        if row["toxicity"] and fingerprint(row["text"]) not in unseen
    ]
    # A reproducible draw, not a secret.
    drawn = random.Random(name).sample(pool, min(most, len(pool)))  # noqa: S311
    return [(canonical(text[:_LONGEST]).text.lower(), toxic) for text, toxic in drawn]


def _weights(texts: Sequence[str], toxic: Sequence[bool]) -> dict[str, float]:
    counter = CountVectorizer(
        binary=True, min_df=3, tokenizer=_words, token_pattern=None, lowercase=False
    )
    counted = counter.fit_transform(texts)
    model = LogisticRegression(C=_STRENGTH, solver="liblinear", class_weight="balanced")
    model.fit(counted, toxic)
    return dict(zip(counter.get_feature_names_out(), model.coef_[0].tolist(), strict=True))


def _words(text: str) -> list[str]:
    return [found[0] for found in WORD.finditer(text)]
