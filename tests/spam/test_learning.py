"""What a site's decisions teach its spam score, and how little lies do: on made-up texts."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.sparse import csr_matrix, vstack

from workers.spam.correction import MOST, SiteCorrection, bounded, largest, text_shifts
from workers.spam.learning import Examples, Lessons, Taught, learn

WIDTH = 400
COMMON, KNOWN, NEW = range(80), range(100, 140), range(200, 240)
"""Columns of words that everybody uses, of spam that the shipped model knows, and of new spam."""


def texts(kinds: Sequence[Sequence[int]], *, seed: int = 0) -> csr_matrix:
    """Return a row for each kind of words, some of them and some of the common ones."""
    chance = np.random.default_rng(seed)
    table = np.zeros((len(kinds), WIDTH))
    for row, words in zip(table, kinds, strict=True):
        row[chance.choice(COMMON, 8, replace=False)] = 1
        row[chance.choice(words, 8, replace=False)] = 1
    return csr_matrix(table / np.linalg.norm(table, axis=1, keepdims=True))


def base_of(features: csr_matrix) -> np.ndarray:
    """Return what a model says that knows known spam and nothing else: it is sure of itself."""
    known = np.asarray(features[:, list(KNOWN)].sum(axis=1)).ravel()
    return np.where(known > 0, 3.0, -3.0)


def examples() -> Examples:
    kinds = [COMMON, KNOWN] * 60
    features = texts(kinds, seed=9)
    return Examples(features, base_of(features), np.array([k is KNOWN for k in kinds]))


def lessons(
    kinds: Sequence[Sequence[int]],
    *,
    said: Sequence[bool] | None = None,
    sources: Sequence[str] | None = None,
    authors: Sequence[str] | None = None,
    signals: np.ndarray | None = None,
    seed: int = 1,
) -> Lessons:
    """Return honest lessons of one moderator, unless told otherwise."""
    features = texts(kinds, seed=seed)
    truth = np.array([kind is not COMMON for kind in kinds])
    return Lessons(
        features=features,
        base=base_of(features),
        spam=truth if said is None else np.array(said),
        sources=sources or ["ann"] * len(kinds),
        authors=authors or [f"reader {n}" for n in range(len(kinds))],
        signals=np.zeros((len(kinds), 0)) if signals is None else signals,
    )


def logits(kinds: Sequence[Sequence[int]], taught: Taught | None) -> np.ndarray:
    """Return what later texts of these kinds get."""
    features = texts(kinds, seed=5)
    base = base_of(features)
    if taught is None:
        return base
    return np.asarray(base + np.clip(text_shifts(features, *largest(taught.text)), -MOST, MOST))


HONEST = [NEW, COMMON, KNOWN, COMMON] * 25
LATER = [COMMON] * 60 + [KNOWN] * 40


def test_new_spam_is_learnt_and_all_else_stays_as_it_was() -> None:
    taught = learn(lessons(HONEST), examples())

    assert taught is not None
    assert np.mean(logits([NEW] * 40, None) > 0) == 0.0
    assert np.mean(logits([NEW] * 40, taught) > 0) > 0.8
    assert np.array_equal(logits(LATER, taught) > 0, logits(LATER, None) > 0)


def test_the_same_lessons_teach_the_same() -> None:
    first, second = (learn(lessons(HONEST), examples()) for _ in range(2))

    assert first is not None
    assert second is not None
    assert np.array_equal(first.text, second.text)


def test_who_only_agrees_moves_nothing() -> None:
    taught = learn(lessons([KNOWN, COMMON] * 30), examples())

    assert np.abs(logits(LATER, taught) - logits(LATER, None)).max() < 0.5


@pytest.mark.parametrize(
    "kinds", [[COMMON] * 200, [KNOWN] * 200, [COMMON, KNOWN] * 100], ids=["ham", "spam", "both"]
)
@pytest.mark.parametrize("history", [0, 100])
@pytest.mark.parametrize("sources", [1, 2])
def test_200_lies_change_no_more_than_one_decision_in_a_hundred(
    kinds: list[Sequence[int]], history: int, sources: int
) -> None:
    honest = HONEST[:history]
    before = learn(lessons(honest), examples()) if honest else None
    truth = [kind is not COMMON for kind in kinds]
    lied = lessons(
        [*honest, *kinds],
        said=[kind is not COMMON for kind in honest] + [not each for each in truth],
        sources=["ann"] * history + [f"liar {n % sources}" for n in range(200)],
    )

    after = learn(lied, examples())

    later = [*LATER, *([NEW] * 40 if history else [])]
    changed = (logits(later, after) > 0) != (logits(later, before) > 0)
    assert np.mean(changed) <= 0.01


def test_who_contradicts_what_others_decided_before_is_not_heard() -> None:
    kinds = [*HONEST, *([NEW, COMMON] * 60)]
    said = [kind is not COMMON for kind in HONEST] + [False] * 120

    taught = learn(
        lessons(kinds, said=said, sources=["ann"] * len(HONEST) + ["bob"] * 120), examples()
    )

    assert taught is not None
    assert taught.heard == ("ann",)


def test_moderators_who_agree_are_all_heard() -> None:
    sources = [("ann", "bob", "site")[n % 3] for n in range(len(HONEST))]

    taught = learn(lessons(HONEST, sources=sources), examples())

    assert taught is not None
    assert set(taught.heard) == set(sources)


def test_comments_of_one_author_weigh_no_more_than_a_few() -> None:
    kinds = [COMMON, KNOWN, COMMON, NEW] * 25
    one = ["eve" if kind is NEW else f"reader {n}" for n, kind in enumerate(kinds)]

    by_many = learn(lessons(kinds), examples())
    by_one = learn(lessons(kinds, authors=one), examples())

    assert logits([NEW] * 20, by_one).mean() < logits([NEW] * 20, by_many).mean() - 0.5


def test_signals_beside_the_text_are_learnt_too() -> None:
    kinds = [COMMON] * 200
    said = [n % 4 == 0 for n in range(200)]
    signals = np.array([[1.0 if spam else 0.0, 0.5] for spam in said])

    taught = learn(lessons(kinds, said=said, signals=signals), examples())

    assert taught is not None
    assert taught.signals[0] > 1.0
    assert abs(taught.signals[1]) < taught.signals[0] / 2


def test_a_correction_is_made_smaller_where_it_would_move_the_examples_too_far() -> None:
    lesson, shown = lessons([NEW, COMMON] * 50), examples()
    same = lesson.features[lesson.spam][:20]  # texts from elsewhere that are alike, but no spam
    watched = Examples(
        vstack([shown.features, same], format="csr"),
        np.concatenate([shown.base, np.full(20, -3.0)]),
        np.concatenate([shown.spam, np.zeros(20, dtype=bool)]),
    )

    freely, bounded_by_them = learn(lesson, shown), learn(lesson, watched)

    later = [NEW] * 20
    assert logits(later, bounded_by_them).mean() < logits(later, freely).mean() - 1.0


def test_a_correction_survives_being_kept() -> None:
    taught = learn(lessons(HONEST), examples())
    assert taught is not None
    columns, weights = largest(taught.text)
    made = SiteCorrection(
        0, "7", columns, (weights / 4).astype(np.float32), {"bad_domain": 1.25, "site_rate": -0.5}
    )

    kept = SiteCorrection.from_bytes(made.to_bytes(), version=4)

    row = texts([NEW], seed=3)
    found = {"bad_domain": 1.0, "toxicity": 1.0}
    assert (kept.version, kept.features, kept.signals) == (4, "7", made.signals)
    assert kept.shift(row, found) == pytest.approx(made.shift(row, found), abs=1e-6)
    assert kept.shift(row, found) == pytest.approx(kept.shift(row, {}) + 1.25, abs=1e-6)


@pytest.mark.parametrize(
    ("by_text", "by_signals", "moved"),
    [(1.0, 0.5, 1.5), (9.0, 0.0, MOST), (-9.0, -9.0, -MOST), (0.0, 9.0, 1.5), (3.5, 9.0, MOST)],
)
def test_no_correction_moves_a_comment_further_than_it_may(
    by_text: float, by_signals: float, moved: float
) -> None:
    assert bounded(by_text, by_signals) == moved


def test_only_the_largest_weights_are_kept() -> None:
    dense = np.zeros(50_000)
    dense[:30_000] = np.linspace(1.0, 2.0, 30_000)

    columns, weights = largest(dense)

    assert len(columns) == 20_000
    assert columns[0] == 10_000
    assert np.all(np.diff(columns) > 0)
    assert weights.min() >= 1.0


def test_a_correction_without_weights_moves_nothing() -> None:
    columns, weights = largest(np.zeros(WIDTH))

    assert SiteCorrection(1, "1", columns, weights, {}).shift(texts([NEW]), {}) == 0.0
