"""Sets of labelled texts with a model's scores beside their labels."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from moderation.domain.text import canonical
from workers.engines.engine import Engine
from workers.evaluation.drawing import Draw
from workers.evaluation.groups import groups_named
from workers.evaluation.metrics import LEAST_POSITIVE, Numbers, Reached
from workers.evaluation.reading import LabelledText
from workers.evaluation.spans import character_f1

TOXICITY: Final = "toxicity"
_AT_ONCE: Final = 32
_MOST_KEPT: Final = 500
"""Texts of a set that are kept for disguising, of each kind."""


@dataclass(frozen=True, slots=True)
class ScoredTexts:
    """The scored texts of one set, as columns; a label is NaN where nobody gave one.

    ``labels`` holds the signals of which any text has a label, ``groups`` the groups that any
    text names. ``held_toxic`` and ``harmless`` are a draw of texts: toxic ones that reach the
    threshold, and harmless ones with whether they do. ``span_f1`` tells, of each text in which
    people were asked to mark words, how well the model's words agree.
    """

    name: str
    scores: Mapping[str, Numbers]
    labels: Mapping[str, Numbers]
    groups: Mapping[str, Reached]
    terms: Sequence[str | None]
    held_toxic: Sequence[str]
    harmless: Sequence[tuple[str, bool]]
    span_f1: Sequence[float] = ()

    def __len__(self) -> int:
        return len(self.terms)

    def known(self, signal: str) -> tuple[Numbers, Numbers]:
        """Return labels and scores of the texts that have a label of *signal*."""
        given = ~np.isnan(self.labels[signal])
        return self.labels[signal][given], self.scores[signal][given]


def score_texts(
    name: str,
    texts: Iterable[LabelledText],
    engine: Engine,
    *,
    hold: float,
    progress: Callable[[int], None],
) -> ScoredTexts:
    """Score texts in canonical form, as comments are, keeping none but a draw of them.

    Args:
        name: Of the set.
        texts: Read only as fast as they are scored.
        engine: Has a signal toxicity.
        hold: The toxicity from which a text counts as held.
        progress: Told of each few texts how many they were.

    Raises:
        ModelUnavailable: The model failed.
    """
    rows: list[tuple[list[float], list[float], frozenset[str], str | None]] = []
    toxic = Draw[str](_MOST_KEPT, seed=f"toxic {name}")
    harmless = Draw[tuple[str, bool]](_MOST_KEPT, seed=f"harmless {name}")
    agreed: list[float] = []
    unread = iter(texts)
    while some := list(islice(unread, _AT_ONCE)):
        read = [canonical(each.text).text for each in some]
        agreed += [
            _agreement(engine, each.text, each.marked) for each in some if each.marked is not None
        ]
        for each, plain, found in zip(some, read, engine.score(read), strict=True):
            scores = [found[signal] for signal in engine.signals]
            labels = [each.labels.get(signal, np.nan) for signal in engine.signals]
            rows.append((scores, labels, groups_named(plain), each.term))
            held, label = found[TOXICITY] >= hold, each.labels.get(TOXICITY)
            if label is not None and label < LEAST_POSITIVE:
                harmless.offer((each.text, held))
            elif label is not None and held:
                toxic.offer(each.text)
        progress(len(some))
    given = _columns([labels for _, labels, _, _ in rows], engine.signals)
    return ScoredTexts(
        name=name,
        scores=_columns([scores for scores, _, _, _ in rows], engine.signals),
        labels={signal: each for signal, each in given.items() if not np.isnan(each).all()},
        groups=_members([named for _, _, named, _ in rows]),
        terms=[term for _, _, _, term in rows],
        held_toxic=toxic.kept,
        harmless=harmless.kept,
        span_f1=agreed,
    )


def _agreement(engine: Engine, text: str, marked: Set[int]) -> float:
    """Compare the words that the model marks with the characters that people marked."""
    read = canonical(text)
    found = (read.span(*place) for place in engine.mark(read.text))
    return character_f1({i for start, end in found for i in range(start, end)}, marked)


def _columns(rows: Sequence[Sequence[float]], names: Sequence[str]) -> dict[str, Numbers]:
    table = np.array(rows, dtype=float).reshape(-1, len(names))
    return {name: table[:, i] for i, name in enumerate(names)}


def _members(named: Sequence[frozenset[str]]) -> dict[str, Reached]:
    groups = sorted(frozenset[str]().union(*named))
    return {group: np.array([group in each for each in named]) for group in groups}
