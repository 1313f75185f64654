"""Figures about scores agree with their definitions and with scikit-learn."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_score, recall_score, roc_auc_score

from workers.evaluation.bias import bias
from workers.evaluation.bootstrap import paired
from workers.evaluation.calibration import calibration_error, reliability, weights
from workers.evaluation.metrics import Numbers, at_threshold, auc, share_reaching, threshold_table
from workers.evaluation.spans import character_f1, spans_f1

coarse = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0])
rated = st.lists(st.tuples(st.sampled_from([0.0, 1.0]), coarse), min_size=1, max_size=60)
offsets = st.frozensets(st.integers(0, 12))


def numbers(*given: float) -> Numbers:
    return np.array(given, dtype=float)


def columns(rows: list[tuple[float, float]]) -> tuple[Numbers, Numbers]:
    labels, scores = zip(*rows, strict=True)
    return numbers(*labels), numbers(*scores)


def a_sample(texts: int = 400, *, skill: float = 1.5, seed: int = 1) -> tuple[Numbers, Numbers]:
    """Make labels, a quarter of them positive, and scores that know something of them."""
    random = np.random.default_rng(seed)
    labels = (random.random(texts) < 0.25).astype(float)
    return labels, 1 / (1 + np.exp(-(random.normal(size=texts) + skill * (2 * labels - 1))))


def test_auc_is_one_for_perfect_and_nought_for_reversed_order() -> None:
    assert auc(numbers(0, 0, 1), numbers(0.1, 0.2, 0.3)) == 1.0
    assert auc(numbers(1, 1, 0), numbers(0.1, 0.2, 0.3)) == 0.0


@given(rated)
def test_auc_is_that_of_scikit_learn_ties_and_all(rows: list[tuple[float, float]]) -> None:
    labels, scores = columns(rows)

    if len(set(labels)) == 1:
        assert math.isnan(auc(labels, scores))
    else:
        assert auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores))


def test_a_score_that_equals_the_threshold_reaches_it() -> None:
    found = at_threshold(numbers(0, 0, 1, 1), numbers(0.1, 0.5, 0.5, 0.4), 0.5)

    assert (found.held, found.recall, found.false_alarms) == (0.5, 0.5, 0.5)


def test_precision_and_share_held_are_worked_out_at_the_stated_base_rate() -> None:
    found = at_threshold(numbers(0, 0, 0, 1, 1), numbers(0.1, 0.5, 0.1, 0.5, 0.4), 0.5)

    assert found.precision(0.4) == pytest.approx(0.5)
    assert found.share_held(0.4) == pytest.approx(found.held)
    assert found.share_held(0.1) == pytest.approx(0.1 * 0.5 + 0.9 / 3)
    assert math.isnan(at_threshold(numbers(0, 1), numbers(0, 0), 0.5).precision(0.1))


def test_the_threshold_table_is_that_of_scikit_learn() -> None:
    labels, scores = a_sample()

    for threshold, found in threshold_table(labels, scores, (0.2, 0.5, 0.8)):
        held = scores >= threshold
        assert found.recall == pytest.approx(recall_score(labels, held))
        precision = found.precision(float(labels.mean()))
        assert precision == pytest.approx(precision_score(labels, held))


def test_the_share_of_no_scores_is_not_a_number() -> None:
    assert math.isnan(share_reaching(numbers(), 0.5))


def test_a_model_that_dreads_a_groups_name_is_told_by_bpsn_alone() -> None:
    labels = numbers(0, 1, 0, 1)
    named = np.array([True, True, False, False])

    found = bias(labels, numbers(0.8, 0.9, 0.1, 0.7), named)

    assert (found.subgroup, found.bpsn, found.bnsp) == (1.0, 0.0, 1.0)


def test_a_model_that_overlooks_attacks_on_a_group_is_told_by_bnsp_alone() -> None:
    labels = numbers(0, 1, 0, 1)
    named = np.array([True, True, False, False])

    found = bias(labels, numbers(0.1, 0.2, 0.3, 0.7), named)

    assert (found.subgroup, found.bpsn, found.bnsp) == (1.0, 1.0, 0.0)


def test_bias_is_auc_over_the_texts_that_its_definition_names() -> None:
    labels, scores = a_sample()
    named = np.random.default_rng(3).random(len(labels)) < 0.3
    clean_named, toxic_named = named & (labels == 0), named & (labels == 1)
    clean_others, toxic_others = ~named & (labels == 0), ~named & (labels == 1)

    found = bias(labels, scores, named)

    for value, part in (
        (found.subgroup, clean_named | toxic_named),
        (found.bpsn, clean_named | toxic_others),
        (found.bnsp, toxic_named | clean_others),
    ):
        assert value == pytest.approx(roc_auc_score(labels[part], scores[part]))


def test_a_group_that_nobody_names_has_no_figures() -> None:
    labels, scores = a_sample(50)

    assert math.isnan(bias(labels, scores, np.zeros(50, dtype=bool)).subgroup)


def test_scores_that_are_probabilities_have_no_calibration_error() -> None:
    scores = np.repeat([0.2, 0.8], 100)
    labels = np.concatenate([np.arange(100) < 20, np.arange(100) < 80]).astype(float)

    assert calibration_error(reliability(labels, scores)) == pytest.approx(0)


def test_the_reliability_curve_is_that_of_scikit_learn() -> None:
    labels, scores = a_sample()

    curve = reliability(labels, scores)

    shares, means = calibration_curve(labels, scores, n_bins=15)
    assert [each.positives for each in curve] == pytest.approx(shares.tolist())
    assert [each.score for each in curve] == pytest.approx(means.tolist())
    assert sum(each.texts for each in curve) == len(labels)


def test_a_base_rate_gives_the_curve_of_a_sample_with_that_share_of_positives() -> None:
    labels = numbers(1, 1, 0, 0)
    scores = numbers(0.5, 0.9, 0.5, 0.1)
    stated = reliability(labels, scores, base_rate=0.2)
    # 2 positives against 8 negatives: texts 0 and 1 once each, 2 and 3 four times each.
    drawn = [0, 1, *[2] * 4, *[3] * 4]

    real = reliability(labels[drawn], scores[drawn])

    assert [each.positives for each in stated] == pytest.approx([e.positives for e in real])
    assert calibration_error(stated) == pytest.approx(calibration_error(real))
    assert weights(labels, 0.2).sum() == pytest.approx(1)


def test_scores_of_0_and_1_fall_into_the_first_and_the_last_bin() -> None:
    first, last = reliability(numbers(0, 1), numbers(0, 1))

    assert (first.start, last.end) == (0, 1)


def test_a_base_rate_of_texts_of_one_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="positives and negatives"):
        weights(numbers(1, 1), 0.1)


def test_an_interval_covers_the_figure_and_is_the_same_for_the_same_seed() -> None:
    labels, scores = a_sample()

    found = paired(auc, labels, scores, scores**2, resamples=200)

    assert found == paired(auc, labels, scores, scores**2, resamples=200)
    assert found.first.low < found.first.value < found.first.high
    assert found.difference.low == found.difference.high == 0  # the order is the same


def test_a_better_model_is_better_beyond_chance_and_its_equal_is_not() -> None:
    labels, good = a_sample(skill=1.5)
    noise = np.random.default_rng(5).normal(size=len(labels))
    poor, equal = good + noise, good + 0.001 * noise

    assert paired(auc, labels, poor, good, resamples=300).difference.low > 0
    assert not paired(auc, labels, equal, good, resamples=300).difference.excludes(0)


def test_the_interval_of_a_mean_has_the_width_that_theory_gives_it() -> None:
    scores = np.random.default_rng(7).normal(size=900)

    found = paired(lambda _, s: float(s.mean()), scores, scores, scores, resamples=2000).first

    width = 2 * 1.96 * scores.std() / 30
    assert found.high - found.low == pytest.approx(width, rel=0.1)


def test_a_draw_without_positives_does_not_count() -> None:
    labels, scores = numbers(1, *[0] * 9), numbers(0.9, *[0.1] * 9)

    found = paired(auc, labels, scores, scores, resamples=100)

    assert (found.first.low, found.first.high) == (1, 1)
    assert math.isnan(paired(auc, labels[1:], scores[1:], scores[1:], resamples=9).first.low)


@pytest.mark.parametrize(
    ("found", "marked", "f1"),
    [
        (set(), set(), 1),
        (set(), {1}, 0),
        ({1}, set(), 0),
        ({1, 2}, {1, 2}, 1),
        ({1, 2, 3, 4}, {3, 4}, 2 / 3),
        ({1}, {2}, 0),
    ],
)
def test_character_f1(found: set[int], marked: set[int], f1: float) -> None:
    assert character_f1(found, marked) == pytest.approx(f1)


@given(offsets, offsets)
def test_character_f1_is_the_harmonic_mean_of_precision_and_recall(
    found: frozenset[int], marked: frozenset[int]
) -> None:
    shared = len(found & marked)

    if shared:
        precision, recall = shared / len(found), shared / len(marked)
        expected = 2 * precision * recall / (precision + recall)
        assert character_f1(found, marked) == pytest.approx(expected)
    else:
        assert character_f1(found, marked) == (not found and not marked)


def test_spans_f1_is_the_mean_over_posts_however_long() -> None:
    assert spans_f1([(set(range(50)), set(range(50))), ({1}, {2})]) == 0.5
    assert math.isnan(spans_f1([]))
